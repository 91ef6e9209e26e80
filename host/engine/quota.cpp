#include "engine/quota.h"

#include <algorithm>

namespace certbridge::host {
namespace {

constexpr std::int64_t kNoQuota = 1'000'000;
constexpr std::int64_t kHoursOfDay = 24;
constexpr std::int64_t kKeptHours = 72;

std::int64_t first_of_day(std::int64_t hour) { return hour - hour % kHoursOfDay; }

}  // namespace

std::int64_t Quota::hour_of(Timestamp now) const {
  return std::chrono::floor<std::chrono::hours>(now.time_since_epoch() + policy_.zone).count();
}

std::int64_t Quota::in_hour(std::int64_t hour) const {
  const auto found = sends_.find(hour);
  return found == sends_.end() ? 0 : found->second;
}

std::int64_t Quota::in_day_of(std::int64_t hour) const {
  std::int64_t sends = 0;
  for (std::int64_t of = first_of_day(hour); of < first_of_day(hour) + kHoursOfDay; ++of) {
    sends += in_hour(of);
  }
  return sends;
}

std::int64_t Quota::left(Timestamp now) const {
  const std::int64_t hour = hour_of(now);
  std::int64_t left = kNoQuota;
  if (policy_.limits.per_hour > 0) left = policy_.limits.per_hour - in_hour(hour);
  if (policy_.limits.per_day > 0) {
    left = std::min(left, policy_.limits.per_day - in_day_of(hour));
  }
  return std::max<std::int64_t>(left, 0);
}

void Quota::take(std::int64_t hour) {
  ++sends_[hour];
  while (!sends_.empty() && sends_.begin()->first < hour - kKeptHours) {
    sends_.erase(sends_.begin());
  }
}

Timestamp Quota::renews(Timestamp now) const {
  const std::int64_t hour = hour_of(now);
  const bool day_is_used = policy_.limits.per_day > 0 && in_day_of(hour) >= policy_.limits.per_day;
  const std::int64_t next = day_is_used ? first_of_day(hour) + kHoursOfDay : hour + 1;
  return Timestamp(std::chrono::milliseconds(std::chrono::hours(next)) - policy_.zone);
}

std::int64_t Quota::first_hour(Timestamp now) const { return hour_of(now) - kKeptHours; }

}  // namespace certbridge::host
