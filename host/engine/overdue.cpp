#include "engine/overdue.h"

#include <algorithm>

#include "certbridge/certificate_type.h"
#include "engine/log_reason.h"

namespace certbridge::host {
namespace {

std::string still_open(const Result<Confirmation>& answer) {
  if (!answer) return "asking failed: " + answer.error().message;
  switch (answer.value().state) {
    case Confirmation::State::kInProgress:
      return "the counterpart is still working on it";
    case Confirmation::State::kCannotTell:
      return "the counterpart cannot tell; ask its staff";
    default:
      return "the counterpart has it and gave no verdict yet";
  }
}

bool is_settled(const Confirmation& confirmation) {
  return confirmation.state == Confirmation::State::kPresent && confirmation.receipt &&
         confirmation.receipt->state == Receipt::State::kSettled;
}

bool is_rejection(const Error& error) {
  return error.code == kCodeRejected || error.code == kCodeTypeNotRegistered;
}

// How often it was asked is not stored: the pauses grow with the time since the verdict was due.
int rounds_since(const EngineServices& services, const StoredDelivery& delivery) {
  const Timestamp due = delivery.receipt && delivery.receipt->expected_by
                            ? *delivery.receipt->expected_by
                            : delivery.changed;
  int rounds = 1;
  for (auto late = (services.clock.now() - due) / 1000; late.count() > 1; late /= 2) ++rounds;
  return rounds;
}

DeliveryChange change_from(const Attempt& attempt, DeliveryState state) {
  DeliveryChange change;
  change.id = attempt.delivery.id;
  change.expected = {state};
  change.state = state;
  change.attempts = attempt.delivery.attempts;
  change.receipt = attempt.delivery.receipt;
  change.error_code = attempt.delivery.error_code;
  change.error_message = attempt.delivery.error_message;
  return change;
}

// With what its sink remembers of this question.
void apply_change(const EngineServices& services, const Attempt& attempt, DeliveryChange change) {
  Transition transition;
  transition.memory = services.memory.take(attempt.call.step_key);
  transition.delivery_changes.push_back(std::move(change));
  static_cast<void>(
      LateRecords::record(services, transition, attempt.delivery.message_id, attempt.call.stop));
}

// What there is nothing to be said about: only when it is taken up next changes.
void take_up_at(const EngineServices& services, const Attempt& attempt, DeliveryState state,
                Timestamp when, std::optional<Receipt> receipt) {
  DeliveryChange change = change_from(attempt, state);
  change.next_at = when;
  change.receipt = std::move(receipt);
  apply_change(services, attempt, std::move(change));
}

bool is_due(const EngineServices& services, const StoredDelivery& delivery) {
  const bool dated = delivery.receipt && delivery.receipt->expected_by;
  return !dated || services.clock.now() >= *delivery.receipt->expected_by;
}

void stay_open(const EngineServices& services, DeliveryRecorder& recorder, Attempt& attempt,
               const Result<Confirmation>& answer) {
  attempt.undecided = true;
  if (!is_due(services, attempt.delivery)) {
    return take_up_at(services, attempt, DeliveryState::kOpen,
                      next_question(attempt.endpoint->delivery.verdicts,
                                    *attempt.delivery.receipt->expected_by, services.clock.now()),
                      attempt.delivery.receipt);
  }
  const std::string text = "the verdict is overdue; " + still_open(answer);
  services.metrics.count("verdicts_overdue_total", {{"endpoint", attempt.delivery.endpoint}}, 1);
  services.logger.log(LogLevel::kError, "delivery.verdict_overdue",
                      {{"message", attempt.delivery.message_id},
                       {"endpoint", attempt.delivery.endpoint},
                       {"reason", text}});
  DeliveryChange change = recorder.change_of(attempt, DeliveryState::kOpen);
  const auto wish = answer ? std::nullopt : answer.error().retry_after;
  change.next_at =
      recorder.next_try(attempt.delivery, rounds_since(services, attempt.delivery), wish);
  change.error_code = kCodeVerdictOverdue;
  change.error_message = text;
  recorder.record(attempt, std::move(change), text);
}

// About this delivery and no other: several may have one number, and some have none.
void rejected_late(const EngineServices& services, const Attempt& attempt,
                   const std::string& reason) {
  services.logger.log(LogLevel::kError, "delivery.rejected_late",
                      {{"message", attempt.delivery.message_id},
                       {"endpoint", attempt.delivery.endpoint},
                       {"reason", log_reason(Error::permanent(kCodeRejected, reason))}});
  DeliveryChange change = change_from(attempt, DeliveryState::kDelivered);
  change.verdict = Outcome{};
  change.verdict->verdict = Outcome::Verdict::kRejected;
  change.verdict->message = reason;
  change.verdict->when = services.clock.now();
  apply_change(services, attempt, std::move(change));
}

void judge_open(const EngineServices& services, DeliveryRecorder& recorder, Attempt& attempt,
                const Result<Confirmation>& answer) {
  if (!answer && answer.error().code == kCodeRejected) {
    attempt.delivery.reach = Reach::kRefused;
    return recorder.park(attempt, answer.error());
  }
  if (!answer) return stay_open(services, recorder, attempt, answer);
  const Confirmation& found = answer.value();
  if (is_settled(found)) return recorder.settled(attempt, *found.receipt);
  if (found.state == Confirmation::State::kDifferent) {
    return recorder.park(
        attempt, Error::permanent("delivery.different",
                                  "the counterpart holds something else under this identifier (" +
                                      found.held + "); compare and decide"));
  }
  if (found.state == Confirmation::State::kAbsent) {
    return recorder.park(
        attempt, Error::permanent("delivery.vanished",
                                  "the counterpart gave a receipt and now has nothing; ask its "
                                  "staff, then replay or close"));
  }
  stay_open(services, recorder, attempt, answer);
}

}  // namespace

Timestamp next_question(const VerdictPolicy& policy, Timestamp expected_by, Timestamp now) {
  return policy.ask.count() == 0 ? expected_by : std::min(expected_by, now + policy.ask);
}

Timestamp next_look(const VerdictPolicy& policy, Timestamp until, Timestamp now) {
  return std::min(until, now + policy.look);
}

std::optional<Error> ask_about_open(const EngineServices& services, DeliveryRecorder& recorder,
                                    Attempt& attempt) {
  const auto answer = attempt.sink->confirm(attempt.stored.message, attempt.call);
  note_contact(attempt, answer ? nullptr : &answer.error());
  if (!answer && answer.error().code == kCodeTypeNotRegistered) return answer.error();
  judge_open(services, recorder, attempt, answer);
  return {};
}

void look_at_accepted(const EngineServices& services, Attempt& attempt) {
  const auto answer = attempt.sink->confirm(attempt.stored.message, attempt.call);
  note_contact(attempt, answer ? nullptr : &answer.error());
  if (!answer && is_rejection(answer.error())) {
    return rejected_late(services, attempt, answer.error().message);
  }
  const Timestamp now = services.clock.now();
  Receipt receipt = attempt.delivery.receipt.value_or(Receipt{});
  const Timestamp until = receipt.expected_by.value_or(now);
  if (now >= until) receipt.expected_by.reset();
  take_up_at(services, attempt, DeliveryState::kDelivered,
             next_look(attempt.endpoint->delivery.verdicts, until, now), std::move(receipt));
}

}  // namespace certbridge::host
