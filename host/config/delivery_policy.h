// When and how fast an endpoint is delivered to. Local times are those of the endpoint's zone.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "certbridge/message.h"

namespace certbridge::host {

// Opens after so many failures in a row; then one delivery at a time probes, with doubled pauses.
struct BreakerPolicy {
  int failures = 5;
  std::chrono::milliseconds first_probe{2'000};
  std::chrono::milliseconds longest_probe{60'000};
};

// 0: no limit. A quota counts sends in each full hour and each calendar day; the rate is that of a
// bucket which holds `burst` calls at most.
struct DeliveryLimits {
  std::int64_t per_hour = 0;
  std::int64_t per_day = 0;
  double per_second = 0;
  int burst = 1;
};

// Minutes of the day from `from` (included) to `to` (not included; 1440 is midnight). A window with
// `to` before `from` ends on the day after, and belongs to the day on which it began.
struct OpenWindow {
  std::uint8_t days = 0x7F;  // bit 0 is Monday
  int from = 0;
  int to = 1440;
};
struct ClosedDays {  // both days included
  std::chrono::local_days from{};
  std::chrono::local_days to{};
};
// Always open when there is no window; a window that begins on a closed day does not open.
struct OpeningHours {
  std::vector<OpenWindow> windows{};
  std::vector<ClosedDays> closed{};
};

struct MaintenanceWindow {
  Timestamp from{};
  Timestamp to{};  // not included
};

// Of a counterpart that says "received" and leaves its verdict to be fetched.
struct VerdictPolicy {
  std::chrono::milliseconds ask{0};    // between two questions about an open receipt; 0: when due
  std::chrono::milliseconds watch{0};  // how long what was accepted may still be rejected; 0: not
  std::chrono::milliseconds look{21'600'000};  // between two looks at what was accepted
  bool repair_holds = false;  // later deliveries of a key wait for the repair of what was rejected
};

struct DeliveryPolicy {
  std::chrono::minutes zone{480};  // ahead of UTC
  BreakerPolicy breaker{};
  VerdictPolicy verdicts{};
  DeliveryLimits limits{};
  OpeningHours hours{};
  std::vector<MaintenanceWindow> maintenance{};
};

}  // namespace certbridge::host
