#include "fetched.h"

#include "bookings.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::size_t kMostOfOneUnit = 10'000;

std::string header_or_empty(const Headers& headers, const char* name) {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

bool is_about_same(const Headers& one, const Headers& other) {
  for (const char* name : {kBookingCase, kBookingUnit, kBookingType}) {
    if (header_or_empty(one, name) != header_or_empty(other, name)) return false;
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
    fetched =
        fact.headers.contains(kFetchedFor) && header_or_empty(fact.headers, kBookingDigest) ==
                                                  header_or_empty(booking.headers, kBookingDigest);
  }
  return fetched;
}

}  // namespace certbridge::provincial_platform
