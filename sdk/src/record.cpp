#include "certbridge/record.h"

#include <algorithm>

#include "certbridge/xml.h"

namespace certbridge {
namespace {

constexpr std::string_view kRecordsNameSpace = "urn:certbridge:records:1";
constexpr XmlLimits kRecordLimits{kLargestRecords, 4, 1'000'000};

Error wrong_shape(const XmlElement& at, const std::string& reason) {
  return Error::permanent("records.shape", "records:" + std::to_string(at.line) + ":" +
                                               std::to_string(at.column) + ": " + reason);
}

bool is_element(const XmlElement& element, std::string_view name) {
  return element.name == name && element.name_space == kRecordsNameSpace;
}

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

bool is_field_name(const std::string& name) {
  return !name.empty() && name.size() <= 128 &&
         std::none_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::string field_xml(const std::string& name, const std::optional<std::string>& value) {
  const std::string open = "<field name=\"" + xml_escape(name) + "\"";
  if (!value) return open + " null=\"yes\"/>";
  return open + ">" + xml_escape(*value) + "</field>";
}

Result<void> read_field(const XmlElement& element, Record& record) {
  const std::string name = element.attribute_or_empty("name");
  const std::string null = element.attribute_or_empty("null");
  if (!is_element(element, "field") || !element.children.empty()) {
    return wrong_shape(element, "a row holds only <field name=\"...\">text</field>");
  }
  if (!is_field_name(name))
    return wrong_shape(element, "a field's name is 1 to 128 bytes, lower case");
  if (record.find(name) != nullptr)
    return wrong_shape(element, "field \"" + name + "\" stands twice");
  if (!null.empty() && (null != "yes" || !element.text.empty())) {
    return wrong_shape(element, "null=\"yes\" is the only value, and such a field has no text");
  }
  record.fields.emplace_back(name, null.empty() ? std::optional(element.text) : std::nullopt);
  return {};
}

Result<Record> read_row(const XmlElement& element) {
  if (!is_element(element, "row") || !element.attributes.empty() || !is_blank(element.text)) {
    return wrong_shape(element, "a set holds only <row>");
  }
  Record record;
  for (const XmlElement& field : element.children) {
    if (auto read = read_field(field, record); !read) return read.error();
  }
  return record;
}

Result<RecordSet> read_set(const XmlElement& element) {
  RecordSet set;
  set.name = element.attribute_or_empty("name");
  if (!is_element(element, "set") || set.name.empty() || !is_blank(element.text)) {
    return wrong_shape(element, "records hold only <set name=\"...\">");
  }
  for (const XmlElement& row : element.children) {
    auto record = read_row(row);
    if (!record) return record.error();
    set.records.push_back(std::move(record).value());
  }
  return set;
}

}  // namespace

const std::optional<std::string>* Record::find(std::string_view name) const {
  for (const auto& field : fields) {
    if (field.first == name) return &field.second;
  }
  return nullptr;
}

std::string Record::text_or_empty(std::string_view name) const {
  const auto* value = find(name);
  return value == nullptr ? std::string() : value->value_or("");
}

void Record::set(std::string_view name, std::optional<std::string> value) {
  for (auto& field : fields) {
    if (field.first != name) continue;
    field.second = std::move(value);
    return;
  }
  fields.emplace_back(std::string(name), std::move(value));
}

std::string write_records(const std::vector<RecordSet>& sets) {
  std::string xml = "<records xmlns=\"" + std::string(kRecordsNameSpace) + "\">";
  for (const RecordSet& set : sets) {
    xml += "<set name=\"" + xml_escape(set.name) + "\">";
    for (const Record& record : set.records) {
      xml += "<row>";
      for (const auto& field : record.fields) xml += field_xml(field.first, field.second);
      xml += "</row>";
    }
    xml += "</set>";
  }
  return xml + "</records>";
}

Result<std::vector<RecordSet>> parse_records(std::string_view xml) {
  auto root = parse_xml(xml, "records", kRecordLimits);
  if (!root) return root.error();
  if (!is_element(root.value(), "records") || !is_blank(root.value().text)) {
    return wrong_shape(root.value(),
                       "the root element must be records of " + std::string(kRecordsNameSpace));
  }
  std::vector<RecordSet> sets;
  for (const XmlElement& child : root.value().children) {
    auto set = read_set(child);
    if (!set) return set.error();
    sets.push_back(std::move(set).value());
  }
  return sets;
}

}  // namespace certbridge
