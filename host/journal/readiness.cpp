// Order per key. A delivery is ready when
//   - every delivery it is `after` is open, set aside or ended,
//   - no row of delivery_keys has one of its keys at its endpoint with a smaller order number,
//   - no row of open_keys (a message not routed yet) has one of its keys with a smaller one.
// Both tables hold a row only while it holds somebody back, so each question is one index lookup,
// and whatever removes a row asks again for the next candidate of that key only.
#include <algorithm>

#include "journal/change.h"
#include "journal/seeded_fault.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kKeyDigestSize = 16;

bool after_is_over(Change& change, const DeliveryRow& row) {
  for (const std::string& name : row.after) {
    const auto state = change.connection().number(
        "select state from deliveries where number = ? and name = ?", row.number, name);
    if (state && !lets_go(static_cast<DeliveryState>(*state))) return false;
  }
  return true;
}

bool key_is_free(Change& change, const DeliveryRow& row, const std::string& digest) {
  const auto held = change.connection().number(
      "select exists (select 1 from delivery_keys where digest = ?1 and endpoint = ?2 and "
      "order_number < ?3) or exists (select 1 from open_keys where digest = ?1 and tried = 0 and "
      "order_number < ?3) or exists (select 1 from open_keys where digest = ?1 and tried = 1 and "
      "order_number < ?3)",
      Blob{digest}, row.endpoint, row.order_number);
  return held == 0;
}

// The rows of the smallest order number: what stands first, and its siblings, which go together.
// `rows` has order number and row of what is to be looked at, in their order.
std::vector<std::int64_t> first_of(Statement& rows) {
  std::vector<std::int64_t> found;
  std::int64_t first = 0;
  while (rows.next()) {
    if (!found.empty() && rows.integer(0) != first) break;
    first = rows.integer(0);
    found.push_back(rows.integer(1));
  }
  rows.reset();
  return found;
}

void evaluate_all(Change& change, const std::vector<std::int64_t>& deliveries) {
  for (const std::int64_t id : deliveries) evaluate_delivery(change, id);
}

void release_key(Change& change, const std::string& digest, const std::string& endpoint) {
  evaluate_all(change, first_of(change.connection().select(
                           "ii",
                           "select order_number, delivery from delivery_keys where digest = ? and "
                           "endpoint = ? order by order_number, delivery",
                           Blob{digest}, endpoint)));
}

// What is on its way since this change.
bool has_just_begun(const Change& change, const std::vector<std::int64_t>& deliveries) {
  if (change.at_once == nullptr) return false;
  const auto& begun = change.at_once->begun;
  return std::all_of(deliveries.begin(), deliveries.end(), [&](std::int64_t id) {
    return std::any_of(begun.begin(), begun.end(),
                       [&](const StoredDelivery& one) { return one.id == id; });
  });
}

// At the first endpoint behind `after` that has any; answers its name, or nothing.
std::string release_next(Change& change, const std::string& digest, const std::string& after) {
  Statement& rows = change.connection().select(
      "tii",
      "select endpoint, order_number, delivery from delivery_keys where digest = ? and endpoint > "
      "? order by endpoint, order_number, delivery",
      Blob{digest}, after);
  if (!rows.next()) return {};
  std::string endpoint = rows.text(0);
  const std::int64_t first = rows.integer(1);
  std::vector<std::int64_t> found;
  do {
    found.push_back(rows.integer(2));
  } while (rows.next() && rows.integer(1) == first && rows.text(0) == endpoint);
  rows.reset();
  if (!has_just_begun(change, found)) evaluate_all(change, found);
  return endpoint;
}

}  // namespace

std::string next_endpoint(Change& change, const std::string& digest, const std::string& after) {
  Statement& row = change.connection().select(
      "t", "select endpoint from delivery_keys where digest = ? and endpoint > ? limit 1",
      Blob{digest}, after);
  std::string endpoint = row.next() ? row.text(0) : std::string();
  row.reset();
  return endpoint;
}

