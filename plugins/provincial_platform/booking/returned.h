// The sink of kind "returned-bookings": what was reported of a case that was returned (退回) since.
#pragma once

#include <memory>

#include "certbridge/context.h"

namespace certbridge::provincial_platform {

// The platform has no message that takes a booking back. Each one that it has becomes a parked
// delivery ("provincial.returned") with case, unit and number, a log event and a count, until a
// person has settled it with the province. Errors: the context's.
Result<std::unique_ptr<Sink>> make_returned_bookings(Context& context);

}  // namespace certbridge::provincial_platform
