#include "engine/backoff.h"

#include <algorithm>
#include <cmath>

namespace certbridge::host {

std::chrono::milliseconds retry_delay(const RetryPolicy& policy, int attempts, double dice,
                                      std::optional<std::chrono::milliseconds> retry_after) {
  const double most = static_cast<double>(policy.most.count());
  const double first = static_cast<double>(policy.first.count());
  const double plain = std::min(most, first * std::pow(policy.factor, std::max(0, attempts - 1)));
  const double shaken = plain * (1.0 + policy.jitter * (2.0 * dice - 1.0));
  const std::chrono::milliseconds delay(static_cast<std::int64_t>(std::min(most, shaken)));
  return retry_after ? std::max(delay, *retry_after) : delay;
}

std::chrono::milliseconds incomplete_delay(std::chrono::milliseconds first,
                                           std::chrono::milliseconds waited,
                                           std::optional<std::chrono::milliseconds> retry_after) {
  constexpr std::chrono::milliseconds kMost = std::chrono::minutes(5);
  const auto grown = std::max(first, std::min(kMost, waited / 50));
  return retry_after ? std::max(grown, *retry_after) : grown;
}

}  // namespace certbridge::host