bool lets_go(DeliveryState state) {
  return is_settled_or_parked(state) || state == DeliveryState::kOpen;
}

std::vector<std::string> split_keys(const std::string& keys) {
  std::vector<std::string> digests;
  for (std::size_t at = 0; at + kKeyDigestSize <= keys.size(); at += kKeyDigestSize) {
    digests.push_back(keys.substr(at, kKeyDigestSize));
  }
  return digests;
}

bool is_free(Change& change, const DeliveryRow& row) {
  if (!after_is_over(change, row)) return false;
  if (seeded_fault("order_key_ignored")) return true;
  for (const std::string& digest : split_keys(row.keys)) {
    if (!key_is_free(change, row, digest)) return false;
  }
  return true;
}

bool is_doubted(const Change& change, const DeliveryRow& row) {
  return row.order_number <= change.writer.doubt_up_to && !row.was_attempted;
}

void evaluate_delivery(Change& change, std::int64_t id) {
  DeliveryRow row = read_delivery(change, id);
  if (row.state != DeliveryState::kWaiting) return;
  if (!is_free(change, row)) return overtake(change, row);
  const bool doubted = is_doubted(change, row);
  set_delivery_state(change, row, doubted ? DeliveryState::kUnknown : DeliveryState::kReady);
  if (doubted) {
    change.connection().run("update deliveries set next_at = ?, last_attempt = ? where id = ?",
                            change.now_number(), change.writer.doubt_since, row.id);
  }
  change.made_work = true;
}

void evaluate_message(Change& change, std::int64_t number) {
  Statement& row = change.connection().select(
      "iib", "select state, order_number, keys from messages where number = ?", number);
  if (!row.next()) return;
  const bool accepted = row.integer(0) == static_cast<int>(MessageState::kAccepted);
  const std::int64_t order_number = row.integer(1);
  const std::string keys = row.blob(2);
  row.reset();
  if (!accepted) return;
  for (const std::string& digest : split_keys(keys)) {
    if (change.connection().exists(
            "select 1 from open_keys where digest = ? and tried = 0 and order_number < ? limit 1",
            Blob{digest}, order_number)) {
      return;
    }
  }
  change.connection().run("update messages set ready = 1 where number = ?", number);
  change.made_work = true;
}

void call_back(Change& change, const DeliveryRow& row) {
  std::vector<std::int64_t> ready;
  for (const std::string& digest : split_keys(row.keys)) {
    Statement& rows = change.connection().select(
        "i",
        "select k.delivery from delivery_keys k join deliveries d on d.id = k.delivery where "
        "k.digest = ? and k.endpoint = ? and k.order_number > ? and d.state = ?",
        Blob{digest}, row.endpoint, row.order_number, static_cast<int>(DeliveryState::kReady));
    while (rows.next()) ready.push_back(rows.integer(0));
  }
  for (const std::int64_t id : ready) {
    DeliveryRow later = read_delivery(change, id);
    set_delivery_state(change, later, DeliveryState::kWaiting);
  }
}

void release_deliveries(Change& change, const std::string& keys, const std::string& endpoint) {
  for (const std::string& digest : split_keys(keys)) {
    if (!endpoint.empty()) {
      release_key(change, digest, endpoint);
      continue;
    }
    std::string at = release_next(change, digest, "");
    while (!at.empty()) at = release_next(change, digest, at);
  }
}

void release_messages(Change& change, const std::string& keys) {
  for (const std::string& digest : split_keys(keys)) {
    const std::vector<std::int64_t> next = first_of(change.connection().select(
        "ii",
        "select order_number, number from open_keys where digest = ? and tried = 0 "
        "order by order_number, number",
        Blob{digest}));
    for (const std::int64_t number : next) evaluate_message(change, number);
  }
}

}  // namespace certbridge::host
