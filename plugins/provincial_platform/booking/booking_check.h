// The responder of kind "booking-check": what would become of the rows of a case.
#pragma once

#include <memory>

#include "certbridge/context.h"

namespace certbridge::provincial_platform {

// Question: records with one set "parameters" of one row, whose field is the case number. Answer:
// records with one set "bookings", a row for each booking: `booking`, `unit`, `kind` (RecType,
// where it is known), `state` ("whole"; "incomplete" while rows that it must have are not there;
// "wrong") and for the last two `sentence`, with places and rules and without values. Empty when
// the case has no booking. Codes: those of ask_rows(), "provincial.facts" for rows of no booking.
Result<std::unique_ptr<Responder>> make_booking_check(Context& context);

}  // namespace certbridge::provincial_platform
