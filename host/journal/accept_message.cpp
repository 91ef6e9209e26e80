#include <cinttypes>
#include <cstdio>

#include "journal/change.h"
#include "journal/failure.h"
#include "journal/seeded_fault.h"
#include "journal/stop_point.h"
#include "journal/transition_parts.h"

namespace certbridge::host {
namespace {

void insert_row(Change& change, const PreparedMessage& prepared, const NewMessage& as,
                std::int64_t number, std::int64_t order_number) {
  const Message& message = prepared.message;
  change.connection().run(
      "insert into messages(number, order_number, path, parent, source, type, area, media_type, "
      "classified, route, created, accepted, since, changed, state, ready, attempts, next_at, "
      "error_code, error_message, keys, verdicts, ends, lane) "
      "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?)",
      number, order_number, as.path, as.parent, as.source, message.type, message.area,
      message.media_type, message.classified, as.route, message.created.time_since_epoch().count(),
      change.now_number(), change.now_number(), static_cast<int>(as.state), as.ready,
      prepared.error_code, prepared.error_message, Blob{prepared.keys},
      Blob{encode_digests(as.verdicts)}, static_cast<int>(as.ends), static_cast<int>(as.lane));
}

void insert_contents(Change& change, const PreparedMessage& prepared, std::int64_t number,
                     const std::string& place) {
  const Keyring& keys = change.writer.keys;
  const std::string record = keys.seal(place, encode_record(prepared.record));
  ByteWriter body;
  write_place(body, prepared.body);
  change.connection().run("insert into message_contents(number, record, body) values (?, ?, ?)",
                          number, Blob{record}, Blob{keys.seal(body_place(number), body.bytes())});
}

void insert_keys(Change& change, const PreparedMessage& prepared, const NewMessage& as,
                 std::int64_t number, std::int64_t order_number) {
  for (const std::string& digest : prepared.search) {
    change.connection().run(
        "insert into message_keys(digest, number) values (?, ?) on conflict do nothing",
        Blob{digest}, number);
  }
  if (as.state != MessageState::kAccepted) return;
  for (const std::string& digest : split_keys(prepared.keys)) {
    change.connection().run(
        "insert into open_keys(digest, tried, order_number, number) values (?, 0, ?, ?) "
        "on conflict do nothing",
        Blob{digest}, order_number, number);
  }
}

// A message that is just accepted is behind every open one of its keys.
bool nobody_is_ahead(Change& change, const PreparedMessage& prepared) {
  for (const std::string& digest : split_keys(prepared.keys)) {
    if (change.connection().exists("select 1 from open_keys where digest = ? and tried = 0 limit 1",
                                   Blob{digest})) {
      return false;
    }
  }
  return true;
}

// What was refused is refused again in the same words: the content is the same.
Acceptance known_before(Change& change, const PreparedMessage& prepared) {
  Statement& known = change.connection().select(
      "bi", "select content, number from ledger where key = ?", Blob{prepared.ledger_key});
  if (!known.next()) throw Failure(Error::fault("journal.damaged", "a row of the ledger is gone"));
  const std::string stored = known.blob(0);
  const std::int64_t number = known.integer(1);
  known.reset();
  Acceptance answer;
  answer.id = message_id(number, "");
  if (prepared.content_digest != stored) {
    answer.verdict = Acceptance::Verdict::kConflict;
    answer.code = "intake.conflict";
    answer.message = "this key was handed over before with other content";
    return answer;
  }
  const bool refused = !prepared.error_code.empty();
  answer.verdict = refused ? Acceptance::Verdict::kRefused : Acceptance::Verdict::kSame;
  answer.code = prepared.error_code;
  answer.message = prepared.error_message;
  return answer;
}

// Under the number that the message will have; false when this was handed over before.
bool enter_ledger(Change& change, const PreparedMessage& prepared) {
  const char* const sql =
      seeded_fault("ledger_outside_transaction")
          ? "insert or replace into ledger(key, content, number) values (?, ?, ?)"
          : "insert into ledger(key, content, number) values (?, ?, ?) on conflict do nothing";
  const bool is_new =
      change.connection().run(sql, Blob{prepared.ledger_key}, Blob{prepared.content_digest},
                              change.writer.next_number) > 0;
  stop_point("journal.between_rows");
  return is_new;
}

}  // namespace

std::string message_id(std::int64_t order_number, const std::string& path) {
  char text[32];
  std::snprintf(text, sizeof text, "m-%010" PRId64, order_number);
  return text + path;
}

bool parse_message_id(const std::string& id, std::int64_t& order_number, std::string& path) {
  if (!id.starts_with("m-") || id.size() < 12 || id.size() > 128) return false;
  std::size_t end = 2;
  std::int64_t number = 0;
  while (end < id.size() && end < 20 && id[end] >= '0' && id[end] <= '9') {
    number = number * 10 + (id[end++] - '0');
  }
  if (end < 12 || (end < id.size() && id[end] != '/')) return false;
  order_number = number;
  path = id.substr(end);
  return true;
}

std::int64_t find_message(Connection& connection, const std::string& id) {
  std::int64_t order_number = 0;
  std::string path;
  if (!parse_message_id(id, order_number, path)) return 0;
  const auto number =
      path.empty() ? connection.number("select number from messages where number = ? and path = ''",
                                       order_number)
                   : connection.number(
                         "select number from messages where order_number = ? and path = ? and "
                         "path <> ''",
                         order_number, path);
  return number.value_or(0);
}

std::string record_place(std::int64_t number, std::int64_t order_number, const std::string& path,
                         const std::string& source, const Message& message) {
  ByteWriter place;
  place.text("messages.record").number(static_cast<std::uint64_t>(number), 8);
  place.number(static_cast<std::uint64_t>(order_number), 8).text(path).text(source);
  place.text(message.type).text(message.area).text(message.media_type);
  place.number(message.classified ? 1 : 0, 1);
  place.number(static_cast<std::uint64_t>(message.created.time_since_epoch().count()), 8);
  return place.take();
}
std::string body_place(std::int64_t number) { return "messages.body|" + std::to_string(number); }

std::int64_t insert_message(Change& change, PreparedMessage& prepared, const NewMessage& as) {
  const std::int64_t number = change.writer.next_number++;
  const std::int64_t order_number = as.order_number == 0 ? number : as.order_number;
  insert_row(change, prepared, as, number, order_number);
  insert_contents(change, prepared, number,
                  record_place(number, order_number, as.path, as.source, prepared.message));
  use_contents(change, number, prepared);
  insert_keys(change, prepared, as, number, order_number);
  ++change.tally.messages[static_cast<std::size_t>(as.state)];
  return number;
}

Acceptance accept_message(Change& change, const std::string& source, PreparedMessage& prepared,
                          bool& ready) {
  ready = false;
  if (!enter_ledger(change, prepared)) return known_before(change, prepared);
  const bool parked = !prepared.error_code.empty();
  NewMessage as;
  as.source = source;
  as.state = parked ? MessageState::kParked : MessageState::kAccepted;
  as.ready = !parked && nobody_is_ahead(change, prepared);
  ready = as.ready;
  as.lane = prepared.lane;
  const std::int64_t number = insert_message(change, prepared, as);
  if (!parked && as.lane == Lane::kRevocation) lend_lane(change, prepared.keys, number);
  Acceptance answer;
  answer.verdict = parked ? Acceptance::Verdict::kRefused : Acceptance::Verdict::kAccepted;
  answer.id = message_id(number, "");
  answer.code = prepared.error_code;
  answer.message = prepared.error_message;
  if (parked && seeded_fault("parked_message_lost")) {
    change.connection().run("delete from messages where number = ?", number);
  }
  return answer;
}

}  // namespace certbridge::host
