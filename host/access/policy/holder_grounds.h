// Grounds by which holders ask about themselves.
#pragma once

#include <set>
#include <string>

#include "access/policy/access_policy.h"

namespace certbridge::host {

// Their names, as records have them.
std::set<std::string> holder_grounds(const AccessPolicy& policy);

}  // namespace certbridge::host
