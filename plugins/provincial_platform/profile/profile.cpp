#include "profile/profile.h"

#include <algorithm>

#include "profile/http_replies_reader.h"
#include "profile/profile_parts.h"

namespace certbridge::provincial_platform {
namespace {

constexpr const char* kProfileNameSpace = "urn:certbridge:provincial-profile:1";
constexpr const char* kNumberRules[] = {"late", "again-before-log", "again", "update"};

void read_repetitions(ProfileReader& reader, const XmlElement& element, Repetitions& rules) {
  for (const char* name : kNumberRules) {
    if (element.attribute(name) == nullptr) {
      reader.fail(element, std::string("the attribute ") + name + " is missing");
    }
  }
  apply_repetitions(reader, element, rules);
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
  if (element.children.size() > 1) reader.fail(element, "it has <http> at most");
  for (const XmlElement& http : element.children) profile.http = read_http_replies(reader, http);
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
    add_codes(reader, list, into);
  }
}

void read_tables(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  reader.expect(element, "tables", {});
  for (const XmlElement& child : element.children) {
    reader.expect(child, "table", {"name", "label"});
    profile.tables.push_back(read_table(reader, child, profile));
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
  apply_values(reader, root.children[0], profile.values);
  read_repetitions(reader, root.children[1], profile.repetitions);
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
