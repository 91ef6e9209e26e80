#include "journal/waiting.h"

#include <algorithm>

#include "journal/queries.h"
#include "journal/reads.h"
#include "journal/times.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

std::string earlier_delivery(Connection& connection, const std::string& digest,
                             const std::string& endpoint, std::int64_t order_number) {
  Statement& row = connection.select(
      "iti",
      "select m.order_number, m.path, d.state from delivery_keys k join deliveries d on d.id = "
      "k.delivery join messages m on m.number = d.number where k.digest = ? and k.endpoint = ? and "
      "k.order_number < ? order by k.order_number limit 1",
      Blob{digest}, endpoint, order_number);
  std::string text;
  if (row.next()) {
    text = to_text(static_cast<DeliveryState>(row.integer(2))) + " delivery of message " +
           message_id(row.integer(0), row.text(1));
  }
  row.reset();
  return text;
}

std::string earlier_message(Connection& connection, const std::string& digest,
                            std::int64_t order_number) {
  Statement& row = connection.select(
      "iti",
      "select m.order_number, m.path, m.state from open_keys k join messages m on m.number = "
      "k.number where k.digest = ? and k.order_number < ? order by k.order_number limit 1",
      Blob{digest}, order_number);
  std::string text;
  if (row.next()) {
    text = to_text(static_cast<MessageState>(row.integer(2))) + " message " +
           message_id(row.integer(0), row.text(1));
  }
  row.reset();
  return text;
}

// Of a message whose steps may not run yet.
std::string held_back_by(Connection& connection, std::int64_t order_number,
                         const std::string& keys) {
  for (const std::string& digest : split_keys(keys)) {
    std::string text = earlier_message(connection, digest, order_number);
    if (!text.empty()) return text;
  }
  return {};
}

std::vector<WaitingItem> deliveries_to(Connection& connection, const std::string& endpoint,
                                       std::int64_t until, std::int64_t limit) {
  std::vector<WaitingItem> found;
  std::vector<std::pair<std::int64_t, std::string>> keys;
  std::vector<std::vector<std::string>> after;
  Statement& rows = connection.select("itttbbi", kWaitingDeliveriesQuery, endpoint, until, limit);
  while (rows.next()) {
    found.push_back({message_id(rows.integer(0), rows.text(1)),
                     rows.text(2),
                     endpoint,
                     rows.text(3),
                     time_of(rows.integer(6)),
                     {}});
    keys.emplace_back(rows.integer(0), rows.blob(4));
    after.push_back(decode_names(rows.blob(5)));
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    found[i].cause = held_back_by(connection, endpoint, keys[i].first, keys[i].second, after[i]);
  }
  return found;
}

std::vector<WaitingItem> messages_before(Connection& connection, std::int64_t until,
                                         std::int64_t limit) {
  std::vector<WaitingItem> found;
  std::vector<std::pair<std::int64_t, std::string>> keys;
  Statement& rows = connection.select("ittbi", kWaitingMessagesQuery, until, limit);
  while (rows.next()) {
    found.push_back({message_id(rows.integer(0), rows.text(1)),
                     {},
                     {},
                     rows.text(2),
                     time_of(rows.integer(4)),
                     {}});
    keys.emplace_back(rows.integer(0), rows.blob(3));
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    found[i].cause = held_back_by(connection, keys[i].first, keys[i].second);
  }
  return found;
}

// Those that anything waits for; each found by one look into the index.
std::vector<std::string> waited_for(Connection& connection) {
  std::vector<std::string> endpoints;
  std::string last;
  while (true) {
    Statement& row = connection.select("t", kWaitingEndpointQuery, last);
    const bool found = row.next();
    if (found) endpoints.push_back(last = row.text(0));
    row.reset();
    if (!found) return endpoints;
  }
}

void add_alarm(std::vector<WaitingAlarm>& alarms, const std::string& endpoint,
               std::vector<WaitingItem> oldest, std::optional<std::int64_t> count) {
  if (oldest.empty()) return;
  alarms.push_back({endpoint, static_cast<std::uint64_t>(count.value_or(0)), oldest.front()});
}

}  // namespace

std::string waiting_text(const WaitingItem& item) {
  const std::string what =
      item.delivery.empty() ? "message " : "delivery " + item.delivery + " of ";
  return what + item.message_id + " waits since " + to_iso8601(item.since) +
         (item.cause.empty() ? "" : " for " + item.cause);
}

std::string held_back_by(Connection& connection, const std::string& endpoint,
                         std::int64_t order_number, const std::string& keys,
                         const std::vector<std::string>& after) {
  for (const std::string& digest : split_keys(keys)) {
    std::string text = earlier_delivery(connection, digest, endpoint, order_number);
    if (text.empty()) text = earlier_message(connection, digest, order_number);
    if (!text.empty()) return text;
  }
  std::string names;
  for (const std::string& name : after) names += (names.empty() ? "" : ", ") + name;
  return names.empty() ? "" : "delivery " + names + " of the same message";
}

std::vector<WaitingItem> read_waiting(Connection& connection, const std::string& endpoint,
                                      std::size_t limit) {
  const auto most = static_cast<std::int64_t>(limit);
  if (!endpoint.empty()) return deliveries_to(connection, endpoint, INT64_MAX, most);
  std::vector<WaitingItem> found = messages_before(connection, INT64_MAX, most);
  for (const std::string& each : waited_for(connection)) {
    for (WaitingItem& item : deliveries_to(connection, each, INT64_MAX, most)) {
      found.push_back(std::move(item));
    }
  }
  std::stable_sort(
      found.begin(), found.end(),
      [](const WaitingItem& left, const WaitingItem& right) { return left.since < right.since; });
  if (found.size() > limit) found.resize(limit);
  return found;
}

std::vector<WaitingAlarm> read_waiting_alarms(Connection& connection, Timestamp accepted_until,
                                              std::size_t count_at_most) {
  const std::int64_t until = accepted_until.time_since_epoch().count();
  const auto most = static_cast<std::int64_t>(count_at_most);
  std::vector<WaitingAlarm> alarms;
  add_alarm(alarms, "", messages_before(connection, until, 1),
            connection.number(kCountWaitingMessagesQuery, until, most));
  for (const std::string& endpoint : waited_for(connection)) {
    add_alarm(alarms, endpoint, deliveries_to(connection, endpoint, until, 1),
              connection.number(kCountWaitingDeliveriesQuery, endpoint, until, most));
  }
  return alarms;
}

}  // namespace certbridge::host
