#include "engine/opening_hours.h"

#include <algorithm>

namespace certbridge::host {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::minutes;

constexpr int kMinutesOfDay = 1440;
constexpr int kLongestSearch = 366;  // days

struct LocalTime {
  local_days day{};
  int minute = 0;
};

LocalTime local_time(const DeliveryPolicy& policy, Timestamp now) {
  const std::chrono::local_time<std::chrono::milliseconds> local(now.time_since_epoch() +
                                                                 policy.zone);
  const auto day = std::chrono::floor<days>(local);
  return {day, static_cast<int>(std::chrono::floor<minutes>(local - day).count())};
}

Timestamp moment(const DeliveryPolicy& policy, local_days day, int minute) {
  return Timestamp(std::chrono::milliseconds(day.time_since_epoch() + minutes(minute)) -
                   policy.zone);
}

// Whether the window begins on that day.
bool begins_on(const OpeningHours& hours, const OpenWindow& window, local_days day) {
  const unsigned week_day = std::chrono::weekday(day).iso_encoding() - 1;
  if ((window.days >> week_day & 1U) == 0) return false;
  return std::none_of(hours.closed.begin(), hours.closed.end(), [&](const ClosedDays& closed) {
    return closed.from <= day && day <= closed.to;
  });
}

// Minutes since the beginning of the day on which the window begins.
int end_of(const OpenWindow& window) {
  return window.to < window.from ? window.to + kMinutesOfDay : window.to;
}

bool is_in(const OpeningHours& hours, const OpenWindow& window, const LocalTime& at) {
  if (begins_on(hours, window, at.day) && at.minute >= window.from && at.minute < end_of(window)) {
    return true;
  }
  return begins_on(hours, window, at.day - days(1)) && at.minute + kMinutesOfDay < end_of(window);
}

}  // namespace

bool is_open(const DeliveryPolicy& policy, Timestamp now) {
  const OpeningHours& hours = policy.hours;
  if (hours.windows.empty()) return true;
  const LocalTime at = local_time(policy, now);
  return std::any_of(hours.windows.begin(), hours.windows.end(),
                     [&](const OpenWindow& window) { return is_in(hours, window, at); });
}

std::optional<Timestamp> opens_next(const DeliveryPolicy& policy, Timestamp now) {
  const LocalTime at = local_time(policy, now);
  for (int ahead = 0; ahead <= kLongestSearch; ++ahead) {
    const local_days day = at.day + days(ahead);
    std::optional<int> first;
    for (const OpenWindow& window : policy.hours.windows) {
      if (!begins_on(policy.hours, window, day)) continue;
      if (ahead == 0 && window.from <= at.minute) continue;
      first = std::min(first.value_or(window.from), window.from);
    }
    if (first) return moment(policy, day, *first);
  }
  return {};
}

const MaintenanceWindow* maintenance_at(const DeliveryPolicy& policy, Timestamp now) {
  for (const MaintenanceWindow& window : policy.maintenance) {
    if (window.from <= now && now < window.to) return &window;
  }
  return nullptr;
}

}  // namespace certbridge::host
