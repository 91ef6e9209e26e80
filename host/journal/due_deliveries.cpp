// Picking: one range of an index for each route that has something at the endpoint. The routes on
// hold are left out as a whole, so however much waits there costs the others nothing.
#include <algorithm>
#include <tuple>

#include "journal/failure.h"
#include "journal/queries.h"
#include "journal/reads.h"

namespace certbridge::host {
namespace {

struct Candidate {
  std::int64_t lane = 0;
  std::int64_t order_number = 0;
  std::int64_t id = 0;
};

// Each found by one look into the index. A delivery may also be of no route, which is the first.
std::vector<std::string> routes_of(Reading& reading, const DueQuestion& question,
                                   const char* query) {
  std::vector<std::string> routes{""};
  while (true) {
    Statement& row = reading.connection.select("t", query, question.endpoint, routes.back());
    const bool found = row.next();
    if (found) routes.push_back(row.text(0));
    row.reset();
    if (!found) return routes;
  }
}

void take(Statement& rows, const DueQuestion& question, std::vector<Candidate>& found) {
  std::size_t taken = 0;
  while (taken < question.limit && rows.next()) {
    const Candidate candidate{rows.integer(0), rows.integer(1), rows.integer(2)};
    if (question.exclude.contains(candidate.id)) continue;
    found.push_back(candidate);
    ++taken;
  }
  rows.reset();
}

bool is_held(const DueQuestion& question, const std::string& route) {
  return holding(question.holds, question.endpoint, route) != nullptr;
}

// Rows that have the route too, until as many are found as are wanted.
void take_with_route(Statement& rows, const DueQuestion& question, std::vector<Candidate>& found) {
  while (found.size() < question.limit && rows.next()) {
    const Candidate candidate{rows.integer(0), rows.integer(1), rows.integer(2)};
    if (question.exclude.contains(candidate.id) || is_held(question, rows.text(3))) continue;
    found.push_back(candidate);
  }
  rows.reset();
}

// As many more are asked for as may be excluded. What was accepted is looked at again only where
// there is room.
std::vector<Candidate> candidates(Reading& reading, const DueQuestion& question) {
  const auto rows = static_cast<std::int64_t>(question.limit + question.exclude.size());
  const int down_to = static_cast<int>(question.down_to);
  std::vector<Candidate> found;
  for (const std::string& route : routes_of(reading, question, kReadyRouteQuery)) {
    if (is_held(question, route)) continue;
    take(reading.connection.select("iii", kReadyDeliveriesQuery, question.endpoint, route, down_to,
                                   rows),
         question, found);
  }
  for (const std::string& route : routes_of(reading, question, kDueRouteQuery)) {
    if (is_held(question, route)) continue;
    for (int lane = 1; lane <= down_to; ++lane) {
      take(reading.connection.select("iii", kDueDeliveriesQuery, question.endpoint, route, lane,
                                     question.now.time_since_epoch().count(), rows),
           question, found);
    }
  }
  take_with_route(reading.connection.select("iiit", kWatchedDeliveriesQuery, question.endpoint,
                                            question.now.time_since_epoch().count()),
                  question, found);
  return found;
}

// Those of the first lane, found in an index of their own: they are few, and asked for often.
std::vector<Candidate> urgent(Reading& reading, const DueQuestion& question) {
  std::vector<Candidate> found;
  take_with_route(reading.connection.select("iiit", kUrgentDeliveriesQuery, question.endpoint,
                                            question.now.time_since_epoch().count()),
                  question, found);
  return found;
}

StoredDelivery one_delivery(Reading& reading, std::int64_t id) {
  Statement& row = reading.connection.select(kDeliveryLetters, one_delivery_query().c_str(), id);
  if (!row.next()) {
    throw Failure(Error::fault("journal.damaged",
                               "delivery " + std::to_string(id) + " has lost its message"));
  }
  StoredDelivery delivery = to_delivery(reading, row);
  row.reset();
  return delivery;
}

}  // namespace

std::vector<StoredDelivery> read_due_deliveries(Reading& reading, const DueQuestion& question) {
  std::vector<StoredDelivery> picked;
  if (question.limit == 0) return picked;
  std::vector<Candidate> found = question.down_to == Lane::kRevocation
                                     ? urgent(reading, question)
                                     : candidates(reading, question);
  std::sort(found.begin(), found.end(), [](const Candidate& left, const Candidate& right) {
    return std::tuple(left.lane, left.order_number, left.id) <
           std::tuple(right.lane, right.order_number, right.id);
  });
  if (found.size() > question.limit) found.resize(question.limit);
  for (const Candidate& candidate : found) picked.push_back(one_delivery(reading, candidate.id));
  return picked;
}

}  // namespace certbridge::host
