#include "engine/token_bucket.h"

#include <algorithm>
#include <cmath>

namespace certbridge::host {
namespace {

constexpr std::int64_t kUnlimited = 1'000'000;

}  // namespace

TokenBucket::TokenBucket(const DeliveryLimits& limits)
    : per_second_(limits.per_second), most_(std::max(1, limits.burst)), tokens_(most_) {}

void TokenBucket::fill(Moment now) {
  if (!started_) filled_ = now;
  started_ = true;
  if (now <= filled_) return;
  const double seconds = std::chrono::duration<double>(now - filled_).count();
  tokens_ = std::min(most_, tokens_ + seconds * per_second_);
  filled_ = now;
}

std::int64_t TokenBucket::left(Moment now) {
  if (per_second_ <= 0) return kUnlimited;
  fill(now);
  // What is missing to a whole one by rounding alone is there.
  return static_cast<std::int64_t>(std::floor(tokens_ + 1e-9));
}

void TokenBucket::take(Moment now) {
  if (per_second_ <= 0) return;
  fill(now);
  tokens_ -= 1;
}

void TokenBucket::give_back() { tokens_ = std::min(most_, tokens_ + 1); }

std::chrono::milliseconds TokenBucket::until_next(Moment now) {
  if (left(now) > 0) return std::chrono::milliseconds(0);
  const double seconds = (1 - tokens_) / per_second_;
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(seconds * 1000)));
}

}  // namespace certbridge::host
