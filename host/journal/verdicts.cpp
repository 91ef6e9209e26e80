// Verdicts on open receipts. Each is kept for good; one whose receipt is not known yet waits in the
// same table, without a delivery, until a receipt with its correlation is stored. One that nobody
// can name any more, or that contradicts how its delivery has ended, is parked for a person.
#include <algorithm>

#include "certbridge/certificate_type.h"
#include "journal/change.h"
#include "journal/failure.h"
#include "journal/queries.h"
#include "journal/transition_parts.h"

namespace certbridge::host {
namespace {

std::string correlation_digest(const Change& change, const Correlation& correlation) {
  ByteWriter text;
  text.text(correlation.endpoint).raw(correlation.value);
  return change.writer.keys.short_digest("correlation", text.bytes());
}

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

bool refuses_type(const Outcome& outcome) {
  return outcome.verdict == Outcome::Verdict::kRejected && outcome.code == kCodeTypeNotRegistered;
}

// Of a delivery that has ended without being delivered: nothing of it was to stay there. Only a
// rejection says the same.
bool contradicts(DeliveryState state, Outcome::Verdict verdict) {
  return is_final(state) && state != DeliveryState::kDelivered &&
         verdict != Outcome::Verdict::kRejected;
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
  change.connection().run("update deliveries set receipt = ?, expected_by = null where id = ?",
                          Blob{updated}, row.id);
}

// One that went out is made once more. One that is on its way was given what is outdated by now:
// what it came to is not known, so it is asked about and then made again.
void make_again(Change& change, DeliveryRow& follower) {
  const bool under_way = follower.state == DeliveryState::kSending;
  change.connection().run(
      "update deliveries set attempts = 0, next_at = ?, error_code = '', error_message = '' "
      "where id = ?",
      change.now_number(), follower.id);
  set_delivery_state(change, follower,
                     under_way ? DeliveryState::kUnknown : DeliveryState::kWaiting);
  if (follower.state == DeliveryState::kWaiting) evaluate_delivery(change, follower.id);
  change.made_work = true;
}

// The counterpart's own code is its own word; ours says what became of the delivery.
std::string reason_of(const Outcome& outcome) {
  if (refuses_type(outcome)) return outcome.message;
  const bool both = !outcome.code.empty() && !outcome.message.empty();
  return outcome.code + (both ? ": " : "") + outcome.message;
}

// Nothing is wrong with what was delivered: it is due at once, and whoever takes it up lets it wait
// in the lane of its type.
void refuse_type(Change& change, DeliveryRow& row, const Outcome& outcome) {
  change.connection().run(
      "update deliveries set error_code = ?, error_message = ?, next_at = ?, expected_by = null "
      "where id = ?",
      outcome.code, outcome.message, change.now_number(), row.id);
  set_reach(change, row, Reach::kRefused);
  set_delivery_state(change, row, DeliveryState::kRetryAt);
  write_trace(change, row.number,
              {"",
               change.now,
               "settle " + row.name,
               outcome.code,
               "the counterpart does not know the type: " + outcome.message,
               {}});
  change.made_work = true;
}

void apply_verdict(Change& change, DeliveryRow& row, const Outcome& outcome) {
  if (refuses_type(outcome) && row.state == DeliveryState::kOpen) {
    return refuse_type(change, row, outcome);
  }
  const bool accepted = outcome.verdict == Outcome::Verdict::kAccepted;
  const DeliveryState before = row.state;
  const std::string code = accepted ? "" : "delivery.rejected";
  if (accepted) store_receipt(change, row, outcome);
  change.connection().run("update deliveries set error_code = ?, error_message = ? where id = ?",
                          code, accepted ? std::string() : reason_of(outcome), row.id);
  if (outcome.verdict == Outcome::Verdict::kRejected) set_reach(change, row, Reach::kRefused);
  set_delivery_state(change, row, next_state(row.state, outcome.verdict));
  if (row.state != before) tell_followers(change, row);
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
  const Outcome before =
      decode_outcome_record(change.writer.keys.open(verdict_place(digest), sealed));
  return before.verdict == outcome.verdict && refuses_type(before) == refuses_type(outcome);
}

// Each probe of a type's lane is refused anew, at some counterparts under the same correlation.
bool refuses_probe(Change& change, const Outcome& outcome, std::optional<std::int64_t> delivery) {
  return refuses_type(outcome) && delivery &&
         read_delivery(change, *delivery).state == DeliveryState::kOpen;
}

void keep_verdict(Change& change, const std::string& digest, const Correlation& correlation,
                  const Outcome& outcome, std::optional<std::int64_t> delivery,
                  VerdictState state) {
  const Keyring& keys = change.writer.keys;
  const std::string sealed = keys.seal(verdict_place(digest), encode_outcome_record(outcome));
  const std::string named = keys.seal(correlation_place(digest), correlation.value);
  change.connection().run(
      "insert into verdicts(digest, endpoint, delivery, outcome, received, correlation, state) "
      "values (?, ?, ?, ?, ?, ?, ?)",
      Blob{digest}, correlation.endpoint, delivery, Blob{sealed}, change.now_number(), Blob{named},
      static_cast<int>(state));
}

void trace_contradiction(Change& change, const DeliveryRow& row, const Outcome& outcome) {
  const std::string text = std::string(verdict_text(outcome.verdict)) + ", but the delivery is " +
                           to_text(row.state) + ": a person decides";
  write_trace(change, row.number,
              {"", change.now, "settle " + row.name, "verdict.contradicts", text, {}});
}

}  // namespace

std::string verdict_place(const std::string& digest) { return "verdicts.outcome|" + digest; }
std::string correlation_place(const std::string& digest) {
  return "verdicts.correlation|" + digest;
}

std::string receipt_place(std::int64_t delivery) {
  return "deliveries.receipt|" + std::to_string(delivery);
}

void tell_followers(Change& change, const DeliveryRow& row) {
  std::vector<std::int64_t> told;
  Statement& rows = change.connection().select(
      "i", "select id from deliveries where number = ? and state in (?, ?) order by id", row.number,
      static_cast<int>(DeliveryState::kSending), static_cast<int>(DeliveryState::kDelivered));
  while (rows.next()) told.push_back(rows.integer(0));
  for (const std::int64_t id : told) {
    DeliveryRow follower = read_delivery(change, id);
    const auto& after = follower.after;
    if (std::find(after.begin(), after.end(), row.name) != after.end())
      make_again(change, follower);
  }
}

void settle_verdict(Change& change, const Correlation& correlation, const Outcome& outcome) {
  const std::string digest = correlation_digest(change, correlation);
  std::optional<std::int64_t> matched = matching_delivery(change, digest);
  if (is_repeated(change, digest, outcome) && !refuses_probe(change, outcome, matched)) return;
  // What it said before is taken back by what it says now.
  change.connection().run("update verdicts set state = 0 where digest = ? and state = 2",
                          Blob{digest});
  if (!matched) return keep_verdict(change, digest, correlation, outcome, {}, VerdictState::kKept);
  DeliveryRow row = read_delivery(change, *matched);
  if (takes_verdicts(row.state)) {
    keep_verdict(change, digest, correlation, outcome, matched, VerdictState::kKept);
    return apply_verdict(change, row, outcome);
  }
  if (!is_final(row.state)) matched.reset();  // on its way once more: its next receipt takes it
  const bool parked = contradicts(row.state, outcome.verdict);
  keep_verdict(change, digest, correlation, outcome, matched,
               parked ? VerdictState::kContradicts : VerdictState::kKept);
  if (parked) trace_contradiction(change, row, outcome);
}

void judge_delivery(Change& change, DeliveryRow row, const DeliveryChange& wanted) {
  const Correlation correlation{row.endpoint,
                                wanted.receipt ? wanted.receipt->correlation : std::string()};
  keep_verdict(change, correlation_digest(change, correlation), correlation, *wanted.verdict,
               row.id, VerdictState::kKept);
  apply_verdict(change, row, *wanted.verdict);
}

std::uint64_t park_unknown_verdicts(Change& change, const std::string& endpoint,
                                    Timestamp received_until) {
  std::vector<std::int64_t> found;
  Statement& rows = change.connection().select("i", kUnknownVerdictsQuery, endpoint,
                                               received_until.time_since_epoch().count());
  while (rows.next()) found.push_back(rows.integer(0));
  for (const std::int64_t id : found) {
    change.connection().run("update verdicts set state = 1 where id = ?", id);
  }
  return found.size();
}

void give_up_verdict(Change& change, std::int64_t id) {
  if (change.connection().run("update verdicts set state = 3 where id = ? and state in (1, 2)",
                              id) == 0) {
    throw Failure(
        Error::permanent("verdict.not_parked", "there is no parked verdict " + std::to_string(id)));
  }
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
  change.connection().run(
      "update verdicts set delivery = ?, state = 0 where digest = ? and delivery is null", delivery,
      Blob{digest});
}

}  // namespace certbridge::host
