#include "envelope.h"

#include <array>

#include "declaration_error.h"
#include "sql_text.h"

namespace certbridge::sql {
namespace {

Result<void> take_column(const XmlElement& element, std::string_view attribute, bool required,
                         std::string_view file, std::string& into) {
  into = element.attribute_or_empty(attribute);
  if (into.empty() && !required) return {};
  if (is_column_name(into)) return {};
  return wrong_declaration(file, element, "`" + std::string(attribute) + "` must name a column");
}

Result<std::vector<ColumnRule>> read_rules(const XmlElement& root, std::string_view element,
                                           std::string_view named_by, std::string_view file) {
  std::vector<ColumnRule> rules;
  for (const XmlElement* child : root.children_named(element)) {
    ColumnRule rule{
        child->attribute_or_empty(named_by), {}, child->attribute_or_empty("required") == "yes"};
    if (rule.name.empty()) return wrong_declaration(file, *child, "a name is missing");
    if (auto taken = take_column(*child, "column", true, file, rule.column); !taken)
      return taken.error();
    rules.push_back(std::move(rule));
  }
  return rules;
}

struct Wanted {
  std::string_view element;
  std::string_view attribute;
  std::string Envelope::*into;
  bool required;
};

constexpr std::array<Wanted, 12> kColumns{{
    {"rows", "sequence", &Envelope::sequence, true},
    {"rows", "keep-order", &Envelope::keep_order, true},
    {"source-key", "column", &Envelope::source_key, true},
    {"area", "column", &Envelope::area, true},
    {"classified", "column", &Envelope::classified, false},
    {"claim", "status", &Envelope::status, true},
    {"claim", "owner", &Envelope::owner, true},
    {"claim", "until", &Envelope::until, true},
    {"claim", "attempts", &Envelope::attempts, true},
    {"claim", "retry-at", &Envelope::retry_at, true},
    {"claim", "error", &Envelope::error, true},
    {"claim", "done-at", &Envelope::done_at, true},
}};

Result<void> read_columns(const XmlElement& root, std::string_view file, Envelope& envelope) {
  for (const Wanted& wanted : kColumns) {
    const XmlElement* element = root.child(wanted.element);
    if (element == nullptr && !wanted.required) continue;
    if (element == nullptr) {
      return wrong_declaration(file, root, "<" + std::string(wanted.element) + "> is missing");
    }
    auto taken =
        take_column(*element, wanted.attribute, wanted.required, file, envelope.*wanted.into);
    if (!taken) return taken.error();
  }
  if (const XmlElement* classified = root.child("classified")) {
    envelope.classified_value = classified->attribute_or_empty("value");
  }
  return {};
}

bool is_claim_column(const Envelope& envelope, std::string_view name) {
  return name == envelope.status || name == envelope.owner || name == envelope.until ||
         name == envelope.attempts || name == envelope.retry_at || name == envelope.error ||
         name == envelope.done_at;
}

void refuse_column(Message& message, const std::string& column) {
  message.headers["intake-error-code"] = "sql.envelope";
  message.headers["intake-error"] = "column `" + column + "` is missing or empty";
}

}  // namespace

Result<Envelope> parse_envelope(std::string_view xml, std::string_view file) {
  auto root = parse_declaration(xml, file, "outbox", "urn:certbridge:sql-outbox:1");
  if (!root) return root.error();
  Envelope envelope;
  envelope.table = root.value().attribute_or_empty("table");
  envelope.message_type = root.value().attribute_or_empty("message-type");
  envelope.record_set = root.value().attribute_or_empty("record-set");
  if (!is_table_name(envelope.table) || envelope.message_type.empty() ||
      envelope.record_set.empty()) {
    return wrong_declaration(file, root.value(), "table, message-type and record-set are needed");
  }
  if (auto read = read_columns(root.value(), file, envelope); !read) return read.error();
  auto keys = read_rules(root.value(), "order-key", "kind", file);
  if (!keys) return keys.error();
  auto headers = read_rules(root.value(), "header", "name", file);
  if (!headers) return headers.error();
  envelope.order_keys = std::move(keys).value();
  envelope.headers = std::move(headers).value();
  return envelope;
}

Record content_of_row(const Envelope& envelope, const Record& row) {
  Record content;
  for (const auto& field : row.fields) {
    if (!is_claim_column(envelope, field.first)) content.fields.push_back(field);
  }
  return content;
}

Message message_of(const Envelope& envelope, const Record& row) {
  Message message;
  message.type = envelope.message_type;
  message.source_key = row.text_or_empty(envelope.source_key);
  message.area = row.text_or_empty(envelope.area);
  message.classified = !envelope.classified.empty() &&
                       row.text_or_empty(envelope.classified) == envelope.classified_value;
  for (const ColumnRule& rule : envelope.order_keys) {
    const std::string value = row.text_or_empty(rule.column);
    if (!value.empty()) message.order_keys.push_back({rule.name, value});
    if (value.empty() && rule.required) refuse_column(message, rule.column);
  }
  for (const ColumnRule& rule : envelope.headers) {
    const std::string value = row.text_or_empty(rule.column);
    if (!value.empty()) message.headers[rule.name] = value;
    if (value.empty() && rule.required) refuse_column(message, rule.column);
  }
  message.media_type = kRecordsMediaType;
  message.body =
      content_of(write_records({RecordSet{envelope.record_set, {content_of_row(envelope, row)}}}));
  return message;
}

}  // namespace certbridge::sql
