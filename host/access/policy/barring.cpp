#include <algorithm>
#include <array>

#include "access/policy/asked.h"

namespace certbridge::host {
namespace {

std::string_view system_is_not_barred(const Asked& it) {
  return it.policy.denials.systems.contains(it.request.caller.system) ? "deny.system" : "";
}

std::string_view person_is_not_barred(const Asked& it) {
  const bool barred = it.person() && it.policy.denials.persons.contains(full_id(*it.person()));
  return barred ? "deny.person" : "";
}

std::string_view unit_is_not_barred(const Asked& it) {
  const Words& units = it.policy.denials.units;
  const bool barred =
      units.contains(it.request.caller.unit) || (it.person() && units.contains(it.person()->unit));
  return barred ? "deny.unit" : "";
}

// Among others a barred type is left out (allowed_types()).
std::string_view not_only_barred_types(const Asked& it) {
  const auto& types = it.request.types;
  const bool all = !types.empty() && std::all_of(types.begin(), types.end(), [&](const auto& type) {
    return it.policy.denials.types.contains(type);
  });
  return all ? "deny.type" : "";
}

constexpr std::array<Condition, 4> kConditions{&system_is_not_barred, &person_is_not_barred,
                                               &unit_is_not_barred, &not_only_barred_types};

}  // namespace

std::span<const Condition> conditions_of_barring() { return kConditions; }

}  // namespace certbridge::host
