// When a failed attempt is tried again.
#pragma once

#include <chrono>
#include <optional>

#include "config/model.h"

namespace certbridge::host {

// Exponential in the number of attempts made so far (1 or more), with jitter. `dice` is a number
// in [0, 1). A counterpart's own wish (`retry_after`) is honoured when it is longer.
std::chrono::milliseconds retry_delay(const RetryPolicy& policy, int attempts, double dice,
                                      std::optional<std::chrono::milliseconds> retry_after);

}  // namespace certbridge::host
