#include "journal/reads.h"

#include <algorithm>
#include <set>

#include "journal/failure.h"
#include "journal/queries.h"
#include "journal/schema.h"
#include "journal/transition_parts.h"

namespace certbridge::host {
namespace {

std::vector<StoredMessage> all_messages(Reading& reading, Statement& rows) {
  std::vector<StoredMessage> found;
  while (rows.next()) found.push_back(to_message(reading, rows));
  return found;
}

struct DueMessage {
  std::int64_t lane = 0;
  std::int64_t order_number = 0;
  std::int64_t number = 0;
};

// Up to `limit`, without those excluded: the query is to ask for that many more. What is excluded,
// and that may be most of it, is not read.
void take(Statement& rows, std::size_t limit, const std::set<std::string>& exclude,
          std::vector<DueMessage>& found) {
  std::size_t taken = 0;
  while (taken < limit && rows.next()) {
    if (exclude.contains(message_id(rows.integer(2), rows.text(3)))) continue;
    found.push_back({rows.integer(0), rows.integer(2), rows.integer(1)});
    ++taken;
  }
  rows.reset();
}

std::int64_t existing(Reading& reading, const std::string& id) {
  const std::int64_t number = find_message(reading.connection, id);
  if (number == 0) {
    throw Failure(Error::permanent("journal.no_such_message",
                                   "the journal has no message " + id +
                                       "; messages are called as m-0000000042, and `certbridge "
                                       "case NUMBER` names those of a case"));
  }
  return number;
}

std::string held_by(const StoredDelivery& delivery, const std::vector<Hold>& holds,
                    const std::vector<Pause>& pauses) {
  const Hold* hold = holding(holds, delivery.endpoint, delivery.route);
  if (hold != nullptr) return held_text(*hold);
  // One that waits for an earlier one has a reason of its own.
  if (delivery.state == DeliveryState::kWaiting) return {};
  for (const Pause& pause : pauses) {
    if (pause.endpoint == delivery.endpoint) return pause_text(pause);
  }
  return {};
}

}  // namespace

Readers::Readers(std::string file, std::size_t limit) : file_(std::move(file)), left_(limit) {}

Readers::Lease::Lease(Readers& readers) : readers_(readers) {
  std::unique_lock lock(readers_.mutex_);
  readers_.returned_.wait(lock, [&] { return !readers_.idle_.empty() || readers_.left_ > 0; });
  if (!readers_.idle_.empty()) {
    connection_ = std::move(readers_.idle_.back());
    readers_.idle_.pop_back();
  } else {
    auto fresh = std::make_unique<Connection>(readers_.file_, false);
    configure_connection(*fresh, false);
    --readers_.left_;
    connection_ = std::move(fresh);
  }
  try {
    connection_->run("begin");
  } catch (const Failure&) {
    readers_.idle_.push_back(std::move(connection_));
    throw;
  }
}

Readers::Lease::~Lease() {
  try {
    connection_->run("rollback");
  } catch (const Failure&) {
    // Nothing was changed; a connection that is broken says so to its next reader.
  }
  const std::lock_guard lock(readers_.mutex_);
  readers_.idle_.push_back(std::move(connection_));
  readers_.returned_.notify_one();
}

std::vector<StoredMessage> read_due_messages(Reading& reading, Timestamp now, std::size_t limit,
                                             const std::vector<std::string>& exclude,
                                             Lane down_to) {
  const std::set<std::string> excluded(exclude.begin(), exclude.end());
  const auto rows = static_cast<std::int64_t>(limit + excluded.size());
  std::vector<DueMessage> due;
  take(reading.connection.select("iiit", kReadyMessagesQuery, static_cast<int>(down_to), rows),
       limit, excluded, due);
  for (int lane = 1; lane <= static_cast<int>(down_to); ++lane) {
    take(reading.connection.select("iiit", kIncompleteMessagesQuery, lane,
                                   now.time_since_epoch().count(), rows),
         limit, excluded, due);
  }
  std::stable_sort(due.begin(), due.end(), [](const DueMessage& left, const DueMessage& right) {
    return std::pair(left.lane, left.order_number) < std::pair(right.lane, right.order_number);
  });
  if (due.size() > limit) due.resize(limit);
  std::vector<StoredMessage> found;
  for (const DueMessage& one : due) {
    Statement& row =
        reading.connection.select(kMessageLetters, one_message_query().c_str(), one.number);
    if (row.next()) found.push_back(to_message(reading, row));
    row.reset();
  }
  return found;
}

std::optional<Timestamp> read_next_due(Reading& reading, Timestamp after) {
  const std::int64_t later_than = after.time_since_epoch().count();
  const auto message = reading.connection.number(kNextMessageQuery, later_than);
  const auto delivery = reading.connection.number(kNextDeliveryQuery, later_than);
  if (!message && !delivery) return std::nullopt;
  const std::int64_t first = std::min(message.value_or(INT64_MAX), delivery.value_or(INT64_MAX));
  return Timestamp(std::chrono::milliseconds(first));
}

StoredMessage read_message(Reading& reading, const std::string& id) {
  Statement& row = reading.connection.select(kMessageLetters, one_message_query().c_str(),
                                             existing(reading, id));
  if (!row.next()) {
    throw Failure(Error::fault("journal.damaged", "message " + id + " has lost its contents"));
  }
  StoredMessage found = to_message(reading, row);
  row.reset();
  return found;
}

std::vector<StoredMessage> read_children(Reading& reading, const std::string& id) {
  const std::int64_t number = existing(reading, id);
  std::int64_t order_number = 0;
  std::string path;
  parse_message_id(id, order_number, path);
  static const std::string kChildren = message_query(
      "where m.order_number = ? and m.path <> '' and m.parent = ? order by m.number limit 30000");
  return all_messages(
      reading, reading.connection.select(kMessageLetters, kChildren.c_str(), order_number, number));
}

std::vector<StoredMessage> read_messages_with_key(Reading& reading, const OrderKey& key,
                                                  std::size_t limit) {
  static const std::string kKey = message_query(
      "join message_keys k on k.number = m.number where k.digest = ? order by k.number limit ?");
  const std::string digest = order_key_digest(reading.keys, key);
  return all_messages(
      reading, reading.connection.select(kMessageLetters, kKey.c_str(), Blob{digest}, limit));
}

std::vector<StoredMessage> read_messages(Reading& reading, const MessageQuery& query) {
  std::string rest;
  std::string digest;
  if (!query.certificate_number.empty()) {
    digest = certificate_search_digest(reading.keys, query.certificate_number);
  } else if (!query.case_no.empty()) {
    digest = order_key_digest(reading.keys, {"case", query.case_no});
  }
  rest += digest.empty() ? "where ?1 is not null "
                         : "join message_keys k on k.number = m.number where k.digest = ?1 ";
  if (query.state) rest += state_condition(*query.state);
  rest +=
      "and (?2 = '' or m.area = ?2) and (?3 = '' or m.type = ?3) and (?4 = '' or m.source = ?4) ";
  rest += overdue_condition(query.verdict_overdue_at.has_value());
  rest += "and m.order_number > ?5 order by m.number limit ?6";
  const std::int64_t overdue_at =
      query.verdict_overdue_at.value_or(Timestamp{}).time_since_epoch().count();
  const std::string sql = message_query(rest);
  return all_messages(
      reading,
      reading.connection.select(kMessageLetters, sql.c_str(), Blob{digest}, query.area, query.type,
                                query.source, query.after_order_number, query.limit, overdue_at));
}

std::vector<StoredDelivery> read_deliveries(Reading& reading, const std::string& message_id) {
  static const std::string kOfMessage = delivery_query("where d.number = ? order by d.id");
  const std::vector<Hold> holds = read_holds(reading.connection, reading.keys);
  const std::vector<Pause> pauses = read_pauses(reading.connection);
  Statement& rows = reading.connection.select(kDeliveryLetters, kOfMessage.c_str(),
                                              existing(reading, message_id));
  std::vector<StoredDelivery> found;
  std::vector<std::string> keys;
  while (rows.next()) {
    found.push_back(to_delivery(reading, rows));
    keys.push_back(rows.blob(15));
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].state == DeliveryState::kWaiting) {
      found[i].waits_for =
          held_back_by(reading.connection, found[i].endpoint,
                       static_cast<std::int64_t>(found[i].order_number), keys[i], found[i].after);
    }
    if (!is_settled_or_parked(found[i].state)) found[i].held = held_by(found[i], holds, pauses);
  }
  return found;
}

}  // namespace certbridge::host
