#include "settings.h"

#include <algorithm>

#include "certbridge/text.h"
#include "profile_changes.h"

namespace certbridge::provincial_platform {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

bool has_field(const Profile& profile, const std::string& name) {
  return std::any_of(profile.head.begin(), profile.head.end(),
                     [&](const HeadField& field) { return field.name == name; });
}

// How many of these attributes the element has.
int count_of(const XmlElement& element, std::initializer_list<const char*> names) {
  int count = 0;
  for (const char* name : names) count += element.attribute(name) == nullptr ? 0 : 1;
  return count;
}

void check_attribute(ProfileReader& reader, const XmlElement& element, const Setting& setting,
                     const std::string& attribute, const Profile& profile) {
  for (const std::string& table : setting.tables) {
    if (profile.table(table)->find(attribute) == nullptr) {
      reader.fail(element, "the table " + table + " has no attribute " + attribute);
    }
  }
}

void check_field(ProfileReader& reader, const XmlElement& element, const std::string& field,
                 const Profile& profile) {
  if (!has_field(profile, field)) reader.fail(element, "the head has no field " + field);
}

std::size_t size_of(ProfileReader& reader, const XmlElement& element, const char* name) {
  return static_cast<std::size_t>(reader.number(element, name, 0));
}

ValuePart read_value_part(ProfileReader& reader, const XmlElement& element, const Setting& setting,
                          const Profile& profile) {
  reader.expect(element, "part",
                {"text", "field", "attribute", "digits", "first", "last", "width"});
  if (count_of(element, {"text", "field", "attribute"}) != 1) {
    reader.fail(element, "it has one of text, field and attribute");
  }
  if (count_of(element, {"first", "last"}) > 1) reader.fail(element, "it has first or last");
  ValuePart part;
  part.digits = reader.yes(element, "digits", false);
  part.first = size_of(reader, element, "first");
  part.last = size_of(reader, element, "last");
  part.width = size_of(reader, element, "width");
  if (part.width > 100) reader.fail(element, "a part is filled up to at most 100 characters");
  if (element.attribute("text") != nullptr) {
    part.name = reader.needed(element, "text");
  } else if (element.attribute("field") != nullptr) {
    part.source = ValuePart::Source::kField;
    part.name = element.attribute_or_empty("field");
    check_field(reader, element, part.name, profile);
  } else {
    part.source = ValuePart::Source::kAttribute;
    part.name = element.attribute_or_empty("attribute");
    if (setting.tables.empty()) reader.fail(element, "the head has no attributes");
    check_attribute(reader, element, setting, part.name, profile);
  }
  return part;
}

void read_value(ProfileReader& reader, const XmlElement& element, const Profile& profile,
                Setting& setting) {
  const XmlAttribute* value = element.attribute("value");
  if ((value == nullptr) == element.children.empty()) {
    reader.fail(element, "it has either a value or parts");
  }
  if (value != nullptr) {
    setting.parts.push_back({ValuePart::Source::kText, value->value, false, 0, 0, 0});
  }
  for (const XmlElement& child : element.children) {
    setting.parts.push_back(read_value_part(reader, child, setting, profile));
  }
}

const std::string* value_of(const Values& values, const std::string& name) {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const auto& value) { return value.first == name; });
  return found == values.end() ? nullptr : &found->second;
}

std::string cut(const ValuePart& part, const std::string& whole) {
  auto characters = decode_utf8(whole).value_or(std::u32string());
  if (part.digits) {
    std::erase_if(characters, [](char32_t c) { return c < U'0' || c > U'9'; });
  }
  if (part.first > 0) characters = characters.substr(0, part.first);
  if (part.last > 0 && characters.size() > part.last) {
    characters = characters.substr(characters.size() - part.last);
  }
  if (!characters.empty() && characters.size() < part.width) {
    characters.insert(0, part.width - characters.size(), U'0');
  }
  return encode_utf8(characters);
}

std::string part_text(const ValuePart& part, const Document& built, const Row* row) {
  if (part.source == ValuePart::Source::kText) return part.name;
  const bool head = part.source == ValuePart::Source::kField;
  const std::string* whole = value_of(head ? built.head : row->attributes, part.name);
  return whole == nullptr ? std::string() : cut(part, *whole);
}

