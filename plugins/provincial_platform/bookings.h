// The processor of kind "bookings": an event to one message for each booked right and unit.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "certbridge/context.h"
#include "certbridge/record.h"

namespace certbridge::provincial_platform {

inline constexpr const char* kBookedType = "registration.booked";
inline constexpr const char* kUnitKey = "unit";
inline constexpr const char* kCaseHeader = "case-no";  // of the event: the case's number
// Headers of a booking: its id at the registration system, where it has one; RecFlowID, unit,
// registration type, right type and booking time of its head.
inline constexpr const char* kBookingId = "booking";
inline constexpr const char* kBookingCase = "booking-case";
inline constexpr const char* kBookingUnit = "booking-unit";
inline constexpr const char* kBookingType = "booking-type";
inline constexpr const char* kBookingRight = "booking-right";
inline constexpr const char* kBookingTime = "booking-time";
inline constexpr const char* kBookingDigest = "booking-digest";  // SM3 of the rows, hexadecimal

struct Booking {
  std::string id{};                // of the right at the registration system; may be empty
  std::vector<RecordSet> facts{};  // begins with the set "head" and its row
};

// Each booking of a case, from all rows of the case: a row of the set "head" is a
// booking, and rows of tables are its own when they have the same value in the field "booking";
// rows without that field are of every booking. Bookings that have one case number get "-1", "-2",
// … behind it, in the order of their rows. "provincial.facts" without head rows and for a row of no
// booking.
Result<std::vector<Booking>> bookings_of(const std::vector<RecordSet>& sets);

// Sets of which each booking needs a row before a message is made of it: the option `await`, none
// when it is not given. Codes of the configuration.
Result<std::vector<std::string>> awaited_sets(const Config& config);
// "provincial.incomplete" while the facts of a booking lack one.
Result<void> check_awaited(const Booking& booking, const std::vector<std::string>& awaited);

// The first order key of a unit, under whatever route's name.
std::optional<OrderKey> unit_key_of(const Message& message);

// The message about one booking that an event makes; kept in order with what else is about its
// unit, under the kind that the event has for units.
Message booking_message(const Message& event, const Booking& booking);

Result<std::unique_ptr<Processor>> make_bookings(Context& context);

}  // namespace certbridge::provincial_platform
