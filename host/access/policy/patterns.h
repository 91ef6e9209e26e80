// How much one person and one system ask, and what is unusual in it: what no single request shows.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "access/policy/access_times.h"
#include "access/policy/decision.h"
#include "certbridge/context.h"

namespace certbridge::host {

// 0: no limit. Minutes and days are those of the clock, days of Beijing.
struct AccessLimits {
  std::uint32_t requests_per_minute = 0;
  std::uint32_t holders_per_day =
      0;  // different ones; a certificate is one where no holder is named
};

// <limits>, <flags> and <office-hours> of access.xml.
struct PatternSettings {
  AccessLimits person{};
  AccessLimits system{};
  std::map<std::string, AccessLimits, std::less<>>
      systems{};  // of callers.xml: instead of `system`
  std::map<std::string, AccessLimits, std::less<>> persons_of{};  // by system: instead of `person`
  std::uint32_t cases_of_a_holder = 0;                            // of a day; 0: not flagged
  std::uint32_t denials_of_a_person = 0;                          // of a day; 0: not flagged
  bool flags_outside_office_hours = false;
  OfficeHours office_hours{};
  std::size_t most_counted = 1'000'000;  // persons, systems, holders and their pairs, 40 bytes each
};
PatternSettings pattern_settings(const AccessPolicy& policy);

// Any thread. Counts are in memory and begin anew with the process; holders are kept as digests.
class AccessPatterns {
 public:
  // Lends the clock.
  AccessPatterns(PatternSettings settings, const Clock& clock);
  ~AccessPatterns();

  // Before decide(): counts the request, and answers the code with which it is to be denied, or an
  // empty text. "limit.person_requests", "limit.system_requests", "limit.person_holders",
  // "limit.system_holders"; "limit.memory" when nobody else can be counted.
  std::string refusal(const AccessRequest& request);

  // After the decision: codes of what is to be looked at, for records of the kind flag; each once a
  // day for the same person or holder. "pattern.holder_in_several_cases",
  // "pattern.repeated_denials", "pattern.outside_office_hours".
  std::vector<std::string> flags(const AccessRequest& request, const Decision& decision);

 private:
  struct Counts;
  bool is_in_several_cases(const AccessRequest& request, const Decision& decision);
  bool is_denied_again(const std::string& who);

  PatternSettings settings_;
  const Clock& clock_;
  std::unique_ptr<Counts> counts_;
};

}  // namespace certbridge::host
