#include <algorithm>
#include <initializer_list>
#include <span>

#include "access/policy/asked.h"
#include "access/policy/decision_codes.h"
#include "access/policy/decision_inputs.h"
#include "access/policy/same_holder.h"

namespace certbridge::host {
namespace {

Asked asked_of(const AccessPolicy::Parts& parts, const AccessRequest& request,
               const AccessFacts& facts) {
  Asked asked{parts, request, facts};
  asked.ground = parts.ground(request.ground_kind);
  asked.purpose = parts.purpose(request.purpose);
  const auto found = parts.authorisations.find(request.authorisation);
  if (found != parts.authorisations.end()) asked.authorisation = &found->second;
  return asked;
}

using Conditions = std::span<const Condition>;

// The first condition that does not hold gives the code.
std::string_view code_of(const Asked& asked, std::initializer_list<Conditions> all) {
  for (const Conditions& conditions : all) {
    for (const Condition condition : conditions) {
      if (const std::string_view code = condition(asked); !code.empty()) return code;
    }
  }
  return kAllowedCode;
}

// What facts are of no use for.
std::string_view code_before_the_proof(const Asked& asked) {
  return code_of(asked,
                 {conditions_of_barring(), conditions_of_the_ground(), conditions_of_the_person()});
}

std::string_view code_of(const Asked& asked) {
  const std::string_view before = code_before_the_proof(asked);
  return before == kAllowedCode ? code_of(asked, {conditions_of_the_proof()}) : before;
}

Permission permission_of(const Asked& asked) {
  Permission permission;
  permission.types = allowed_types(asked).types.words();
  const Words& barred = asked.policy.denials.types;
  permission.barred_types.assign(barred.begin(), barred.end());
  permission.holders = allowed_holders(asked);
  permission.purpose = asked.request.purpose;
  permission.original_file = asked.request.original_file;
  return permission;
}

std::vector<std::string> obligations_of(const Asked& asked) {
  const auto& limit = asked.ground->demands.provisional;
  const auto& facts = asked.facts.case_facts;
  if (!asked.is_by_case() || !limit || !facts || !facts->provisional) return {};
  return {"provisional:" + std::to_string(limit->count())};
}

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

NeededFacts needed_facts(const AccessPolicy& policy, const AccessRequest& request) {
  const AccessFacts none;
  const Asked asked = asked_of(policy.parts(), request, none);
  const bool open = asked.ground != nullptr && could_be_kept(request) &&
                    code_before_the_proof(asked) == kAllowedCode;
  if (!open) return {};
  return {asked.ground->kind == GroundKind::kCase, asked.ground->most_uses.has_value()};
}

Decision decide(const AccessPolicy& policy, const AccessRequest& request,
                const AccessFacts& facts) {
  const Asked asked = asked_of(policy.parts(), request, facts);
  Decision decision;
  decision.policy = policy.version();
  if (asked.ground != nullptr) decision.ground = asked.ground->name;
  KeptInputs kept = kept_inputs(request, facts);
  decision.inputs = std::move(kept.xml);
  decision.code = kept.fit ? code_of(asked) : kUnfitInputs;
  decision.sentence = sentence_of(decision.code);
  decision.allowed = decision.code == kAllowedCode;
  if (!decision.allowed) return decision;
  decision.permission = permission_of(asked);
  decision.obligations = obligations_of(asked);
  return decision;
}

bool is_shown_to_holder(const AccessPolicy& policy, const std::string& ground) {
  const Ground* found = policy.parts().ground(ground);
  return found == nullptr || found->shown_to_holder;
}

bool permits(const Permission& permission, const FoundCertificate& found) {
  const bool every = permission.types == std::vector<std::string>{"*"};
  if (!every && !has(permission.types, found.type_code)) return false;
  if (has(permission.barred_types, found.type_code)) return false;
  if (permission.holders.empty()) return true;
  return std::any_of(found.holders.begin(), found.holders.end(), [&](const QueriedHolder& of) {
    return std::any_of(
        permission.holders.begin(), permission.holders.end(),
        [&](const QueriedHolder& permitted) { return is_same_holder(permitted, of); });
  });
}

}  // namespace certbridge::host
