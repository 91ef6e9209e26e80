#include "engine/overdue.h"

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

// How often it was asked is not stored: the pauses grow with the time since the verdict was due.
int rounds_since(const EngineServices& services, const StoredDelivery& delivery) {
  const Timestamp due = delivery.receipt && delivery.receipt->expected_by
                            ? *delivery.receipt->expected_by
                            : delivery.changed;
  int rounds = 1;
  for (auto late = (services.clock.now() - due) / 1000; late.count() > 1; late /= 2) ++rounds;
  return rounds;
}

void stay_open(const EngineServices& services, DeliveryRecorder& recorder, Attempt& attempt,
               const Result<Confirmation>& answer) {
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

}  // namespace

void ask_about_overdue(const EngineServices& services, DeliveryRecorder& recorder,
                       Attempt& attempt) {
  const auto answer = attempt.sink->confirm(attempt.stored.message, attempt.call);
  note_contact(attempt, answer ? nullptr : &answer.error());
  if (!answer && answer.error().code == kCodeRejected)
    return recorder.park(attempt, answer.error());
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

}  // namespace certbridge::host
