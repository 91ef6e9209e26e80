#include "declarations.h"

#include <charconv>

#include "declaration_error.h"

namespace certbridge::sql {
namespace {

Result<std::size_t> row_limit(const XmlElement& element, std::string_view file) {
  const std::string text = element.attribute_or_empty("row-limit");
  if (text.empty()) return RowLimits{}.rows;
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error != std::errc{} || end != text.data() + text.size() || limit == 0 || limit > 100'000) {
    return wrong_declaration(file, element, "row-limit is a number from 1 to 100000");
  }
  return limit;
}

Result<QueryGroup> read_group(const XmlElement& element, std::string_view file) {
  QueryGroup group;
  auto limit = row_limit(element, file);
  if (!limit) return limit.error();
  group.limits.rows = limit.value();
  for (const XmlElement& child : element.children) {
    NamedQuery query{child.attribute_or_empty("set"), child.text};
    if (child.name != "query" || query.set.empty() || query.text.empty()) {
      return wrong_declaration(file, child, "a group holds <query set=\"...\">select ...</query>");
    }
    group.queries.push_back(std::move(query));
  }
  if (group.queries.empty()) return wrong_declaration(file, element, "a group has a query");
  return group;
}

Result<NamedStatement> read_statement(const XmlElement& element, std::string_view file) {
  const XmlElement* execute = element.child("execute");
  const XmlElement* confirm = element.child("confirm");
  if (execute == nullptr || confirm == nullptr || element.children.size() != 2) {
    return wrong_declaration(file, element, "a statement has one <execute> and one <confirm>");
  }
  return NamedStatement{execute->text, confirm->text, element.attribute_or_empty("key")};
}

// Reads the root's children, each with a name of its own.
template <class T, class Read>
Result<std::map<std::string, T, std::less<>>> read_named(const XmlElement& root,
                                                         std::string_view child_name,
                                                         std::string_view file, Read read) {
  std::map<std::string, T, std::less<>> all;
  for (const XmlElement& child : root.children) {
    const std::string name = child.attribute_or_empty("name");
    if (child.name != child_name || name.empty()) {
      return wrong_declaration(file, child,
                               "expected <" + std::string(child_name) + " name=\"...\">");
    }
    auto value = read(child, file);
    if (!value) return value.error();
    if (!all.emplace(name, std::move(value).value()).second) {
      return wrong_declaration(file, child, "`" + name + "` stands twice");
    }
  }
  return all;
}

}  // namespace

Result<QueryGroups> parse_queries(std::string_view xml, std::string_view file) {
  auto root = parse_declaration(xml, file, "queries", "urn:certbridge:sql-queries:1");
  if (!root) return root.error();
  return read_named<QueryGroup>(root.value(), "group", file, read_group);
}

Result<NamedStatements> parse_statements(std::string_view xml, std::string_view file) {
  auto root = parse_declaration(xml, file, "statements", "urn:certbridge:sql-statements:1");
  if (!root) return root.error();
  return read_named<NamedStatement>(root.value(), "statement", file, read_statement);
}

}  // namespace certbridge::sql
