#include <algorithm>
#include <array>

#include "access/policy/asked.h"

namespace certbridge::host {
namespace {

std::string_view system_may_use_it(const Asked& it) {
  const Words& systems = it.ground->users.systems;
  return systems.empty() || systems.contains(it.request.caller.system) ? "" : "system.not_allowed";
}

std::string_view unit_may_use_it(const Asked& it) {
  const Words& units = it.ground->users.units;
  return units.empty() || is_of_units(it.request.caller, units) ? "" : "unit.not_allowed";
}

std::string_view person_is_there(const Asked& it) {
  return it.ground->users.person_needed && !it.person() ? "person.missing" : "";
}

// An issuer who knows citizens does not know who is a clerk.
std::string_view issuer_counts(const Asked& it) {
  const Words& issuers = it.ground->users.issuers;
  return issuers.empty() || issuers.contains(it.person()->issuer) ? "" : "person.issuer";
}

std::string_view has_his_role(const Asked& it) {
  if (it.request.role.empty()) return "";
  if (!it.person()) return "role.not_held";
  const auto& roles = it.person()->roles;
  const bool held = std::find(roles.begin(), roles.end(), it.request.role) != roles.end();
  return held ? "" : "role.not_held";
}

std::string_view has_proved_himself(const Asked& it) {
  const auto wanted = it.policy.level(it.ground->users.level);
  if (!wanted) return "";
  const auto level = it.person() ? it.policy.level(it.person()->level) : std::nullopt;
  return level && *level >= *wanted ? "" : "person.level";
}

std::string_view is_his_duty(const Asked& it) {
  if (it.is_by_authorisation()) return "";
  if (it.ground->users.granted_by == GrantedBy::kAuthorisation) return "authorisation.needed";
  const Words& roles = it.ground->users.roles;
  return roles.empty() || roles.contains(it.request.role) ? "" : "role.not_allowed";
}

bool is_given_to(const Authorisation& authorisation, const Asked& it) {
  const bool person = authorisation.persons.empty() ||
                      (it.person() && authorisation.persons.contains(full_id(*it.person())));
  const bool unit =
      authorisation.units.empty() || is_of_units(it.request.caller, authorisation.units);
  return person && unit;
}

std::string_view is_authorised(const Asked& it) {
  if (!it.is_by_authorisation()) return "";
  if (it.ground->users.granted_by == GrantedBy::kDuty) return "authorisation.not_taken";
  if (it.authorisation == nullptr) return "authorisation.unknown";
  if (!is_given_to(*it.authorisation, it)) return "authorisation.of_others";
  if (!it.authorisation->period.has_begun(it.request.when)) return "authorisation.not_begun";
  if (it.authorisation->period.has_ended(it.request.when)) return "authorisation.expired";
  const bool covered = it.authorisation->grounds.contains(it.ground->name) &&
                       it.authorisation->purposes.contains(it.request.purpose);
  return covered ? "" : "authorisation.scope";
}

constexpr std::array<Condition, 8> kConditions{
    &system_may_use_it, &unit_may_use_it,    &person_is_there, &issuer_counts,
    &has_his_role,      &has_proved_himself, &is_his_duty,     &is_authorised};

}  // namespace

std::span<const Condition> conditions_of_the_person() { return kConditions; }

std::string full_id(const AssertedPerson& person) { return person.issuer + "/" + person.id; }

bool is_of_units(const Caller& caller, const Words& units) {
  if (!units.contains(caller.unit)) return false;
  return !caller.person || caller.person->unit.empty() || units.contains(caller.person->unit);
}

}  // namespace certbridge::host
