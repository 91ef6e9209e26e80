#include "catalogue/used_type.h"

#include <algorithm>

namespace certbridge::host {

std::string to_word(HolderClass holder) {
  if (holder == HolderClass::kPerson) return "person";
  return holder == HolderClass::kCompany ? "company" : "both";
}

bool may_hold(HolderClass holder, std::string_view code_type) {
  const bool company = code_type == "001" || code_type == "099";
  return holder == HolderClass::kBoth || (holder == HolderClass::kCompany) == company;
}

const UsedField* UsedType::field(std::string_view field_name) const {
  for (const UsedField& one : fields) {
    if (one.name == field_name) return &one;
  }
  return nullptr;
}

bool UsedType::is_personal(std::string_view field_name) const {
  const UsedField* known = field(field_name);
  return known == nullptr || known->personal;
}

const std::vector<std::string>& common_fields() {
  static const std::vector<std::string> names{
      "type-name",   "number",           "identifier",     "version",    "issuer-code",
      "issuer-name", "issued-on",        "effective-from", "expires-on", "status",
      "holder.name", "holder.code-type", "holder.code"};
  return names;
}

UsedTypes::UsedTypes(std::vector<UsedType> types) : types_(std::move(types)) {
  std::sort(types_.begin(), types_.end(),
            [](const UsedType& left, const UsedType& right) { return left.code < right.code; });
}

const UsedType* UsedTypes::by_code(std::string_view code) const {
  const auto found = std::lower_bound(
      types_.begin(), types_.end(), code,
      [](const UsedType& type, std::string_view text) { return type.code < text; });
  return found == types_.end() || found->code != code ? nullptr : &*found;
}

}  // namespace certbridge::host
