#include "access/policy/policy_reader.h"

namespace certbridge::host {
namespace {

void read_fields(const XmlElement& at, Purpose& purpose, PolicyFindings& findings) {
  const std::string type = at.attribute_or_empty("type");
  const auto [fields, is_new] = purpose.fields.try_emplace(type);
  if (!is_new) {
    findings.add("policy.value", at, "the type `" + type + "` has two lists", "make one of them");
  }
  for (const XmlElement& field : at.children) {
    const std::string name = field.attribute_or_empty("name");
    const Mask mask = mask_of(field.attribute_or_empty("mask")).value_or(Mask::kNone);
    if (!fields->second.emplace(name, mask).second) {
      findings.add("policy.value", field, "the field `" + name + "` stands twice", {});
    }
  }
}

}  // namespace

const std::map<std::string, Mask, std::less<>>* Purpose::fields_of(std::string_view type) const {
  auto found = fields.find(type);
  if (found == fields.end()) found = fields.find("*");
  return found == fields.end() ? nullptr : &found->second;
}

void read_purpose(const XmlElement& at, AccessPolicy::Parts& parts, PolicyFindings& findings) {
  const std::string name = at.attribute_or_empty("name");
  Purpose purpose;
  purpose.original_file = is_yes(at, "original-file", false);
  for (const XmlElement& fields : at.children) read_fields(fields, purpose, findings);
  if (!parts.purposes.emplace(name, std::move(purpose)).second) {
    findings.add("policy.value", at, "there are two purposes `" + name + "`", {});
  }
}

}  // namespace certbridge::host
