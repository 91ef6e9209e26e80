// May this caller see this? Pure: the same policy, request and facts give the same decision, now
// and ten years later. Default deny: what no ground of the policy allows is denied, and so is
// whatever could not be learned.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/policy/request.h"
#include "certbridge/query.h"
#include "certbridge/result.h"

namespace certbridge::host {

class AccessPolicy;  // access/policy/access_policy.h: immutable, parsed from access.xml

// What was learned for a decision before it was made.
struct AccessFacts {
  // Of the registration system, for a ground that is proved by a case.
  std::optional<CaseFacts> case_facts{};
  // Code of why they could not be had; empty: they could, or were not needed. Means deny.
  std::string case_trouble{};
  std::uint64_t uses = 0;  // of this ground and number by this unit so far, from the access records
  bool uses_known = true;  // false means deny where the ground limits uses
};

// What an allowed access may see.
struct Permission {
  // Type codes; the request's, cut to the ground's and, for a case, to its materials. "*" alone:
  // every type.
  std::vector<std::string> types{};
  // Type codes that never leave, whatever `types` says (<deny type="..."/> of the policy).
  std::vector<std::string> barred_types{};
  // Holders whose certificates may be seen; empty: any. What a source answers about somebody else
  // is not disclosed (permits()).
  std::vector<QueriedHolder> holders{};
  std::string purpose{};       // whose list of fields counts (disclosure.h)
  bool original_file = false;  // else an annotated copy leaves
};

struct Decision {
  bool allowed = false;
  std::string code{};       // "allowed", "case.closed", "holder.no_party"… docs/access-policy.md
  std::string sentence{};   // for the person who asked; no personal data
  std::string policy{};     // version and digest of the policy
  std::string ground{};     // name of the ground that was looked at; empty: none of that name
  Permission permission{};  // of an allowed one
  // Conditions that are met later: "provisional:30" (the number must become a case in so many
  // minutes after the case was begun).
  std::vector<std::string> obligations{};
  // What it was made of, as write_inputs() has it; of decide() alone.
  std::string inputs{};
};

// Whether the facts of a case, and the number of uses, are to be learned first. False where the
// ground needs none, and where the request is denied whatever they are: no such ground, a person
// without the role… Then decide() gives its code without them.
struct NeededFacts {
  bool of_the_case = false;
  bool uses = false;
};
NeededFacts needed_facts(const AccessPolicy& policy, const AccessRequest& request);

Decision decide(const AccessPolicy& policy, const AccessRequest& request, const AccessFacts& facts);

// Whether what a source answered is within the permission: its type, and one of its holders.
bool permits(const Permission& permission, const FoundCertificate& found);

// Whether a holder may learn that somebody used his certificates on the ground of this name. True
// for one that the policy does not have any more: only what it says is hidden.
bool is_shown_to_holder(const AccessPolicy& policy, const std::string& ground);

// What a decision was made of, for AccessRecord::inputs: canonical XML, at most 64 kB. Of a case's
// handlers and parties only those who can matter to this request.
std::string write_inputs(const AccessRequest& request, const AccessFacts& facts);
struct DecisionInputs {
  AccessRequest request{};
  AccessFacts facts{};
};
Result<DecisionInputs> parse_inputs(std::string_view xml);  // "access.inputs"

}  // namespace certbridge::host
