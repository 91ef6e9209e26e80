// The sink of kind "daily-log": what was booked on a day to the province's daily log.
#pragma once

#include <memory>

#include "certbridge/context.h"

namespace certbridge::provincial_platform {

// Errors: those of parse_log_form() and SigningKey::parse(), "provincial.option", and the
// context's.
Result<std::unique_ptr<Sink>> make_log_sender(Context& context);

// The form of the option `form`, for every component that knows daily logs.
struct LogForm;
Result<LogForm> log_form_of(const Config& config);

}  // namespace certbridge::provincial_platform
