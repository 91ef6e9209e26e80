// The processor of kind "bookings": an event to one message for each booked right and unit.
#pragma once

#include <map>
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
// Header of a booking that was fetched for a daily log before the registration system told of it:
// the day of the log, "2026-11-27".
inline constexpr const char* kFetchedFor = "fetched-for";
// Headers of a message that repeats or changes an earlier one: the earlier BizMsgID, and as what.
inline constexpr const char* kResendOf = "resend-of";
inline constexpr const char* kResendAs = "resend-as";
inline constexpr const char* kAsLate = "late";
inline constexpr const char* kAsAgain = "again";
inline constexpr const char* kAsUpdate = "update";

struct Booking {
  std::string id{};                // of the right at the registration system; may be empty
  std::string key{};               // what it is known by among those of its case
  std::vector<RecordSet> facts{};  // begins with the set "head" and its row
};

// Each booking of a case, from all rows of the case: a row of the set "head" is a
// booking, and rows of tables are its own when they have the same value in the field "booking";
// rows without that field are of every booking. Bookings that have one case number get "-1", "-2",
// … behind it, in the order of their rows; one that has a RecFlowID in `known` keeps it, and no
// other gets the same. "provincial.facts" without head rows and for a row of no booking.
using Flows = std::map<std::string, std::string, std::less<>>;  // RecFlowID by the booking's key
Result<std::vector<Booking>> bookings_of(const std::vector<RecordSet>& sets, const Flows& known);
// Whether there are rows of any booking.
bool has_bookings(const std::vector<RecordSet>& sets);
// The key of the booking that a message is about, by its headers.
std::string booking_key(const Headers& headers);

// The first order key of a unit, under whatever route's name.
std::optional<OrderKey> unit_key_of(const Message& message);

// The message about one booking that an event makes; kept in order with what else is about its
// unit, under the kind that the event has for units.
Message booking_message(const Message& event, const Booking& booking);

// What was reported and is the same makes no message; what changed since the platform accepted it
// makes one that updates it; while the platform has not decided, or refused it, the event waits.
Result<std::unique_ptr<Processor>> make_bookings(Context& context);

}  // namespace certbridge::provincial_platform
