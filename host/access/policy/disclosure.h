// Which fields of a certificate leave, and how much of each: the list of the purpose and nothing
// else.
#pragma once

#include <string>
#include <vector>

#include "access/policy/decision.h"
#include "certbridge/query.h"

namespace certbridge::host {

struct DisclosedCertificate {
  FoundCertificate certificate{};  // only what may leave; everything else is empty
  std::vector<std::string>
      fields{};  // names of what left, sorted: "number", "holder.name", "KZ_ZL"
};

// The list of fields of permission.purpose for the certificate's type, masked where it says so.
DisclosedCertificate disclose(const AccessPolicy& policy, const Permission& permission,
                              const FoundCertificate& found);

// What is printed on paper, beside what the source holds, per field: never the right value.
enum class FieldComparison : std::uint8_t { kSame = 1, kDifferent = 2, kNotOnCertificate = 3 };
std::string to_word(FieldComparison result);  // "same", "different", "not-on-certificate"
struct ComparedField {
  std::string name{};
  FieldComparison result = FieldComparison::kNotOnCertificate;
};
// Only fields of the purpose's list may be compared; another one is "not-on-certificate". At most
// kMostFoundFields are looked at. Spaces,
// width of characters and forms of dates make no difference.
std::vector<ComparedField> compare(const AccessPolicy& policy, const Permission& permission,
                                   const FoundCertificate& found,
                                   const std::vector<FoundCertificate::Field>& printed);

}  // namespace certbridge::host
