// What becomes of a parked head when a later event of the same certificate waits behind it:
//   an end finds that it never arrived   both are discarded: never published
//   an end finds it refused              the end is final without a call, the head is discarded
//   a newer version finds either         the head is superseded, the newer one goes
//   anyone finds its outcome unknown     the counterpart is asked first, and not sent it again
// Whatever else waits goes on waiting. Each endpoint for itself; nothing is done out of order, for
// what is discarded or superseded here never leaves.
#include <algorithm>

#include "journal/change.h"

namespace certbridge::host {
namespace {

constexpr std::int64_t kMostLookedAt = 1000;

std::vector<DeliveryRow> of_same_certificate(Change& change, const DeliveryRow& row,
                                             const char* query) {
  std::vector<std::int64_t> ids;
  Statement& found = change.connection().select("i", query, Blob{row.certificate}, row.endpoint,
                                                row.order_number, kMostLookedAt);
  while (found.next()) ids.push_back(found.integer(0));
  std::vector<DeliveryRow> rows;
  for (const std::int64_t id : ids) {
    DeliveryRow one = read_delivery(change, id);
    if (one.certificate == row.certificate) rows.push_back(std::move(one));
  }
  return rows;
}
std::vector<DeliveryRow> earlier(Change& change, const DeliveryRow& row) {
  return of_same_certificate(change, row,
                             "select delivery from delivery_keys where digest = ? and endpoint = ? "
                             "and order_number < ? order by order_number limit ?");
}
std::vector<DeliveryRow> later(Change& change, const DeliveryRow& row) {
  return of_same_certificate(change, row,
                             "select delivery from delivery_keys where digest = ? and endpoint = ? "
                             "and order_number > ? order by order_number limit ?");
}

bool is_parked_issue(const DeliveryRow& row) {
  return row.state == DeliveryState::kParked && row.bearing == Bearing::Kind::kIssues;
}
bool waits_unsent(const DeliveryRow& row) {
  return row.state == DeliveryState::kWaiting && row.reach == Reach::kNothing;
}

// Whether all that stands before it is a parked issue and, for an end, what waits behind that.
bool overtakes(const DeliveryRow& row, const std::vector<DeliveryRow>& before) {
  const bool ends = row.bearing == Bearing::Kind::kEnds;
  return std::any_of(before.begin(), before.end(), &is_parked_issue) &&
         std::all_of(before.begin(), before.end(), [&](const DeliveryRow& one) {
           return is_parked_issue(one) || (ends && waits_unsent(one));
         });
}

std::string id_of(Change& change, std::int64_t number) {
  Statement& row = change.connection().select(
      "it", "select order_number, path from messages where number = ?", number);
  std::string id = row.next() ? message_id(row.integer(0), row.text(1)) : std::string();
  row.reset();
  return id;
}

void settle(Change& change, DeliveryRow& row, DeliveryState state, const std::string& code,
            const std::string& text) {
  change.connection().run("update deliveries set error_code = ?, error_message = ? where id = ?",
                          code, text, row.id);
  write_trace(change, row.number, {"", change.now, "deliver " + row.name, code, text, {}});
  set_delivery_state(change, row, state);
}

// True when all of it is known already.
bool ask_first(Change& change, std::vector<DeliveryRow>& before) {
  bool known = true;
  for (DeliveryRow& one : before) {
    if (one.reach != Reach::kUnknown) continue;
    known = false;
    if (one.ask_only) continue;  // asked before, to no end: a person has to
    change.connection().run("update deliveries set ask_only = 1, next_at = ? where id = ?",
                            change.now_number(), one.id);
    one.ask_only = true;
    set_delivery_state(change, one, DeliveryState::kUnknown);
    change.made_work = true;
  }
  return known;
}

// Last come first, so that nothing becomes ready that is to be discarded.
void never_publish(Change& change, DeliveryRow& end, std::vector<DeliveryRow>& before) {
  const std::string ending = id_of(change, end.number);
  const bool refused = std::any_of(before.begin(), before.end(), [](const DeliveryRow& one) {
    return one.reach == Reach::kRefused;
  });
  if (refused) {
    settle(change, end, DeliveryState::kNotHeld, "order.issue_refused",
           "the counterpart refused this certificate when it was issued: there is nothing to end");
  } else {
    settle(change, end, DeliveryState::kDiscarded, "order.never_published",
           "this certificate never reached the counterpart, and is not sent any more");
  }
  for (auto one = before.rbegin(); one != before.rend(); ++one) {
    settle(change, *one, DeliveryState::kDiscarded, "order.never_published",
           "message " + ending + " ended this certificate before it reached the counterpart");
  }
}

void supersede(Change& change, const DeliveryRow& newer, std::vector<DeliveryRow>& before) {
  const std::string by = id_of(change, newer.number);
  for (auto one = before.rbegin(); one != before.rend(); ++one) {
    settle(change, *one, DeliveryState::kSuperseded, "order.superseded",
           "message " + by + " brings a newer version");
  }
}

}  // namespace

void overtake(Change& change, const DeliveryRow& waiting) {
  const bool ends = waiting.bearing == Bearing::Kind::kEnds;
  if (!ends && waiting.bearing != Bearing::Kind::kIssues) return;
  std::vector<DeliveryRow> before = earlier(change, waiting);
  if (!overtakes(waiting, before) || !ask_first(change, before)) return;
  DeliveryRow row = waiting;
  if (ends) return never_publish(change, row, before);
  supersede(change, row, before);
}

void be_overtaken(Change& change, const DeliveryRow& parked) {
  if (parked.bearing != Bearing::Kind::kIssues) return;
  for (const DeliveryRow& one : later(change, parked)) {
    // What came before may have changed this one too.
    const DeliveryRow now = read_delivery(change, one.id);
    if (now.state == DeliveryState::kWaiting) overtake(change, now);
  }
}

}  // namespace certbridge::host
