// A request beside what the policy says of it, and the conditions that are looked at one by one.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "access/policy/access_policy_parts.h"
#include "access/policy/decision.h"

namespace certbridge::host {

struct Asked {
  const AccessPolicy::Parts& policy;
  const AccessRequest& request;
  const AccessFacts& facts;
  const Ground* ground = nullptr;                // none of that name
  const Authorisation* authorisation = nullptr;  // none of that id
  const Purpose* purpose = nullptr;

  const std::optional<AssertedPerson>& person() const { return request.caller.person; }
  bool is_by_case() const { return ground->kind == GroundKind::kCase; }
  bool is_by_authorisation() const { return !request.authorisation.empty(); }
};

// A condition: the code of why it does not hold, or an empty text. Behind the one that there is
// such a ground, `ground` is not null.
using Condition = std::string_view (*)(const Asked&);
std::span<const Condition> conditions_of_barring();     // barring.cpp
std::span<const Condition> conditions_of_the_ground();  // ground_conditions.cpp
std::span<const Condition> conditions_of_the_person();  // person_conditions.cpp
std::span<const Condition> conditions_of_the_proof();   // proof_conditions.cpp

// "issuer/id".
std::string full_id(const AssertedPerson& person);
// Whether the system's unit and the person's, where he has one, are among `units`.
bool is_of_units(const Caller& caller, const Words& units);

// What was asked for, less what the ground, the authorisation and the case do not cover.
struct AllowedTypes {
  TypeScope types{};
  std::string_view problem{};  // code of what left none of them
};
AllowedTypes allowed_types(const Asked& asked);

// Holders of the permission; empty: any. The proof holds already.
std::vector<QueriedHolder> allowed_holders(const Asked& asked);

}  // namespace certbridge::host
