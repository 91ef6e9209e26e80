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

// When steps of an incomplete message run again: after `first`, and once it has `waited` long,
// after a fiftieth of that, five minutes at most. A night without a counterpart makes hundreds of
// runs of each message, not tens of thousands.
std::chrono::milliseconds incomplete_delay(std::chrono::milliseconds first,
                                           std::chrono::milliseconds waited,
                                           std::optional<std::chrono::milliseconds> retry_after);

}  // namespace certbridge::host
