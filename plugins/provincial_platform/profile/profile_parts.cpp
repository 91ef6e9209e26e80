#include "profile/profile_parts.h"

#include <algorithm>

namespace certbridge::provincial_platform {
namespace {

constexpr int kMostDecimals = 12;

void apply_type(ProfileReader& reader, const XmlElement& element, ValueType& type) {
  const XmlAttribute* given = element.attribute("type");
  if (given == nullptr) return;
  const std::string& word = given->value;
  if (word == "text") {
    type = ValueType::kText;
  } else if (word == "integer") {
    type = ValueType::kInteger;
  } else if (word == "decimal") {
    type = ValueType::kDecimal;
  } else if (word == "time") {
    type = ValueType::kTime;
  } else if (word == "binary") {
    type = ValueType::kBinary;
  } else {
    reader.fail(element, "the attribute type is text, integer, decimal, time or binary");
  }
}

void apply_text(const XmlElement& element, const char* name, std::string& text) {
  if (const XmlAttribute* given = element.attribute(name)) text = given->value;
}

void apply_otherwise(const XmlElement& element, std::optional<std::string>& otherwise) {
  if (const XmlAttribute* given = element.attribute("otherwise")) otherwise = given->value;
}

void apply_decimals(ProfileReader& reader, const XmlElement& element, int& decimals) {
  decimals = reader.number(element, "decimals", decimals);
  if (decimals > kMostDecimals) reader.fail(element, "there are at most 12 decimals");
}

bool is_suffix(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || c == '_';
  });
}

void apply_source(ProfileReader& reader, const XmlElement& element, HeadField& field) {
  const std::string from = element.attribute_or_empty("from");
  if (element.attribute("constant") != nullptr) {
    field.source = HeadField::Source::kConstant;
    field.text = element.attribute_or_empty("constant");
    if (!from.empty()) reader.fail(element, "it has either constant or from");
  } else if (from == "message-id") {
    field.source = HeadField::Source::kMessageId;
  } else if (from == "rec-type") {
    field.source = HeadField::Source::kRecType;
  } else if (!from.empty()) {
    field.source = HeadField::Source::kField;
    field.text = from;
    field.characters = static_cast<std::size_t>(reader.number(element, "characters", 0));
  }
}

AttributeRule read_attribute(ProfileReader& reader, const XmlElement& element,
                             const Profile& profile) {
  reader.expect(
      element, "attribute",
      {"name", "label", "type", "length", "codes", "decimals", "required", "otherwise", "unsure"});
  AttributeRule rule;
  rule.name = reader.wire_name(element, "name");
  apply_attribute(reader, element, profile, rule);
  return rule;
}

bool is_rec_type(std::string_view text) {
  return text.size() == 7 && text.front() != '0' &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void apply_number_rule(ProfileReader& reader, const XmlElement& element, const char* name,
                       NumberRule& rule) {
  const XmlAttribute* given = element.attribute(name);
  if (given == nullptr) return;
  rule = {NumberRule::Kind::kSuffix, given->value};
  if (given->value == "new") rule = {NumberRule::Kind::kNew, {}};
  if (given->value == "same") rule = {NumberRule::Kind::kSame, {}};
  if (rule.kind == NumberRule::Kind::kSuffix && !is_suffix(rule.suffix)) {
    reader.fail(element, std::string("the attribute ") + name +
                             " is new, same, or a suffix of one to five capital letters and "
                             "underscores");
  }
}

}  // namespace

void apply_values(ProfileReader& reader, const XmlElement& element, ValueRules& rules) {
  reader.expect(element, "values",
                {"placeholder", "separator", "decimals", "time-suffix", "unsure"});
  apply_text(element, "placeholder", rules.placeholder);
  apply_text(element, "separator", rules.separator);
  apply_text(element, "time-suffix", rules.time_suffix);
  apply_decimals(reader, element, rules.decimals);
  if (rules.separator.empty()) reader.fail(element, "the attribute separator is empty or missing");
  if (!rules.time_suffix.empty() && rules.time_suffix != "+08:00") {
    reader.fail(element, "the attribute time-suffix is empty or +08:00");
  }
}

void apply_repetitions(ProfileReader& reader, const XmlElement& element, Repetitions& rules) {
  reader.expect(element, "identifier", {"late", "again-before-log", "again", "update", "unsure"});
  apply_number_rule(reader, element, "late", rules.late);
  apply_number_rule(reader, element, "again-before-log", rules.again_early);
  apply_number_rule(reader, element, "again", rules.again);
  apply_number_rule(reader, element, "update", rules.update);
  if (rules.late.kind == NumberRule::Kind::kSame) {
    reader.fail(element, "what is told for the first time has no earlier number: late is not same");
  }
}

