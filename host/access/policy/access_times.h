// Days and hours of a policy, in Beijing time (UTC+8 all year).
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

#include "certbridge/message.h"

namespace certbridge::host {

// Days since 1970 and the time of the day, in Beijing.
struct LocalTime {
  std::chrono::local_days day{};
  std::chrono::minutes time{};
};
LocalTime local_time(Timestamp when);

// From the beginning of one day to the end of another; what is not given is open.
struct Period {
  std::optional<std::chrono::local_days> first{};
  std::optional<std::chrono::local_days> last{};

  bool has_begun(Timestamp when) const;
  bool has_ended(Timestamp when) const;
  bool holds(Timestamp when) const { return has_begun(when) && !has_ended(when); }
};

// Without any day set, every time is within them.
struct OfficeHours {
  std::array<bool, 7> days{};  // Sunday first
  std::chrono::minutes from{};
  std::chrono::minutes until{24 * 60};  // not itself

  bool hold(Timestamp when) const;
};

// "2026-11-24"; nothing for what is no day.
std::optional<std::chrono::local_days> parse_day(std::string_view text);
// "08:30" to "24:00".
std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text);

}  // namespace certbridge::host
