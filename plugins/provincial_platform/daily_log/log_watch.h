// The sink of kind "log-watch": says when no version of a day's log was
// accepted by the province's deadline.
#pragma once

#include <memory>

#include "certbridge/context.h"

namespace certbridge::provincial_platform {

// Errors: those of parse_log_form(), "provincial.option", and the context's.
Result<std::unique_ptr<Sink>> make_log_watch(Context& context);

}  // namespace certbridge::provincial_platform
