#include "profile.h"

#include <algorithm>

#include "profile_reader.h"

namespace certbridge::provincial_platform {
namespace {

constexpr const char* kProfileNameSpace = "urn:certbridge:provincial-profile:1";
constexpr int kMostDecimals = 12;

ValueType type_of(ProfileReader& reader, const XmlElement& element) {
  const std::string word = element.attribute_or_empty("type");
  if (word.empty() || word == "text") return ValueType::kText;
  if (word == "integer") return ValueType::kInteger;
  if (word == "decimal") return ValueType::kDecimal;
  if (word == "time") return ValueType::kTime;
  if (word == "binary") return ValueType::kBinary;
  reader.fail(element, "the attribute type is text, integer, decimal, time or binary");
  return ValueType::kText;
}

std::optional<std::string> otherwise_of(const XmlElement& element) {
  const XmlAttribute* given = element.attribute("otherwise");
  return given == nullptr ? std::nullopt : std::optional(given->value);
}

int decimals_of(ProfileReader& reader, const XmlElement& element, int otherwise) {
  const int decimals = reader.number(element, "decimals", otherwise);
  if (decimals > kMostDecimals) reader.fail(element, "there are at most 12 decimals");
  return decimals;
}

ValueRules read_values(ProfileReader& reader, const XmlElement& element) {
  reader.expect(element, "values",
                {"placeholder", "separator", "decimals", "time-suffix", "unsure"});
  ValueRules rules;
  rules.placeholder = element.attribute_or_empty("placeholder");
  rules.separator = reader.needed(element, "separator");
  rules.decimals = decimals_of(reader, element, 2);
  rules.time_suffix = element.attribute_or_empty("time-suffix");
  if (!rules.time_suffix.empty() && rules.time_suffix != "+08:00") {
    reader.fail(element, "the attribute time-suffix is empty or +08:00");
  }
  return rules;
}

bool is_suffix(std::string_view text) {
  return text.size() <= 5 && std::all_of(text.begin(), text.end(),
                                         [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

NumberRule read_number_rule(ProfileReader& reader, const XmlElement& element, const char* name) {
  const std::string word = reader.needed(element, name);
  if (word == "new") return {NumberRule::Kind::kNew, {}};
  if (word == "same") return {NumberRule::Kind::kSame, {}};
  if (!is_suffix(word)) {
    reader.fail(element, std::string("the attribute ") + name +
                             " is new, same, or a suffix of up to five capital letters and "
                             "underscores");
  }
  return {NumberRule::Kind::kSuffix, word};
}

Repetitions read_repetitions(ProfileReader& reader, const XmlElement& element) {
  reader.expect(element, "identifier", {"late", "again-before-log", "again", "update", "unsure"});
  Repetitions rules{read_number_rule(reader, element, "late"),
                    read_number_rule(reader, element, "again-before-log"),
                    read_number_rule(reader, element, "again"),
                    read_number_rule(reader, element, "update")};
  if (rules.late.kind == NumberRule::Kind::kSame) {
    reader.fail(element, "what is told for the first time has no earlier number: late is not same");
  }
  return rules;
}

unsigned read_signature(ProfileReader& reader, const XmlElement& element) {
  reader.expect(element, "signature", {"algorithm", "least-bits"});
  if (reader.needed(element, "algorithm") != "md5-sha1-rsa") {
    reader.fail(element, "the only algorithm is md5-sha1-rsa");
  }
  const int bits = reader.number(element, "least-bits", 1024);
  if (bits < 1024) reader.fail(element, "keys below 1024 bits are not taken");
  return static_cast<unsigned>(bits);
}

void read_verdicts(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  reader.expect(element, "verdicts", {"expected", "order", "unsure"});
  profile.verdict_expected = reader.duration(element, "expected");
  const std::string order = element.attribute_or_empty("order");
  if (order == "settled") profile.order = DeliveryOrder::kSettled;
  if (order == "accepted") profile.order = DeliveryOrder::kAccepted;
  if (element.attribute("order") != nullptr && !profile.order) {
    reader.fail(element, "the attribute order is settled or accepted");
  }
}

HeadField read_head_field(ProfileReader& reader, const XmlElement& element) {
  reader.expect(element, "field",
                {"name", "constant", "from", "characters", "type", "pattern", "list", "required",
                 "otherwise", "unsure"});
  HeadField field;
  field.name = reader.wire_name(element, "name");
  field.type = type_of(reader, element);
  field.pattern = element.attribute_or_empty("pattern");
  field.list = reader.yes(element, "list", false);
  field.required = reader.yes(element, "required", true);
  field.otherwise = otherwise_of(element);
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
  return field;
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

void read_head(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  reader.expect(element, "head", {});
  for (const XmlElement& field : element.children) {
    profile.head.push_back(read_head_field(reader, field));
  }
  check_head(reader, element, profile);
}

void read_codes(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  reader.expect(element, "codes", {});
  for (const XmlElement& list : element.children) {
    reader.expect(list, "list", {"name", "label", "unsure"});
    std::set<std::string>& into = profile.codes[reader.wire_name(list, "name")];
    if (!into.empty()) reader.fail(list, "a list of this name stands above");
    for (const XmlElement& code : list.children) {
      reader.expect(code, "code", {"value", "name"});
      if (!into.insert(reader.needed(code, "value")).second) reader.fail(code, "it stands twice");
    }
    if (into.empty()) reader.fail(list, "it has no code");
  }
}

AttributeRule read_attribute(ProfileReader& reader, const XmlElement& element,
                             const Profile& profile) {
  reader.expect(
      element, "attribute",
      {"name", "label", "type", "length", "codes", "decimals", "required", "otherwise", "unsure"});
  AttributeRule rule;
  rule.name = reader.wire_name(element, "name");
  rule.type = type_of(reader, element);
  rule.length = static_cast<std::size_t>(reader.number(element, "length", 0));
  rule.codes = element.attribute_or_empty("codes");
  rule.decimals = decimals_of(reader, element, -1);
  rule.required = reader.yes(element, "required", false);
  rule.otherwise = otherwise_of(element);
  if (!rule.codes.empty() && !profile.codes.contains(rule.codes)) {
    reader.fail(element, "there is no list of codes of this name");
  }
  if (rule.type != ValueType::kText && (rule.length > 0 || !rule.codes.empty())) {
    reader.fail(element, "only a text has a length or codes");
  }
  return rule;
}

void read_tables(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  reader.expect(element, "tables", {});
  for (const XmlElement& child : element.children) {
    reader.expect(child, "table", {"name", "label"});
    TableRule table{reader.wire_name(child, "name"), {}};
    if (profile.table(table.name) != nullptr)
      reader.fail(child, "a table of this name stands above");
    for (const XmlElement& attribute : child.children) {
      AttributeRule rule = read_attribute(reader, attribute, profile);
      if (table.find(rule.name) != nullptr) reader.fail(attribute, "it stands twice");
      table.attributes.push_back(std::move(rule));
    }
    profile.tables.push_back(std::move(table));
  }
}

bool is_rec_type(std::string_view text) {
  return text.size() == 7 && text.front() != '0' &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
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

void read_messages(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  reader.expect(element, "messages", {});
  for (const XmlElement& message : element.children) read_message(reader, message, profile);
}

void read_parts(ProfileReader& reader, const XmlElement& root, Profile& profile) {
  constexpr std::size_t kParts = 8;
  if (root.children.size() != kParts) {
    return reader.fail(root,
                       "it has values, identifier, signature, verdicts, head, codes, tables "
                       "and messages, in this order");
  }
  profile.values = read_values(reader, root.children[0]);
  profile.repetitions = read_repetitions(reader, root.children[1]);
  profile.least_key_bits = read_signature(reader, root.children[2]);
  read_verdicts(reader, root.children[3], profile);
  read_head(reader, root.children[4], profile);
  read_codes(reader, root.children[5], profile);
  read_tables(reader, root.children[6], profile);
  read_messages(reader, root.children[7], profile);
}

}  // namespace

const AttributeRule* TableRule::find(std::string_view attribute) const {
  const auto found =
      std::find_if(attributes.begin(), attributes.end(),
                   [&](const AttributeRule& rule) { return rule.name == attribute; });
  return found == attributes.end() ? nullptr : &*found;
}

const TableRule* Profile::table(std::string_view table_name) const {
  const auto found = std::find_if(tables.begin(), tables.end(),
                                  [&](const TableRule& rule) { return rule.name == table_name; });
  return found == tables.end() ? nullptr : &*found;
}

Result<Profile> parse_profile(std::string_view xml, std::string_view file) {
  auto root = parse_xml(xml, file, kProfileLimits);
  if (!root) return Error::fault("profile.shape", root.error().message);
  ProfileReader reader(file);
  reader.set_name_space(kProfileNameSpace);
  reader.expect(root.value(), "profile", {"name", "generation"});
  Profile profile;
  profile.name = reader.needed(root.value(), "name");
  read_parts(reader, root.value(), profile);
  if (reader.error()) return *reader.error();
  return profile;
}

}  // namespace certbridge::provincial_platform
