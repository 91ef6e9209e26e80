#include "daily_log/log_standing.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::size_t kMostOfOneDay = 1000;

}  // namespace

Result<LogStanding> log_standing(const Facts& facts, const std::string& endpoint,
                                 const AreaDay& day) {
  FactsQuery query;
  query.endpoint = endpoint;
  query.order_key = day.order_key();
  const auto found = facts.list(query, kMostOfOneDay);
  if (!found) return found.error();
  LogStanding standing;
  for (const DeliveryFact& fact : found.value()) {
    standing.accepted = standing.accepted || fact.state == "delivered";
    standing.open = standing.open || fact.state == "open";
    standing.maybe = standing.maybe || fact.state == "sending" || fact.state == "unknown";
    standing.last = fact.state;
  }
  return standing;
}

}  // namespace certbridge::provincial_platform
