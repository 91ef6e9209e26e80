// Verdicts on open receipts. Each is kept for good; one whose receipt is not known yet waits in the
// same table, without a delivery, until a receipt with its correlation is stored.
#include "journal/change.h"

namespace certbridge::host {
namespace {

std::string correlation_digest(const Change& change, const Correlation& correlation) {
  ByteWriter text;
  text.text(correlation.endpoint).raw(correlation.value);
  return change.writer.keys.short_digest("correlation", text.bytes());
}

std::string verdict_place(const std::string& digest) { return "verdicts.outcome|" + digest; }

// What a verdict makes of a delivery; the same state when it changes nothing.
DeliveryState next_state(DeliveryState state, Outcome::Verdict verdict) {
  const bool settled = state == DeliveryState::kDelivered || state == DeliveryState::kRepair;
  switch (verdict) {
    case Outcome::Verdict::kAccepted:
      return DeliveryState::kDelivered;
    case Outcome::Verdict::kRejected:
      return settled ? DeliveryState::kRepair : DeliveryState::kParked;
    // What was delivered may have been built upon by now: a person decides.
    case Outcome::Verdict::kWithdrawn:
      return settled ? DeliveryState::kRepair : DeliveryState::kOpen;
  }
  return state;
}

bool takes_verdicts(DeliveryState state) {
  return state == DeliveryState::kOpen || state == DeliveryState::kDelivered ||
         state == DeliveryState::kParked || state == DeliveryState::kRepair;
}

const char* verdict_text(Outcome::Verdict verdict) {
  switch (verdict) {
    case Outcome::Verdict::kAccepted:
      return "accepted by the counterpart";
    case Outcome::Verdict::kRejected:
      return "rejected by the counterpart";
    case Outcome::Verdict::kWithdrawn:
      return "verdict withdrawn by the counterpart";
  }
  return "";
}

void store_receipt(Change& change, const DeliveryRow& row, const Outcome& outcome) {
  Statement& found =
      change.connection().select("b", "select receipt from deliveries where id = ?", row.id);
  found.next();
  const std::string sealed = found.blob(0);
  found.reset();
  if (sealed.empty()) return;
  Receipt receipt = decode_receipt_record(change.writer.keys.open(receipt_place(row.id), sealed));
  receipt.state = Receipt::State::kSettled;
  if (!outcome.remote_id.empty()) receipt.remote_id = outcome.remote_id;
  receipt.when = outcome.when;
  receipt.expected_by.reset();
  const std::string updated =
      change.writer.keys.seal(receipt_place(row.id), encode_receipt_record(receipt));
  change.connection().run("update deliveries set receipt = ? where id = ?", Blob{updated}, row.id);
}

void apply_verdict(Change& change, DeliveryRow& row, const Outcome& outcome) {
  const bool accepted = outcome.verdict == Outcome::Verdict::kAccepted;
  const std::string code = outcome.code.empty() ? "delivery.rejected" : outcome.code;
  if (accepted) store_receipt(change, row, outcome);
  change.connection().run("update deliveries set error_code = ?, error_message = ? where id = ?",
                          accepted ? std::string() : code,
                          accepted ? std::string() : outcome.message, row.id);
  set_delivery_state(change, row, next_state(row.state, outcome.verdict));
  TraceEntry entry;
  entry.when = change.now;
  entry.step = "settle " + row.name;
  entry.outcome = accepted ? "ok" : code;
  entry.text =
      std::string(verdict_text(outcome.verdict)) + "; the delivery is " + to_text(row.state);
  write_trace(change, row.number, entry);
}

std::optional<std::int64_t> matching_delivery(Change& change, const std::string& digest) {
  return change.connection().number(
      "select delivery from correlations where digest = ? order by delivery desc limit 1",
      Blob{digest});
}

bool is_repeated(Change& change, const std::string& digest, const Outcome& outcome) {
  Statement& last = change.connection().select(
      "b", "select outcome from verdicts where digest = ? order by id desc limit 1", Blob{digest});
  if (!last.next()) return false;
  const std::string sealed = last.blob(0);
  last.reset();
  return decode_outcome_record(change.writer.keys.open(verdict_place(digest), sealed)).verdict ==
         outcome.verdict;
}

}  // namespace

std::string receipt_place(std::int64_t delivery) {
  return "deliveries.receipt|" + std::to_string(delivery);
}

void settle_verdict(Change& change, const Correlation& correlation, const Outcome& outcome) {
  const std::string digest = correlation_digest(change, correlation);
  if (is_repeated(change, digest, outcome)) return;
  std::optional<std::int64_t> matched = matching_delivery(change, digest);
  if (matched && !takes_verdicts(read_delivery(change, *matched).state)) matched.reset();
  const std::string sealed =
      change.writer.keys.seal(verdict_place(digest), encode_outcome_record(outcome));
  change.connection().run(
      "insert into verdicts(digest, endpoint, delivery, outcome, received) values (?, ?, ?, ?, ?)",
      Blob{digest}, correlation.endpoint, matched, Blob{sealed}, change.now_number());
  if (!matched) return;
  DeliveryRow row = read_delivery(change, *matched);
  apply_verdict(change, row, outcome);
}

void match_receipt(Change& change, std::int64_t delivery, const Receipt& receipt) {
  DeliveryRow row = read_delivery(change, delivery);
  const std::string digest = correlation_digest(change, {row.endpoint, receipt.correlation});
  change.connection().run(
      "insert into correlations(digest, delivery) values (?, ?) on conflict do nothing",
      Blob{digest}, delivery);
  if (!takes_verdicts(row.state)) return;
  std::vector<std::string> early;
  Statement& rows = change.connection().select(
      "b", "select outcome from verdicts where digest = ? and delivery is null order by id",
      Blob{digest});
  while (rows.next()) early.push_back(rows.blob(0));
  for (const std::string& sealed : early) {
    apply_verdict(change, row,
                  decode_outcome_record(change.writer.keys.open(verdict_place(digest), sealed)));
  }
  change.connection().run("update verdicts set delivery = ? where digest = ? and delivery is null",
                          delivery, Blob{digest});
}

}  // namespace certbridge::host
