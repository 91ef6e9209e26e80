#include "access/policy/disclosure.h"

#include <set>

#include "access/policy/access_policy_parts.h"
#include "access/policy/certificate_fields.h"
#include "access/policy/disclosure_list.h"
#include "journal/seeded_fault.h"

namespace certbridge::host {
namespace {

using Listed = std::map<std::string, Mask, std::less<>>;

class Disclosure {
 public:
  Disclosure(const Listed& listed, const FoundCertificate& found)
      : listed_(listed), found_(found) {}

  DisclosedCertificate all() {
    for (const TextMember& one : text_members()) {
      disclosed_.certificate.*one.member = shown(one.name, found_.*one.member);
    }
    for (const QueriedHolder& holder : found_.holders) add(holder);
    for (const FoundCertificate::Field& field : found_.fields) add(field);
    disclosed_.fields.assign(names_.begin(), names_.end());
    return std::move(disclosed_);
  }

 private:
  std::string shown(std::string_view name, const std::string& value) {
    const auto mask = listed_.find(name);
    if (mask == listed_.end() || value.empty()) return {};
    names_.emplace(name);
    return masked_value(mask->second, value);
  }

  void add(const QueriedHolder& holder) {
    QueriedHolder seen{shown(kHolderName, holder.name), {}, shown(kHolderCode, holder.code)};
    if (!seen.code.empty()) seen.code_type = holder.code_type;
    if (seen != QueriedHolder()) disclosed_.certificate.holders.push_back(std::move(seen));
  }

  void add(const FoundCertificate::Field& field) {
    if (seeded_fault("field_outside_the_list")) disclosed_.certificate.fields.push_back(field);
    if (is_member_name(field.name)) return;
    std::string value = shown(field.name, field.value);
    if (!value.empty()) disclosed_.certificate.fields.push_back({field.name, std::move(value)});
  }

  const Listed& listed_;
  const FoundCertificate& found_;
  DisclosedCertificate disclosed_{};
  std::set<std::string, std::less<>> names_{};
};

}  // namespace

const Listed* disclosure_list(const AccessPolicy& policy, const Permission& permission,
                              const FoundCertificate& found) {
  const Purpose* purpose = policy.parts().purpose(permission.purpose);
  if (purpose == nullptr || policy.parts().denials.types.contains(found.type_code)) return nullptr;
  return purpose->fields_of(found.type_code);
}

DisclosedCertificate disclose(const AccessPolicy& policy, const Permission& permission,
                              const FoundCertificate& found) {
  const Listed* listed = disclosure_list(policy, permission, found);
  return listed == nullptr ? DisclosedCertificate() : Disclosure(*listed, found).all();
}

}  // namespace certbridge::host
