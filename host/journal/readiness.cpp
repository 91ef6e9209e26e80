// Order per key. A delivery is ready when
//   - every delivery it is `after` is open, set aside or ended,
//   - no row of delivery_keys has one of its keys at its endpoint with a smaller order number,
//   - no row of open_keys (a message not routed yet) has one of its keys with a smaller one.
// Both tables hold a row only while it holds somebody back, so each question is one index lookup,
// and whatever removes a row asks again for the next candidate of that key only.
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
  Connection& connection = change.connection();
  if (connection.exists("select 1 from delivery_keys where digest = ? and endpoint = ? and "
                        "order_number < ? limit 1",
                        Blob{digest}, row.endpoint, row.order_number)) {
    return false;
  }
  for (const int tried : {0, 1}) {
    if (connection.exists("select 1 from open_keys where digest = ? and tried = ? and "
                          "order_number < ? limit 1",
                          Blob{digest}, tried, row.order_number)) {
      return false;
    }
  }
  return true;
}

// All deliveries of the smallest order number of this key at this endpoint: siblings go together.
std::vector<std::int64_t> first_deliveries(Change& change, const std::string& digest,
                                           const std::string& endpoint) {
  std::vector<std::int64_t> found;
  Statement& rows = change.connection().select(
      "i",
      "select delivery from delivery_keys where digest = ?1 and endpoint = ?2 and order_number = "
      "(select min(order_number) from delivery_keys where digest = ?1 and endpoint = ?2)",
      Blob{digest}, endpoint);
  while (rows.next()) found.push_back(rows.integer(0));
  return found;
}

void release_key(Change& change, const std::string& digest, const std::string& endpoint) {
  for (const std::int64_t id : first_deliveries(change, digest, endpoint)) {
    evaluate_delivery(change, id);
  }
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

// After a restore it may have been sent before: then the counterpart is asked first.
void evaluate_delivery(Change& change, std::int64_t id) {
  DeliveryRow row = read_delivery(change, id);
  if (row.state != DeliveryState::kWaiting) return;
  if (!is_free(change, row)) return overtake(change, row);
  const bool doubted = row.order_number <= change.writer.doubt_up_to && !row.was_attempted;
  if (!doubted && send_at_once(change, row)) return;
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

void release_deliveries(Change& change, const std::string& keys, const std::string& endpoint) {
  for (const std::string& digest : split_keys(keys)) {
    if (!endpoint.empty()) {
      release_key(change, digest, endpoint);
      continue;
    }
    std::string at = next_endpoint(change, digest, "");
    while (!at.empty()) {
      release_key(change, digest, at);
      at = next_endpoint(change, digest, at);
    }
  }
}

void release_messages(Change& change, const std::string& keys) {
  for (const std::string& digest : split_keys(keys)) {
    std::vector<std::int64_t> next;
    Statement& rows = change.connection().select(
        "i",
        "select number from open_keys where digest = ?1 and tried = 0 and order_number = (select "
        "min(order_number) from open_keys where digest = ?1 and tried = 0)",
        Blob{digest});
    while (rows.next()) next.push_back(rows.integer(0));
    for (const std::int64_t number : next) evaluate_message(change, number);
  }
}

}  // namespace certbridge::host
