// The processor of kind "booked-day": a day that has come to what was booked on it.
#pragma once

#include <memory>

#include "certbridge/context.h"

namespace certbridge::provincial_platform {

Result<std::unique_ptr<Processor>> make_day_reader(Context& context);

}  // namespace certbridge::provincial_platform