// Nothing when a part is empty or there is none.
std::optional<std::string> new_value(const Setting& setting, const Document& built,
                                     const Row* row) {
  if (const std::string* text = fixed_text(setting)) return *text;
  if (setting.parts.empty()) return std::nullopt;
  std::string value;
  for (const ValuePart& part : setting.parts) {
    const std::string text = part_text(part, built, row);
    if (text.empty()) return std::nullopt;
    value += text;
  }
  return value;
}

void put(Values& values, const std::string& name, std::optional<std::string> value) {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const auto& known) { return known.first == name; });
  if (found == values.end()) {
    if (value) values.emplace_back(name, std::move(*value));
  } else if (value) {
    found->second = std::move(*value);
  } else {
    values.erase(found);
  }
}

bool fits_value(const Setting& setting, const std::string* built) {
  return !setting.when || *setting.when == (built == nullptr ? std::string() : *built);
}

void set_row(Row& row, const Document& built, const Row& from,
             const std::vector<Setting>& settings) {
  std::set<std::string> done;
  for (const Setting& setting : settings) {
    const bool meant = sets_attribute(setting, row.table, setting.attribute, built.rec_type);
    if (!meant || !fits_value(setting, value_of(from.attributes, setting.attribute))) continue;
    if (!done.insert(setting.attribute).second) continue;
    put(row.attributes, setting.attribute, new_value(setting, built, &from));
  }
}

void set_head(Document& document, const Document& built, const std::vector<Setting>& settings) {
  std::set<std::string> done;
  for (const Setting& setting : settings) {
    const bool meant = sets_field(setting, setting.field, built.rec_type);
    if (!meant || !fits_value(setting, value_of(built.head, setting.field))) continue;
    if (!done.insert(setting.field).second) continue;
    put(document.head, setting.field, new_value(setting, built, nullptr));
  }
}

bool is_for(const Setting& setting, const std::string& rec_type) {
  return setting.rec_types.empty() || setting.rec_types.contains(rec_type);
}

}  // namespace

Setting read_setting(ProfileReader& reader, const XmlElement& element, const Profile& profile) {
  reader.expect(element, "set",
                {"field", "table", "attribute", "value", "when", "rec-types", "unsure"});
  Setting setting;
  setting.rec_types = rec_types_of(reader, element, profile);
  if (const XmlAttribute* when = element.attribute("when")) setting.when = when->value;
  if (element.attribute("field") != nullptr) {
    setting.field = reader.needed(element, "field");
    check_field(reader, element, setting.field, profile);
    if (setting.field == kNumberField || setting.field == "RecType") {
      reader.fail(element, "the number and the RecType of a message are not replaced");
    }
    if (count_of(element, {"table", "attribute"}) > 0) {
      reader.fail(element, "it has either a field or table and attribute");
    }
  } else {
    setting.attribute = reader.needed(element, "attribute");
    setting.tables = tables_of(reader, element, "table", profile);
    check_attribute(reader, element, setting, setting.attribute, profile);
  }
  read_value(reader, element, profile, setting);
  return setting;
}

Setting left_out(const XmlElement& element) {
  Setting setting;
  setting.attribute = element.attribute_or_empty("attribute");
  setting.tables = words_of(element.attribute_or_empty("table"));
  return setting;
}

bool sets_field(const Setting& setting, const std::string& field, const std::string& rec_type) {
  return !setting.field.empty() && setting.field == field && is_for(setting, rec_type);
}

bool sets_attribute(const Setting& setting, const std::string& table, const std::string& attribute,
                    const std::string& rec_type) {
  const bool named =
      std::find(setting.tables.begin(), setting.tables.end(), table) != setting.tables.end();
  return named && setting.attribute == attribute && is_for(setting, rec_type);
}

const std::string* fixed_text(const Setting& setting) {
  const bool fixed =
      setting.parts.size() == 1 && setting.parts.front().source == ValuePart::Source::kText;
  return fixed ? &setting.parts.front().name : nullptr;
}

Document with_settings(Document built, const std::vector<Setting>& settings) {
  Document document = built;
  set_head(document, built, settings);
  for (std::size_t i = 0; i < document.rows.size(); ++i) {
    set_row(document.rows[i], built, built.rows[i], settings);
  }
  return document;
}

}  // namespace certbridge::provincial_platform
