#include "declarations.h"

#include <algorithm>
#include <optional>
#include <sstream>

#include "certbridge/text.h"
#include "certbridge/xml.h"

namespace certbridge::sql {
namespace {

Error wrong(const std::string& file, const XmlElement& at, const std::string& reason) {
  return Error::fault("sql.declaration", file + ":" + std::to_string(at.line) + ":" +
                                             std::to_string(at.column) + ": " + shortened(reason));
}

Result<XmlElement> parse_root(std::string_view xml, const std::string& file,
                              const std::string& name, const std::string& name_space) {
  auto root = parse_xml(xml, file, XmlLimits{});
  if (!root) return Error::fault("sql.declaration", root.error().message);
  if (root.value().name != name || root.value().name_space != name_space) {
    return wrong(file, root.value(), "the root must be <" + name + "> of " + name_space);
  }
  return root;
}

// Names of tables and columns stand in the statements' text, so they are nothing but names.
bool is_identifier(const std::string& text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && text.size() <= 63 && !(text[0] >= '0' && text[0] <= '9') &&
         std::all_of(text.begin(), text.end(), allowed);
}

class OutboxReader {
 public:
  OutboxReader(const std::string& file, const XmlElement& root) : file_(file), root_(root) {}

  Result<Outbox> read() {
    outbox_.table = column(root_, "table");
    outbox_.sequence = column(root_, "sequence");
    outbox_.key = column(root_, "key");
    read_keep_order();
    outbox_.message_type = root_.attribute_or_empty("message-type");
    if (outbox_.message_type.empty()) refuse(root_, "<outbox> needs the attribute `message-type`");
    for (const XmlElement& child : root_.children) read_child(child);
    if (error_) return *error_;
    return std::move(outbox_);
  }

 private:
  void refuse(const XmlElement& at, const std::string& reason) {
    if (!error_) error_ = wrong(file_, at, reason);
  }
  std::string column(const XmlElement& element, const std::string& attribute) {
    std::string name = element.attribute_or_empty(attribute);
    if (!is_identifier(name)) {
      refuse(element,
             "`" + attribute + "` must be a name of lower-case letters, digits and underscores");
    }
    return name;
  }
  void read_keep_order() {
    std::istringstream words(root_.attribute_or_empty("keep-order"));
    for (std::string name; words >> name;) {
      if (!is_identifier(name)) {
        refuse(root_, "`keep-order` must be names of lower-case letters, digits and underscores");
      }
      outbox_.keep_order.push_back(name);
    }
  }
  void read_child(const XmlElement& child) {
    if (child.name == "column") {
      outbox_.columns.push_back(column(child, "name"));
    } else if (child.name == "header") {
      outbox_.headers.push_back({child.attribute_or_empty("name"), column(child, "column")});
    } else if (child.name == "order-key") {
      outbox_.order_keys.push_back({child.attribute_or_empty("kind"), column(child, "column")});
    } else if (child.name == "order-keys") {
      outbox_.key_tables.push_back({child.attribute_or_empty("kind"), column(child, "table"),
                                    column(child, "column"), column(child, "by")});
    } else if (child.name == "area") {
      outbox_.area = column(child, "column");
    } else if (child.name == "classified") {
      outbox_.classified = column(child, "column");
    } else {
      refuse(child, "unknown element <" + child.name + ">");
    }
  }

  const std::string& file_;
  const XmlElement& root_;
  Outbox outbox_{};
  std::optional<Error> error_{};
};

}  // namespace

Result<QueryGroups> parse_queries(std::string_view xml, const std::string& file) {
  auto root = parse_root(xml, file, "queries", "urn:certbridge:sql-queries:1");
  if (!root) return root.error();
  QueryGroups groups;
  for (const XmlElement& group : root.value().children) {
    const std::string name = group.attribute_or_empty("name");
    if (group.name != "group" || name.empty())
      return wrong(file, group, "expected <group name=\"...\">");
    if (groups.contains(name)) return wrong(file, group, "the group `" + name + "` stands twice");
    for (const XmlElement& query : group.children) {
      const std::string query_name = query.attribute_or_empty("name");
      if (query.name != "query" || query_name.empty() || query.text.empty()) {
        return wrong(file, query, "expected <query name=\"...\">SELECT ...</query>");
      }
      groups[name].push_back({query_name, query.text});
    }
    if (group.children.empty()) return wrong(file, group, "the group has no query");
  }
  return groups;
}

Result<Statements> parse_statements(std::string_view xml, const std::string& file) {
  auto root = parse_root(xml, file, "statements", "urn:certbridge:sql-statements:1");
  if (!root) return root.error();
  Statements statements;
  for (const XmlElement& element : root.value().children) {
    const std::string name = element.attribute_or_empty("name");
    const XmlElement* sql = element.child("sql");
    if (element.name != "statement" || name.empty() || sql == nullptr || sql->text.empty()) {
      return wrong(file, element, "expected <statement name=\"...\"><sql>...</sql></statement>");
    }
    const XmlElement* confirm = element.child("confirm");
    const NamedStatement statement{sql->text, confirm == nullptr ? std::string() : confirm->text};
    if (!statements.emplace(name, statement).second) {
      return wrong(file, element, "the statement `" + name + "` stands twice");
    }
  }
  return statements;
}

Result<Outbox> parse_outbox(std::string_view xml, const std::string& file) {
  auto root = parse_root(xml, file, "outbox", "urn:certbridge:sql-outbox:1");
  if (!root) return root.error();
  return OutboxReader(file, root.value()).read();
}

}  // namespace certbridge::sql