void apply_field(ProfileReader& reader, const XmlElement& element, HeadField& field) {
  apply_type(reader, element, field.type);
  apply_text(element, "pattern", field.pattern);
  field.list = reader.yes(element, "list", field.list);
  field.required = reader.yes(element, "required", field.required);
  apply_otherwise(element, field.otherwise);
  apply_source(reader, element, field);
}

void apply_attribute(ProfileReader& reader, const XmlElement& element, const Profile& profile,
                     AttributeRule& rule) {
  apply_type(reader, element, rule.type);
  rule.length =
      static_cast<std::size_t>(reader.number(element, "length", static_cast<int>(rule.length)));
  apply_text(element, "codes", rule.codes);
  apply_decimals(reader, element, rule.decimals);
  rule.required = reader.yes(element, "required", rule.required);
  apply_otherwise(element, rule.otherwise);
  if (!rule.codes.empty() && !profile.codes.contains(rule.codes)) {
    reader.fail(element, "there is no list of codes of the name " + rule.codes);
  }
  if (rule.type != ValueType::kText && rule.length > 0) {
    reader.fail(element, "only a text has a length");
  }
  const bool coded = rule.type == ValueType::kText || rule.type == ValueType::kInteger;
  if (!coded && !rule.codes.empty()) reader.fail(element, "only a text or an integer has codes");
}

HeadField read_head_field(ProfileReader& reader, const XmlElement& element) {
  reader.expect(element, "field",
                {"name", "constant", "from", "characters", "type", "pattern", "list", "required",
                 "otherwise", "unsure"});
  HeadField field;
  field.name = reader.wire_name(element, "name");
  apply_field(reader, element, field);
  return field;
}

void add_codes(ProfileReader& reader, const XmlElement& element, std::set<std::string>& codes) {
  for (const XmlElement& code : element.children) {
    reader.expect(code, "code", {"value", "name"});
    if (!codes.insert(reader.needed(code, "value")).second) {
      reader.fail(code, "the list has this code already");
    }
  }
  if (element.children.empty()) reader.fail(element, "it has no code");
}

TableRule read_table(ProfileReader& reader, const XmlElement& element, const Profile& profile) {
  TableRule table{reader.wire_name(element, "name"), {}};
  if (profile.table(table.name) != nullptr) {
    reader.fail(element, "there is a table of this name already");
  }
  for (const XmlElement& attribute : element.children) {
    AttributeRule rule = read_attribute(reader, attribute, profile);
    if (table.find(rule.name) != nullptr) reader.fail(attribute, "it stands twice");
    table.attributes.push_back(std::move(rule));
  }
  return table;
}

void read_message(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  reader.expect(element, "message",
                {"rec-types", "label", "right", "reg-types", "one", "some", "any", "unsure"});
  MessageRule rule;
  rule.right = reader.needed(element, "right");
  const std::string reg_types = element.attribute_or_empty("reg-types");
  if (!reg_types.empty() && reg_types != "any")
    reader.fail(element, "reg-types is any or left out");
  rule.any_reg_type = reg_types == "any";
  const auto add = [&](const std::string& name, Occurs occurs) {
    if (profile.table(name) == nullptr) reader.fail(element, "there is no table " + name);
    if (!rule.tables.emplace(name, occurs).second) reader.fail(element, name + " stands twice");
  };
  add(rule.right, Occurs::kOne);
  for (const std::string& name : words_of(element.attribute_or_empty("one")))
    add(name, Occurs::kOne);
  for (const std::string& name : words_of(element.attribute_or_empty("some")))
    add(name, Occurs::kSome);
  for (const std::string& name : words_of(element.attribute_or_empty("any")))
    add(name, Occurs::kAny);
  for (const std::string& rec_type : words_of(reader.needed(element, "rec-types"))) {
    if (!is_rec_type(rec_type)) reader.fail(element, "a RecType has seven digits");
    rule.rec_type = rec_type;
    if (!profile.messages.emplace(rec_type, rule).second) {
      reader.fail(element, "the RecType " + rec_type + " stands twice");
    }
  }
}

void check_head(ProfileReader& reader, const XmlElement& element, const Profile& profile) {
  std::set<std::string, std::less<>> names;
  for (const HeadField& field : profile.head) {
    if (!names.insert(field.name).second) reader.fail(element, field.name + " stands twice");
  }
  for (const char* name : {"BizMsgID", "RecType", "RegType", "EstateNum", "AreaCode"}) {
    if (!names.contains(name))
      reader.fail(element, "the field " + std::string(name) + " is missing");
  }
  for (const HeadField& field : profile.head) {
    if (field.source == HeadField::Source::kField && !names.contains(field.text)) {
      reader.fail(element, field.name + " is made from a field that is not there");
    }
  }
}

}  // namespace certbridge::provincial_platform
