// Bookings that were fetched for a daily log before the registration system told of them.
#pragma once

#include "certbridge/context.h"

namespace certbridge::provincial_platform {

// Header of a booking that was fetched: the day of the log, "2026-11-27".
inline constexpr const char* kFetchedFor = "fetched-for";

// Whether the last message about this booking was fetched and has the same rows: an event that
// comes later adds nothing, and would be a second upload. Codes of Facts.
Result<bool> was_fetched(const Facts& facts, const Message& booking);

}  // namespace certbridge::provincial_platform
