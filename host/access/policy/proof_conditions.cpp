#include <algorithm>
#include <array>

#include "access/policy/asked.h"
#include "access/policy/same_holder.h"
#include "certbridge/text.h"
#include "journal/seeded_fault.h"

namespace certbridge::host {
namespace {

// Clocks of two machines differ; a number that was given later than that is no proof of now.
constexpr std::chrono::minutes kClockDifference{1};

std::string_view number_has_its_form(const Asked& it) {
  if (it.ground->kind == GroundKind::kHolder) return "";
  if (it.ground->kind == GroundKind::kDuty)
    return it.request.ground.empty() ? "reason.missing" : "";
  if (it.request.ground.empty()) return "number.missing";
  if (!it.ground->number) return "";
  return it.ground->number->fits(it.request.ground) ? "" : "number.form";
}

std::string_view case_was_learned(const Asked& it) {
  if (!it.is_by_case() || seeded_fault("access_allows_on_error")) return "";
  if (!it.facts.case_trouble.empty() || !it.facts.case_facts) return "case.unavailable";
  return "";
}

// None where only a seeded fault came to here.
const CaseFacts* case_of(const Asked& it) {
  return it.is_by_case() && it.facts.case_facts ? &*it.facts.case_facts : nullptr;
}

std::string_view case_is_the_one(const Asked& it) {
  const CaseFacts* facts = case_of(it);
  if (facts == nullptr) return "";
  if (!facts->known) return "case.unknown";
  const std::string& number = it.request.provisional ? facts->provisional_no : facts->case_no;
  const bool same = fold_width_and_blanks(number) == fold_width_and_blanks(it.request.ground);
  return same ? "" : "case.other";
}

// A provisional number whose case was accepted since is as good as the case's.
std::string_view case_is_accepted(const Asked& it) {
  const CaseFacts* facts = case_of(it);
  if (facts == nullptr || !facts->provisional) return "";
  const auto limit = it.ground->demands.provisional;
  if (!it.request.provisional || !limit) return "case.provisional";
  const auto age = it.request.when - facts->started;
  return age >= -kClockDifference && age <= *limit ? "" : "case.provisional_expired";
}

std::string_view case_is_open(const Asked& it) {
  const CaseFacts* facts = case_of(it);
  return facts != nullptr && it.ground->demands.open && !facts->open ? "case.closed" : "";
}

std::string_view case_is_of_the_unit(const Asked& it) {
  const CaseFacts* facts = case_of(it);
  if (facts == nullptr || !it.ground->demands.unit) return "";
  return is_of_units(it.request.caller, {facts->unit}) ? "" : "case.unit";
}

std::string_view person_handles_the_case(const Asked& it) {
  const CaseFacts* facts = case_of(it);
  const CaseDemands& demands = it.ground->demands;
  if (facts == nullptr || !demands.handler) return "";
  if (!demands.issuer.empty() && it.person()->issuer != demands.issuer) return "case.handler";
  const auto& handlers = facts->handlers;
  const bool handles =
      std::find(handlers.begin(), handlers.end(), it.person()->id) != handlers.end();
  return handles ? "" : "case.handler";
}

std::string_view holder_is_named(const Asked& it) {
  return it.ground->holder_needed && !it.request.holder ? "holder.missing" : "";
}

QueriedHolder as_demanded(const CaseDemands& demands, QueriedHolder holder) {
  if (!demands.names) holder.name.clear();
  return holder;
}

// Of the case, those whose role counts and who can be told apart.
std::vector<QueriedHolder> parties_of(const Asked& it, const CaseFacts& facts) {
  std::vector<QueriedHolder> parties;
  for (const CaseParty& party : facts.parties) {
    if (!it.ground->demands.roles.contains(party.role) || party.who.code.empty()) continue;
    if (it.ground->demands.names && party.who.name.empty()) continue;
    parties.push_back(as_demanded(it.ground->demands, party.who));
  }
  return parties;
}

std::string_view holder_is_a_party(const Asked& it) {
  const CaseFacts* facts = case_of(it);
  if (facts == nullptr) return "";
  const auto parties = parties_of(it, *facts);
  const auto is_asked_about = [&](const QueriedHolder& party) {
    return !it.request.holder || is_same_holder(party, *it.request.holder);
  };
  return std::any_of(parties.begin(), parties.end(), is_asked_about) ? "" : "holder.no_party";
}

std::string_view holder_is_himself(const Asked& it) {
  if (it.ground->kind != GroundKind::kHolder) return "";
  const auto& himself = it.person()->himself;
  if (!himself || himself->code.empty()) return "holder.not_himself";
  const bool same = !it.request.holder ||
                    is_same_holder({"", himself->code_type, himself->code}, *it.request.holder);
  return same ? "" : "holder.not_himself";
}

std::string_view types_are_covered(const Asked& it) { return allowed_types(it).problem; }

std::string_view uses_are_left(const Asked& it) {
  if (!it.ground->most_uses || seeded_fault("access_allows_on_error")) return "";
  if (!it.facts.uses_known) return "uses.unknown";
  return it.facts.uses < *it.ground->most_uses ? "" : "uses.exhausted";
}

constexpr std::array<Condition, 12> kConditions{
    &number_has_its_form, &case_was_learned,    &case_is_the_one,         &case_is_accepted,
    &case_is_open,        &case_is_of_the_unit, &person_handles_the_case, &holder_is_named,
    &holder_is_a_party,   &holder_is_himself,   &types_are_covered,       &uses_are_left};

}  // namespace

std::span<const Condition> conditions_of_the_proof() { return kConditions; }

AllowedTypes allowed_types(const Asked& it) {
  const auto& wanted = it.request.types;
  TypeScope types = wanted.empty() ? TypeScope::every() : TypeScope::of_words(wanted);
  types = types.cut_to(it.ground->types);
  if (types.empty()) return {types, "type.not_allowed"};
  if (it.authorisation != nullptr) types = types.cut_to(it.authorisation->types);
  if (types.empty()) return {types, "authorisation.scope"};
  const CaseFacts* facts = case_of(it);
  if (facts != nullptr && it.ground->demands.materials) {
    types = types.cut_to(TypeScope::of(facts->materials));
  }
  if (types.empty()) return {types, "type.no_material"};
  types = types.without(it.policy.denials.types);
  return {types, types.empty() ? "deny.type" : ""};
}

std::vector<QueriedHolder> allowed_holders(const Asked& it) {
  const CaseFacts* facts = case_of(it);
  if (it.ground->kind == GroundKind::kHolder) {
    return {{"", it.person()->himself->code_type, it.person()->himself->code}};
  }
  if (facts != nullptr && !it.request.holder) return parties_of(it, *facts);
  if (!it.request.holder) return {};
  return {facts == nullptr
              ? QueriedHolder{"", it.request.holder->code_type, it.request.holder->code}
              : as_demanded(it.ground->demands, *it.request.holder)};
}

}  // namespace certbridge::host
