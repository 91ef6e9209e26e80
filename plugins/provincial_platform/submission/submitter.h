// The sink of kind "submitter": booked facts to the provincial platform.
#pragma once

#include <memory>

#include "certbridge/context.h"

namespace certbridge::provincial_platform {

// Errors: those of parse_profile(), parse_patch() and SigningKey::parse(), "provincial.option" for
// a file that cannot be read, and the context's.
Result<std::unique_ptr<Sink>> make_submitter(Context& context);

}  // namespace certbridge::provincial_platform
