// Why an endpoint is delivered nothing for now, as the engine found it: for restarts and for
// people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "certbridge/message.h"

namespace certbridge::host {

enum class PauseCause : std::uint8_t {
  kBreaker = 1,      // it failed too often in a row: an alarm
  kRetryAfter = 2,   // the counterpart said when it wants to be asked again
  kHours = 3,        // outside of its opening hours
  kMaintenance = 4,  // announced maintenance
  kQuota = 5,        // its quota is used up
};
std::string to_text(PauseCause cause);  // "breaker", "retry-after", ...

struct Pause {
  std::string endpoint{};
  PauseCause cause = PauseCause::kBreaker;
  Timestamp since{};
  std::optional<Timestamp> until{};  // when it is looked at next, if that is known
  int failures = 0;                  // breaker: in a row
  int probes = 0;                    // breaker: that failed since it opened
  std::string reason{};              // for people; no personal data
};

// "endpoint library paused by its breaker since ... until ...: reason".
std::string pause_text(const Pause& pause);

// Sends that counted to an endpoint's quota in one hour (hours since 1970 in the endpoint's zone).
struct SendCount {
  std::int64_t hour = 0;
  std::int64_t sends = 0;
};

}  // namespace certbridge::host
