#include "fetched.h"

#include "bookings.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::size_t kMostOfOneUnit = 10'000;

bool is_about_same(const Headers& one, const Headers& other) {
  for (const char* name : {kBookingCase, kBookingUnit, kBookingType}) {
    if (header_of(one, name) != header_of(other, name)) return false;
  }
  return true;
}

}  // namespace

Result<bool> was_fetched(const Facts& facts, const Message& booking) {
  FactsQuery query;
  query.type = kBookedType;
  query.order_key = unit_key_of(booking);
  const auto known = facts.list(query, kMostOfOneUnit);
  if (!known) return known.error();
  bool fetched = false;
  for (const DeliveryFact& fact : known.value()) {
    if (!is_about_same(fact.headers, booking.headers)) continue;
    fetched = fact.headers.contains(kFetchedFor) &&
              header_of(fact.headers, kBookingDigest) == header_of(booking.headers, kBookingDigest);
  }
  return fetched;
}

}  // namespace certbridge::provincial_platform
