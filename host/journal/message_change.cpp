#include <algorithm>
#include <optional>

#include "journal/change.h"
#include "journal/failure.h"
#include "journal/seeded_fault.h"

namespace certbridge::host {
namespace {

// In these states a message may still get deliveries, so later ones of its keys wait for it.
bool is_unrouted(MessageState state) {
  return state == MessageState::kAccepted || state == MessageState::kIncomplete ||
         state == MessageState::kInReview;
}

// What can follow of one that cannot enter or deliver anything needs not wait for it.
bool holds_back(const MessageChange& wanted) {
  if (wanted.state == MessageState::kIncomplete) return wanted.holds_back;
  return is_unrouted(wanted.state);
}

void move_open_keys(Change& change, const MessageRow& row, const MessageChange& wanted) {
  for (const std::string& digest : split_keys(row.keys)) {
    if (is_unrouted(row.state)) {
      change.connection().run(
          "delete from open_keys where digest = ? and tried = ? and order_number = ? and number = "
          "?",
          Blob{digest}, row.state != MessageState::kAccepted, row.order_number, row.number);
    }
    if (holds_back(wanted)) {
      change.connection().run(
          "insert into open_keys(digest, tried, order_number, number) values (?, ?, ?, ?) "
          "on conflict do nothing",
          Blob{digest}, wanted.state != MessageState::kAccepted, row.order_number, row.number);
    }
  }
}

// Only the headers: what the source handed over otherwise, and the ledger's digest of it, stay.
void replace_headers(Change& change, std::int64_t number, const Headers& headers) {
  Statement& row = change.connection().select(
      "ittttiibt",
      "select m.order_number, m.path, m.source, m.type, m.area, m.classified, m.created, c.record, "
      "m.media_type from messages m join message_contents c on c.number = m.number where m.number "
      "= ?",
      number);
  if (!row.next()) throw Failure(Error::fault("journal.damaged", "a message has no contents"));
  Message message;
  message.type = row.text(3);
  message.area = row.text(4);
  message.classified = row.integer(5) == 1;
  message.created = Timestamp(std::chrono::milliseconds(row.integer(6)));
  message.media_type = row.text(8);
  const std::string place = record_place(number, row.integer(0), row.text(1), row.text(2), message);
  const std::string sealed = row.blob(7);
  row.reset();
  MessageRecord record = decode_record(change.writer.keys.open(place, sealed));
  record.headers = headers;
  const std::string kept = change.writer.keys.seal(place, encode_record(record));
  change.connection().run("update message_contents set record = ? where number = ?", Blob{kept},
                          number);
}

constexpr const char* kByNumber =
    "select state, order_number, keys, source, lane from messages where number = ?";

MessageRow to_row(std::int64_t number, Statement& found) {
  MessageRow row;
  row.number = number;
  row.state = static_cast<MessageState>(found.integer(0));
  row.order_number = found.integer(1);
  row.keys = found.blob(2);
  row.source = found.text(3);
  row.lane = static_cast<Lane>(found.integer(4));
  found.reset();
  return row;
}

std::optional<MessageRow> find_row(Change& change, const std::string& id) {
  std::int64_t order_number = 0;
  std::string path;
  if (!parse_message_id(id, order_number, path)) return std::nullopt;
  const std::int64_t number = path.empty() ? order_number : find_message(change.connection(), id);
  Statement& found = change.connection().select("iibti", kByNumber, number);
  if (!found.next()) return std::nullopt;
  MessageRow row = to_row(number, found);
  // What has this row number is a child of another message.
  if (path.empty() && row.order_number != order_number) return std::nullopt;
  return row;
}

}  // namespace

MessageRow read_message(Change& change, std::int64_t number) {
  Statement& found = change.connection().select("iibti", kByNumber, number);
  if (!found.next()) throw Failure(Error::fault("journal.damaged", "a message is not there"));
  return to_row(number, found);
}

MessageRow check_message(Change& change, const MessageChange& wanted) {
  const std::optional<MessageRow> row = find_row(change, wanted.id);
  if (!row) {
    throw Failure(
        Error::permanent("journal.no_such_message", "the journal has no message " + wanted.id));
  }
  const bool fits = wanted.expected.empty() ||
                    std::find(wanted.expected.begin(), wanted.expected.end(), row->state) !=
                        wanted.expected.end();
  if (!fits && !seeded_fault("late_version_applied")) {
    throw Failure(Error::permanent("journal.state_changed", "message " + wanted.id + " is " +
                                                                to_text(row->state) + " by now"));
  }
  return *row;
}

void change_message(Change& change, const MessageRow& row, const MessageChange& wanted) {
  change.connection().run(
      "update messages set state = ?1, ready = 0, attempts = ?2, next_at = ?3, changed = ?4, "
      "error_code = ?5, error_message = ?6, route = case when ?7 = '' then route else ?7 end "
      "where number = ?8",
      static_cast<int>(wanted.state), wanted.attempts, wanted.next_at.time_since_epoch().count(),
      change.now_number(), wanted.error_code, wanted.error_message, wanted.route, row.number);
  if (wanted.anew) {
    change.connection().run("update messages set since = ? where number = ?", change.now_number(),
                            row.number);
  }
  if (wanted.headers) replace_headers(change, row.number, *wanted.headers);
  if (row.state == MessageState::kInReview) supersede_reviews(change, row.number);
  --change.tally.messages[static_cast<std::size_t>(row.state)];
  ++change.tally.messages[static_cast<std::size_t>(wanted.state)];
  move_open_keys(change, row, wanted);
  if (row.state == MessageState::kAccepted) release_messages(change, row.keys);
  if (is_unrouted(row.state) && !holds_back(wanted)) release_deliveries(change, row.keys, "");
  if (wanted.state == MessageState::kAccepted) evaluate_message(change, row.number);
  if (wanted.state == MessageState::kIncomplete) change.made_work = true;
}

// What still has work left, and has been known to, says nothing new to its parent.
void review_done(Change& change, std::int64_t number) {
  Statement& row = change.connection().select(
      "iiii",
      "select m.state, m.parent, m.ends, exists (select 1 from deliveries d where d.number = "
      "m.number and d.state < 8 and d.state <> 4) or exists (select 1 from messages c where "
      "c.order_number = m.order_number and c.path <> '' and c.parent = m.number and c.state "
      "between 1 and 4) from messages m where m.number = ?",
      number);
  if (!row.next()) return;
  const auto from = static_cast<MessageState>(row.integer(0));
  const std::int64_t parent = row.integer(1);
  const auto ends = static_cast<MessageState>(row.integer(2));
  const bool left = row.integer(3) != 0;
  row.reset();
  if (from == MessageState::kRouted || from == MessageState::kDone || from == ends) {
    const MessageState to = left ? MessageState::kRouted : ends;
    if (left && to == from) return;
    if (to != from) {
      change.connection().run("update messages set state = ?, changed = ? where number = ?",
                              static_cast<int>(to), change.now_number(), number);
      --change.tally.messages[static_cast<std::size_t>(from)];
      ++change.tally.messages[static_cast<std::size_t>(to)];
    }
  }
  if (parent != 0) review_done(change, parent);
}

}  // namespace certbridge::host
