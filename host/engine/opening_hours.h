// When a counterpart is open, by its calendar.
#pragma once

#include <optional>

#include "config/delivery_policy.h"

namespace certbridge::host {

// Reads nothing but the time it is given: whatever the clock did before does not matter.
bool is_open(const DeliveryPolicy& policy, Timestamp now);
// When it opens next, to the minute; none when it does not within a year. For people.
std::optional<Timestamp> opens_next(const DeliveryPolicy& policy, Timestamp now);
// The window of announced maintenance that `now` is in; null outside of any.
const MaintenanceWindow* maintenance_at(const DeliveryPolicy& policy, Timestamp now);

}  // namespace certbridge::host
