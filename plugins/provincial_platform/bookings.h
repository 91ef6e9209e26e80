// The processor of kind "bookings": an event to one message for each booked right and unit.
#pragma once

#include <memory>
#include <vector>

#include "certbridge/context.h"
#include "certbridge/record.h"

namespace certbridge::provincial_platform {

// The facts of each booking of a case, from all rows of the case: a row of the set "head" is a
// booking, and rows of tables are its own when they have the same value in the field "booking";
// rows without that field are of every booking. Bookings that have one case number get "-1", "-2",
// … behind it, in the order of their rows. "provincial.facts" without head rows and for a row of no
// booking.
Result<std::vector<std::vector<RecordSet>>> bookings_of(const std::vector<RecordSet>& sets);

Result<std::unique_ptr<Processor>> make_bookings(Context& context);

}  // namespace certbridge::provincial_platform
