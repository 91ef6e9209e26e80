// The processor of kind "missing-bookings": what was booked on a day and never came here, fetched.
#pragma once

#include <memory>

#include "certbridge/context.h"

namespace certbridge::provincial_platform {

Result<std::unique_ptr<Processor>> make_missing_bookings(Context& context);

}  // namespace certbridge::provincial_platform
