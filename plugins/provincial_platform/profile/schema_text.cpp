#include "certbridge/text.h"
#include "certbridge/xml.h"
#include "profile/schema.h"

namespace certbridge::provincial_platform {
namespace {

// Whether a text is one that the rule takes anyway.
bool fits(const AttributeRule& rule, const std::string& text) {
  if (rule.type != ValueType::kText || !rule.codes.empty()) return false;
  const auto characters = decode_utf8(text);
  if (!characters || (characters->empty() && rule.required)) return false;
  return rule.length == 0 || characters->size() <= rule.length;
}

// What stands for nothing, and what the patch puts there, is taken besides what the type takes.
std::set<std::string> stand_ins(const AttributeRule& rule, const Profile& profile,
                                std::set<std::string> texts) {
  if (rule.otherwise) texts.insert(*rule.otherwise);
  const bool plain = rule.type == ValueType::kText && rule.codes.empty();
  if (rule.required && plain && !profile.values.placeholder.empty()) {
    texts.insert(profile.values.placeholder);
  }
  std::erase_if(texts, [&](const std::string& text) { return fits(rule, text); });
  return texts;
}

std::string restriction(const std::string& base, const std::string& facets) {
  return "<xs:simpleType><xs:restriction base=\"xs:" + base + "\">" + facets +
         "</xs:restriction></xs:simpleType>";
}

std::string facet(const char* name, const std::string& value) {
  return std::string("<xs:") + name + " value=\"" + xml_escape(value) + "\"/>";
}

std::string enumeration(const std::set<std::string>& values) {
  std::string facets;
  for (const std::string& value : values) facets += facet("enumeration", value);
  return restriction("string", facets);
}

std::string decimal_pattern(int decimals) {
  if (decimals <= 0) return "-?[0-9]+";
  return "-?[0-9]+\\.[0-9]{" + std::to_string(decimals) + "}";
}

std::string time_pattern(const Profile& profile) {
  const std::string suffix = profile.values.time_suffix.empty() ? "" : "\\+08:00";
  return "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}" + suffix;
}

std::string plain_type(const AttributeRule& rule, const Profile& profile) {
  if (!rule.codes.empty()) return enumeration(profile.codes.at(rule.codes));
  const int decimals = rule.decimals < 0 ? profile.values.decimals : rule.decimals;
  switch (rule.type) {
    case ValueType::kInteger:
      return restriction("integer", "");
    case ValueType::kDecimal:
      return restriction("string", facet("pattern", decimal_pattern(decimals)));
    case ValueType::kTime:
      return restriction("string", facet("pattern", time_pattern(profile)));
    case ValueType::kBinary:
      return restriction("base64Binary", "");
    case ValueType::kText:
      break;
  }
  const std::string least = rule.required ? facet("minLength", "1") : "";
  const std::string most = rule.length == 0 ? "" : facet("maxLength", std::to_string(rule.length));
  return restriction("string", least + most);
}

// Texts that the patch puts into an attribute of this RecType.
std::set<std::string> set_texts(const Patch& patch, const std::string& table,
                                const std::string& attribute, const std::string& rec_type) {
  std::set<std::string> texts;
  for (const Setting& setting : patch.settings) {
    const std::string* text = fixed_text(setting);
    if (text != nullptr && sets_attribute(setting, table, attribute, rec_type)) {
      texts.insert(*text);
    }
  }
  return texts;
}

std::string type_or(const std::string& type, const std::set<std::string>& others) {
  if (others.empty()) return type;
  return "<xs:simpleType><xs:union>" + type + enumeration(others) + "</xs:union></xs:simpleType>";
}

std::string attribute_text(const TableRule& table, const AttributeRule& rule,
                           const Profile& profile, const Patch& patch,
                           const std::string& rec_type) {
  const auto others = stand_ins(rule, profile, set_texts(patch, table.name, rule.name, rec_type));
  return "<xs:attribute name=\"" + patch.wire_attribute(table.name, rule.name) + "\"" +
         (rule.required ? " use=\"required\"" : "") + ">" +
         type_or(plain_type(rule, profile), others) + "</xs:attribute>\n";
}

std::string occurs_text(Occurs occurs) {
  switch (occurs) {
    case Occurs::kOne:
      return "";
    case Occurs::kSome:
      return " maxOccurs=\"unbounded\"";
    case Occurs::kAny:
      break;
  }
  return " minOccurs=\"0\" maxOccurs=\"unbounded\"";
}

std::string table_text(const TableRule& table, Occurs occurs, const Profile& profile,
                       const Patch& patch, const std::string& rec_type) {
  std::string text = "<xs:element name=\"" + patch.wire_table(table.name) + "\"" +
                     occurs_text(occurs) + "><xs:complexType>\n";
  for (const AttributeRule& rule : table.attributes) {
    text += attribute_text(table, rule, profile, patch, rec_type);
  }
  return text + "</xs:complexType></xs:element>\n";
}

// What the patch puts into a field: `always`, the one text that then stands there, or some texts.
struct FieldTexts {
  const std::string* always = nullptr;
  std::set<std::string> some{};
};

FieldTexts field_texts(const Patch& patch, const std::string& field, const std::string& rec_type) {
  FieldTexts texts;
  bool first = true;
  for (const Setting& setting : patch.settings) {
    if (!sets_field(setting, field, rec_type)) continue;
    const std::string* text = fixed_text(setting);
    if (text != nullptr) texts.some.insert(*text);
    if (first && !setting.when) texts.always = text;
    first = false;
  }
  return texts;
}

std::string field_type(const HeadField& field, const Patch& patch, const std::string& rec_type) {
  FieldTexts texts = field_texts(patch, field.name, rec_type);
  if (texts.always != nullptr) return enumeration({*texts.always});
  if (field.source == HeadField::Source::kRecType) return enumeration({rec_type});
  // The number is put in when the rest is valid.
  const bool number = field.source == HeadField::Source::kMessageId;
  std::string pattern = field.pattern.empty() ? "[\\s\\S]*" : field.pattern;
  if (number) pattern = "(" + pattern + ")?";
  if (field.otherwise) texts.some.insert(*field.otherwise);
  return type_or(restriction("string", facet("pattern", pattern)), texts.some);
}

std::string head_text(const Profile& profile, const Patch& patch, const std::string& rec_type) {
  std::string text =
      "<xs:element name=\"Head\"><xs:complexType><xs:all>\n<xs:element name=\"DigitalSign\" "
      "minOccurs=\"0\">" +
      restriction("string", facet("pattern", "[0-9a-f]{256,2048}")) + "</xs:element>\n";
  for (const HeadField& field : profile.head) {
    text += "<xs:element name=\"" + field.name + "\"" + (field.required ? "" : " minOccurs=\"0\"") +
            ">" + field_type(field, patch, rec_type) + "</xs:element>\n";
  }
  return text + "</xs:all></xs:complexType></xs:element>\n";
}

}  // namespace

std::string schema_text(const Profile& profile, const Patch& patch, const std::string& rec_type) {
  const MessageRule& rule = profile.messages.at(rec_type);
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xs:schema "
      "xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" elementFormDefault=\"qualified\">\n"
      "<xs:element name=\"Message\"><xs:complexType><xs:sequence>\n" +
      head_text(profile, patch, rec_type) +
      "<xs:element name=\"Data\"><xs:complexType><xs:sequence>\n";
  for (const TableRule& table : profile.tables) {
    const auto found = rule.tables.find(table.name);
    if (found != rule.tables.end())
      text += table_text(table, found->second, profile, patch, rec_type);
  }
  return text +
         "</xs:sequence></xs:complexType></xs:element>\n"
         "</xs:sequence></xs:complexType></xs:element>\n</xs:schema>\n";
}

}  // namespace certbridge::provincial_platform
