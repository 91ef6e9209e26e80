// How many sends the counterpart's quota leaves in this hour and on this day.
#pragma once

#include <cstdint>
#include <map>

#include "config/delivery_policy.h"

namespace certbridge::host {

// Counts by full hours of the endpoint's zone. A wall clock that is set back finds what was counted
// in that hour before. One thread at a time.
class Quota {
 public:
  explicit Quota(const DeliveryPolicy& policy) : policy_(policy) {}

  bool is_limited() const { return policy_.limits.per_hour > 0 || policy_.limits.per_day > 0; }
  // The hour that a send counts to: hours since 1970 in the zone.
  std::int64_t hour_of(Timestamp now) const;
  // What was counted before a restart.
  void restore(std::int64_t hour, std::int64_t sends) { sends_[hour] = sends; }
  std::int64_t left(Timestamp now) const;
  void take(std::int64_t hour);
  void give_back(std::int64_t hour) { --sends_[hour]; }
  // When there is something left again.
  Timestamp renews(Timestamp now) const;
  // The first hour whose sends still matter.
  std::int64_t first_hour(Timestamp now) const;

 private:
  std::int64_t in_hour(std::int64_t hour) const;
  std::int64_t in_day_of(std::int64_t hour) const;

  DeliveryPolicy policy_;
  std::map<std::int64_t, std::int64_t> sends_{};
};

}  // namespace certbridge::host
