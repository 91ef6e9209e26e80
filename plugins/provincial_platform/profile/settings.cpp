#include "profile/settings.h"

#include <algorithm>

#include "exchange/signature.h"
#include "profile/profile_changes.h"

namespace certbridge::provincial_platform {
namespace {

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

}  // namespace certbridge::provincial_platform
