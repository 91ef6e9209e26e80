// What a purpose shows of one certificate.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "access/policy/access_policy.h"
#include "access/policy/decision.h"
#include "access/policy/masks.h"

namespace certbridge::host {

// The list of the permission's purpose for the certificate's type; null: nothing, as of a purpose
// that the policy does not have, and of a type that is barred.
const std::map<std::string, Mask, std::less<>>* disclosure_list(const AccessPolicy& policy,
                                                                const Permission& permission,
                                                                const FoundCertificate& found);

}  // namespace certbridge::host
