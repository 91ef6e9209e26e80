#include "access/policy/holder_grounds.h"

#include "access/policy/access_policy_parts.h"

namespace certbridge::host {

std::set<std::string> holder_grounds(const AccessPolicy& policy) {
  std::set<std::string> names;
  for (const auto& [name, ground] : policy.parts().grounds) {
    if (ground.kind == GroundKind::kHolder) names.insert(name);
  }
  return names;
}

}  // namespace certbridge::host
