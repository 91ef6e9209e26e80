// A decision made once more from what its record keeps.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/policy/decision.h"
#include "access/policy/masks.h"
#include "access/records/access_record.h"
#include "certbridge/result.h"

namespace certbridge::host {

class AccessPolicy;

// One input, for people.
struct NamedInput {
  std::string name{};  // "request.purpose", "case.parties"
  std::string value{};
  bool personal = false;
  Mask mask = Mask::kAll;  // how a personal one is shown to whom it is not unmasked
};
std::vector<NamedInput> named_inputs(const DecisionInputs& inputs);

// Digest of the policy that a record names: "sm3:..."; empty when it names none.
std::string policy_digest(std::string_view version);

struct Recomputed {
  DecisionInputs inputs{};
  Decision decision{};
  // What differs between the record and what comes out of its inputs: "code: the record says
  // `allowed`, now `case.closed`". Nothing personal. Empty: the same.
  std::vector<std::string> differences{};
};

// Whether the record was denied by a counter that lives in memory: such a one cannot be made again.
bool is_by_a_limit(const AccessRecord& record);

// With the policy of the digest that the record names. Permanent errors:
//   access.no_inputs     the record keeps none: a flag, a further certificate of a query, or the
//   key
//                        of them was destroyed
//   access.inputs        what it keeps is not what this program writes
//   access.other_policy  the record was decided by a policy of another digest
Result<Recomputed> recompute(const AccessPolicy& policy, const AccessRecord& record);

}  // namespace certbridge::host
