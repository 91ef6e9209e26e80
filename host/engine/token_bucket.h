// How many calls a rate allows just now.
#pragma once

#include <chrono>
#include <cstdint>

#include "config/delivery_policy.h"

namespace certbridge::host {

// Fills at the rate up to the burst, on the steady clock. One thread at a time.
class TokenBucket {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  // Full at the start. Without a rate it never runs out.
  explicit TokenBucket(const DeliveryLimits& limits);

  bool is_limited() const { return per_second_ > 0; }
  std::int64_t left(Moment now);
  void take(Moment now);
  void give_back();
  // How long until one is there; zero when one is.
  std::chrono::milliseconds until_next(Moment now);

 private:
  void fill(Moment now);

  double per_second_;
  double most_;
  double tokens_;
  Moment filled_{};
  bool started_ = false;
};

}  // namespace certbridge::host
