#include <algorithm>

#include "journal/change.h"
#include "journal/failure.h"
#include "journal/register.h"
#include "journal/seeded_fault.h"
#include "journal/transition_parts.h"

namespace certbridge::host {
namespace {

// Whether later deliveries of the same key at the endpoint wait for one in this state. A rejection
// after delivery holds nobody back unless the endpoint says so: those that followed it are on their
// way already.
bool holds_back(const Change& change, const DeliveryRow& row, DeliveryState state) {
  const auto& goes_on = change.writer.goes_on_receipt;
  if (state == DeliveryState::kOpen) return !goes_on || !goes_on(row.endpoint);
  if (state == DeliveryState::kRepair) return change.writer.repair_holds.contains(row.endpoint);
  return !is_final(state);
}

// The configuration may have been another one when the delivery came into this state.
bool may_have_held(DeliveryState state) {
  return state == DeliveryState::kOpen || state == DeliveryState::kRepair;
}

void insert_keys(Change& change, const DeliveryRow& row) {
  for (const std::string& digest : split_keys(row.keys)) {
    change.connection().run(
        "insert into delivery_keys(digest, endpoint, order_number, delivery) values (?, ?, ?, ?) "
        "on conflict do nothing",
        Blob{digest}, row.endpoint, row.order_number, row.id);
  }
}

// The furthest back that a delivery may stand; its message may be before that.
Lane lane_of(const Bearing& bearing) {
  return bearing.kind == Bearing::Kind::kEnds ? Lane::kRevocation : Lane::kBulk;
}

void delete_keys(Change& change, const DeliveryRow& row) {
  for (const std::string& digest : split_keys(row.keys)) {
    change.connection().run(
        "delete from delivery_keys where digest = ? and endpoint = ? and order_number = ? and "
        "delivery = ?",
        Blob{digest}, row.endpoint, row.order_number, row.id);
  }
}

void evaluate_siblings(Change& change, std::int64_t number) {
  std::vector<std::int64_t> waiting;
  Statement& rows = change.connection().select(
      "i", "select id from deliveries where number = ? and state = 1 order by id", number);
  while (rows.next()) waiting.push_back(rows.integer(0));
  for (const std::int64_t id : waiting) evaluate_delivery(change, id);
}

std::optional<std::int64_t> number_of(const std::optional<Timestamp>& time) {
  if (!time) return std::nullopt;
  return time->time_since_epoch().count();
}

// Delivered, and to be looked at again at its `next_at`.
bool is_watched(const DeliveryRow& row, const DeliveryChange& wanted) {
  return row.state == DeliveryState::kDelivered && wanted.receipt && wanted.receipt->expected_by;
}

// Everything about it that is a column, in one go: each writing goes through all its indexes.
void write_delivery(Change& change, const DeliveryChange& wanted, const DeliveryRow& row,
                    DeliveryState state) {
  std::string receipt;
  if (wanted.receipt) {
    receipt =
        change.writer.keys.seal(receipt_place(row.id), encode_receipt_record(*wanted.receipt));
  }
  const auto last_attempt = number_of(wanted.last_attempt);
  std::optional<std::int64_t> began;
  if (state == DeliveryState::kSending) began = last_attempt.value_or(change.now_number());
  const auto expected_by = wanted.receipt ? number_of(wanted.receipt->expected_by) : std::nullopt;
  const int says_when = wanted.receipt ? 1 : 0;
  change.connection().run(
      "update deliveries set state = ?, attempts = ?, next_at = ?, changed = ?, last_attempt = "
      "coalesce(?, last_attempt), began = coalesce(?, began), expected_by = case when ? then ? "
      "else expected_by end, receipt = coalesce(?, receipt), reach = ?, error_code = ?, "
      "error_message = ? where id = ?",
      static_cast<int>(state), wanted.attempts, wanted.next_at.time_since_epoch().count(),
      change.now_number(), last_attempt, began, says_when, expected_by,
      Blob{receipt, !wanted.receipt}, static_cast<int>(wanted.reach.value_or(row.reach)),
      wanted.error_code, wanted.error_message, row.id);
}

// What follows from a state that was written: who may go now, what is over.
void enter_state(Change& change, DeliveryRow& row, DeliveryState state) {
  const DeliveryState from = row.state;
  row.state = state;
  auto& tally = change.tally.deliveries[row.endpoint];
  --tally[static_cast<std::size_t>(from)];
  ++tally[static_cast<std::size_t>(state)];
  const bool held = holds_back(change, row, from);
  const bool holds = holds_back(change, row, state);
  if (!held && holds) {
    insert_keys(change, row);
    call_back(change, row);
  }
  if ((held || may_have_held(from)) && !holds) {
    delete_keys(change, row);
    release_deliveries(change, row.keys, row.endpoint);
  }
  if (state == DeliveryState::kDelivered) certificate_collected(change, row);
  if (state == DeliveryState::kRepair) certificate_rejected(change, row);
  if (state == DeliveryState::kNotHeld) {
    change.connection().run("update messages set ends = ? where number = ?",
                            static_cast<int>(MessageState::kNotHeld), row.number);
  }
  if (lets_go(state) && !lets_go(from)) evaluate_siblings(change, row.number);
  if (is_settled_or_parked(state) != is_settled_or_parked(from)) review_done(change, row.number);
  if (is_settled_or_parked(from) && !is_settled_or_parked(state)) tell_followers(change, row);
  if (state == DeliveryState::kParked) be_overtaken(change, row);
}

// For whoever sends it: nothing of it has reached the counterpart yet.
StoredDelivery begun_of(const Change& change, const DeliveryOwner& owner, const DeliveryRow& row,
                        const std::string& route) {
  StoredDelivery begun;
  begun.id = row.id;
  begun.message_id = message_id(row.order_number, owner.path);
  begun.route = route;
  begun.name = row.name;
  begun.endpoint = row.endpoint;
  begun.order_number = static_cast<std::uint64_t>(row.order_number);
  begun.lane = row.lane;
  begun.state = DeliveryState::kSending;
  begun.attempts = 1;
  begun.changed = change.now;
  begun.last_attempt = change.now;
  begun.reach = Reach::kNothing;  // before this attempt
  return begun;
}

DeliveryRow new_row(const Change& change, const DeliveryOwner& owner,
                    const PlannedDelivery& planned) {
  DeliveryRow row;
  row.number = owner.number;
  row.order_number = owner.order_number;
  row.endpoint = planned.endpoint;
  row.keys = owner.keys;
  row.name = planned.name;
  row.after = planned.after;
  row.collects = encode_collects(change.writer.keys, planned.collects);
  row.bearing = planned.bearing.kind;
  if (row.bearing != Bearing::Kind::kNone) {
    row.certificate = order_key_digest(change.writer.keys, planned.bearing.certificate);
  }
  row.lane = std::min(owner.lane, lane_of(planned.bearing));
  return row;
}

// Its change asks for it, and nothing holds it back.
bool goes_at_once(Change& change, const DeliveryRow& row) {
  if (change.at_once == nullptr || !change.at_once->endpoints.contains(row.endpoint)) return false;
  return row.after.empty() && !is_doubted(change, row) && is_free(change, row);
}

// Each column is written once: an index entry that is written and taken out again costs as much as
// the row.
void insert_row(Change& change, const DeliveryOwner& owner, DeliveryRow& row,
                const std::string& route) {
  const bool begins = row.state == DeliveryState::kSending;
  const std::int64_t now = change.now_number();
  const std::string after = encode_names(row.after);
  change.connection().run(
      "insert into deliveries(number, order_number, endpoint, name, route, after, keys, type, "
      "area, accepted, state, attempts, next_at, changed, last_attempt, error_code, "
      "error_message, certificate, bearing, subject, reach, ask_only, lane, began) values (?, ?, "
      "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, '', '', ?, ?, ?, ?, 0, ?, ?)",
      row.number, row.order_number, row.endpoint, row.name, route, Blob{after}, Blob{row.keys},
      owner.type, owner.area, owner.accepted, static_cast<int>(row.state), begins ? 1 : 0, now,
      begins ? std::optional<std::int64_t>(now) : std::nullopt, Blob{row.collects},
      static_cast<int>(row.bearing), Blob{row.certificate}, static_cast<int>(row.reach),
      static_cast<int>(row.lane), begins ? now : 0);
  row.id = change.connection().last_row();
}

}  // namespace

DeliveryRow read_delivery(Change& change, std::int64_t id) {
  Statement& found = change.connection().select(
      "iitibtbibibiii",
      "select number, order_number, endpoint, state, keys, name, after, last_attempt, certificate, "
      "bearing, subject, reach, ask_only, lane from deliveries where id = ?",
      id);
  if (!found.next()) {
    throw Failure(Error::permanent("journal.no_such_delivery",
                                   "the journal has no delivery " + std::to_string(id)));
  }
  DeliveryRow row;
  row.id = id;
  row.number = found.integer(0);
  row.order_number = found.integer(1);
  row.endpoint = found.text(2);
  row.state = static_cast<DeliveryState>(found.integer(3));
  row.keys = found.blob(4);
  row.name = found.text(5);
  row.after = decode_names(found.blob(6));
  row.was_attempted = !found.is_null(7);
  row.collects = found.blob(8);
  row.bearing = static_cast<Bearing::Kind>(found.integer(9));
  row.certificate = found.blob(10);
  row.reach = static_cast<Reach>(found.integer(11));
  row.ask_only = found.integer(12) == 1;
  row.lane = static_cast<Lane>(found.integer(13));
  found.reset();
  return row;
}

DeliveryOwner read_owner(Change& change, std::int64_t number) {
  Statement& found = change.connection().select(
      "itbttii",
      "select order_number, path, keys, type, area, accepted, lane from messages where number = ?",
      number);
  if (!found.next()) throw Failure(Error::fault("journal.damaged", "a message is not there"));
  DeliveryOwner owner;
  owner.number = number;
  owner.order_number = found.integer(0);
  owner.path = found.text(1);
  owner.keys = found.blob(2);
  owner.type = found.text(3);
  owner.area = found.text(4);
  owner.accepted = found.integer(5);
  owner.lane = static_cast<Lane>(found.integer(6));
  found.reset();
  return owner;
}

bool insert_delivery(Change& change, const DeliveryOwner& owner, const PlannedDelivery& planned) {
  DeliveryRow row = new_row(change, owner, planned);
  const bool begins = goes_at_once(change, row);
  if (begins) {
    row.state = DeliveryState::kSending;
    row.reach = Reach::kUnknown;
  }
  insert_row(change, owner, row, planned.route);
  ++change.tally.deliveries[row.endpoint][static_cast<std::size_t>(row.state)];
  insert_keys(change, row);
  if (row.lane == Lane::kRevocation) lend_lane(change, row.keys, row.order_number);
  if (begins) change.at_once->begun.push_back(begun_of(change, owner, row, planned.route));
  return !begins;
}

DeliveryRow check_delivery(Change& change, const DeliveryChange& wanted) {
  DeliveryRow row = read_delivery(change, wanted.id);
  const auto& expected = wanted.expected;
  if (expected.empty() || seeded_fault("late_version_applied")) return row;
  if (std::find(expected.begin(), expected.end(), row.state) != expected.end()) return row;
  throw Failure(Error::permanent(
      "journal.state_changed",
      "delivery " + std::to_string(wanted.id) + " is " + to_text(row.state) + " by now"));
}

void set_reach(Change& change, DeliveryRow& row, Reach reach) {
  if (row.reach == reach) return;
  row.reach = reach;
  change.connection().run("update deliveries set reach = ? where id = ?", static_cast<int>(reach),
                          row.id);
}

void set_delivery_state(Change& change, DeliveryRow& row, DeliveryState state) {
  if (row.state == state) return;
  change.connection().run("update deliveries set state = ?, changed = ? where id = ?",
                          static_cast<int>(state), change.now_number(), row.id);
  enter_state(change, row, state);
}

void change_delivery(Change& change, const DeliveryChange& wanted, DeliveryRow row) {
  if (wanted.verdict) return judge_delivery(change, std::move(row), wanted);
  if (wanted.waits_in) {
    DeliveryChange waiting = wanted;
    waiting.waits_in.reset();
    waiting.next_at =
        Timestamp(std::chrono::milliseconds(wait_in_lane(change, *wanted.waits_in, row.id)));
    return change_delivery(change, waiting, std::move(row));
  }
  // Ready is never taken from outside: it follows from what else is stored.
  const bool ready = wanted.state == DeliveryState::kReady;
  const DeliveryState state = ready ? DeliveryState::kWaiting : wanted.state;
  const bool was_open = row.state == DeliveryState::kOpen;
  write_delivery(change, wanted, row, state);
  if (wanted.counts_in_hour) count_send(change, row.endpoint, *wanted.counts_in_hour);
  if (wanted.reach) row.reach = *wanted.reach;
  if (row.state != state) enter_state(change, row, state);
  if (was_open && is_settled_or_parked(row.state)) tell_followers(change, row);
  if (row.state == DeliveryState::kWaiting) evaluate_delivery(change, row.id);
  if (falls_due(row.state) || is_watched(row, wanted)) change.made_work = true;
  if (wanted.receipt && !wanted.receipt->correlation.empty()) {
    match_receipt(change, row.id, *wanted.receipt);
  }
}

}  // namespace certbridge::host
