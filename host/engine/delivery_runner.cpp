#include "engine/delivery_runner.h"

#include <algorithm>

#include "engine/backoff.h"
#include "engine/certificate_file.h"
#include "journal/seeded_fault.h"
#include "journal/stop_point.h"
#include "observe/logging.h"

namespace certbridge::host {
namespace {

void collect_policies(const std::string& route, const std::vector<Step>& steps,
                      std::map<std::string, RetryPolicy>& policies) {
  for (const Step& step : steps) {
    if (step.kind == StepKind::kDeliver && step.retry)
      policies[route + "/" + step.name] = *step.retry;
    for (const Branch& branch : step.branches) collect_policies(route, branch.steps, policies);
  }
}

EarlierDelivery earlier_of(const StoredDelivery& delivery) {
  EarlierDelivery earlier;
  earlier.delivery = delivery.name;
  earlier.endpoint = delivery.endpoint;
  earlier.state = to_text(delivery.state);
  if (delivery.receipt) earlier.remote_id = delivery.receipt->remote_id;
  earlier.error_code = delivery.error_code;
  earlier.error_message = delivery.error_message;
  earlier.when = delivery.changed;
  return earlier;
}

}  // namespace

struct DeliveryRunner::Attempt {
  StoredDelivery delivery{};
  StoredMessage stored{};
  Sink* sink = nullptr;
  const EndpointConfig* endpoint = nullptr;
  Call call{};
  std::chrono::steady_clock::time_point began{};
  Timestamp asked{};  // when the counterpart was last asked what it has
};

DeliveryRunner::DeliveryRunner(EngineServices services)
    : services_(services), generator_(std::random_device{}()) {
  for (const RouteConfig& route : services_.configuration.routes) {
    collect_policies(route.name, route.steps, policies_);
  }
}

void DeliveryRunner::run(const StoredDelivery& delivery, std::stop_token stop) {
  const TraceScope scope(delivery.message_id, delivery.route);
  Attempt attempt;
  attempt.delivery = delivery;
  attempt.call.stop = std::move(stop);
  attempt.began = services_.clock.steady();
  if (!load(attempt)) return;
  if (!gate_allows(attempt)) {
    return park(attempt, Error::permanent("gate.no_verdict",
                                          "a file without a verdict of the seal gate on its digest "
                                          "is never delivered; mend the route"));
  }
  const bool unknown = delivery.state == DeliveryState::kUnknown;
  if (unknown && !seeded_fault("no-confirm-before-resend")) return confirm_then_send(attempt);
  send(attempt);
}

bool DeliveryRunner::load(Attempt& attempt) {
  attempt.sink = services_.endpoints.sink(attempt.delivery.endpoint);
  attempt.endpoint = find_endpoint(services_.configuration, attempt.delivery.endpoint);
  auto stored = services_.store.message(attempt.delivery.message_id);
  auto siblings = services_.store.deliveries(attempt.delivery.message_id);
  if (attempt.sink == nullptr || attempt.endpoint == nullptr) {
    retry_later(attempt, attempt.delivery.state,
                Error::fault("engine.no_sink",
                             "the configuration has no sink " + attempt.delivery.endpoint));
    return false;
  }
  if (!stored || !siblings) {
    park(attempt, stored ? siblings.error() : stored.error());
    return false;
  }
  attempt.stored = std::move(stored).value();
  for (const StoredDelivery& sibling : siblings.value()) {
    const auto& after = attempt.delivery.after;
    if (std::find(after.begin(), after.end(), sibling.name) == after.end()) continue;
    attempt.call.earlier.push_back(earlier_of(sibling));
  }
  attempt.call.trace_id = attempt.delivery.message_id;
  attempt.call.step_key = attempt.delivery.message_id + "/" + attempt.delivery.name;
  attempt.call.attempt = attempt.delivery.attempts + 1;
  attempt.call.deadline = services_.clock.steady() + attempt.endpoint->timeout;
  return true;
}

bool DeliveryRunner::gate_allows(const Attempt& attempt) const {
  const auto& verdicts = attempt.stored.gate_verdicts;
  return std::all_of(attempt.stored.message.attachments.begin(),
                     attempt.stored.message.attachments.end(), [&](const Attachment& file) {
                       return !is_certificate_file(file) ||
                              std::find(verdicts.begin(), verdicts.end(), file.digest) !=
                                  verdicts.end();
                     });
}

void DeliveryRunner::confirm_then_send(Attempt& attempt) {
  attempt.asked = services_.clock.now();
  auto confirmation = attempt.sink->confirm(attempt.stored.message, attempt.call);
  if (confirmation) return weigh(attempt, confirmation.value());
  if (confirmation.error().severity == Severity::kPermanent)
    return park(attempt, confirmation.error());
  retry_later(attempt, DeliveryState::kUnknown, confirmation.error());
}

void DeliveryRunner::weigh(Attempt& attempt, const Confirmation& confirmation) {
  switch (confirmation.state) {
    case Confirmation::State::kPresent: {
      Receipt receipt = confirmation.receipt.value_or(Receipt{});
      if (receipt.when == Timestamp{}) receipt.when = services_.clock.now();
      return sent(attempt, receipt);
    }
    case Confirmation::State::kDifferent:
      return park(attempt, Error::permanent("delivery.different",
                                            "the counterpart holds something else under this "
                                            "identifier (" +
                                                confirmation.held + "); compare and decide"));
    case Confirmation::State::kAbsent:
      return absent(attempt);
    case Confirmation::State::kInProgress:
      return retry_later(
          attempt, DeliveryState::kUnknown,
          Error::retryable("delivery.in_progress", "the counterpart is still working on it"));
    case Confirmation::State::kCannotTell:
      break;
  }
  if (attempt.endpoint->unknown == UnknownPolicy::kResend) return send(attempt);
  park(attempt, Error::permanent("delivery.cannot_tell",
                                 "the outcome of the last attempt is not known and the counterpart "
                                 "cannot tell; ask it, then replay or close"));
}

// "I do not have it" is believed only once whatever the lost attempt started must have ended, and
// only if that was so when the question was asked: an answer may be old when it arrives.
void DeliveryRunner::absent(Attempt& attempt) {
  const Timestamp now = services_.clock.now();
  const Timestamp settled =
      attempt.delivery.last_attempt.value_or(now) + attempt.endpoint->settle_time;
  if (attempt.asked >= settled) return send(attempt);
  DeliveryChange change = change_of(attempt, DeliveryState::kUnknown);
  const Timestamp soon =
      now + std::max(std::chrono::milliseconds(200), attempt.endpoint->settle_time / 5);
  change.next_at = std::min(settled, soon);
  change.error_code = "delivery.absent_not_settled";
  change.error_message = "the counterpart does not have it; believed after its settle time";
  record(attempt, std::move(change), "absent, waiting for the settle time");
}

void DeliveryRunner::send(Attempt& attempt) {
  const int most = policy_of(attempt.delivery).attempts;
  if (attempt.delivery.attempts >= most) {
    return park(attempt, Error::permanent("delivery.attempts_used_up",
                                          std::to_string(most) + " attempts failed; the last: " +
                                              attempt.delivery.error_message));
  }
  DeliveryChange sending = change_of(attempt, DeliveryState::kSending);
  sending.attempts = attempt.delivery.attempts + 1;
  sending.last_attempt = services_.clock.now();
  if (!seeded_fault("no-sending-mark")) {
    Transition transition;
    transition.delivery_changes.push_back(sending);
    if (auto applied = services_.store.apply(std::move(transition)); !applied) return;
    attempt.delivery.state = DeliveryState::kSending;
  }
  attempt.delivery.attempts = sending.attempts;
  attempt.delivery.last_attempt = sending.last_attempt;
  stop_point("engine.sending");
  auto receipt = attempt.sink->send(attempt.stored.message, attempt.call);
  stop_point("engine.sent");
  if (receipt) return sent(attempt, receipt.value());
  not_sent(attempt, receipt.error());
}

void DeliveryRunner::sent(Attempt& attempt, const Receipt& receipt) {
  const bool open = receipt.state == Receipt::State::kOpen;
  DeliveryChange change =
      change_of(attempt, open ? DeliveryState::kOpen : DeliveryState::kDelivered);
  change.receipt = receipt;
  if (change.receipt->when == Timestamp{}) change.receipt->when = services_.clock.now();
  if (open && receipt.expected_by) change.next_at = *receipt.expected_by;
  change.error_code.clear();
  change.error_message.clear();
  record(attempt, std::move(change), open ? "received, the verdict follows" : "");
}

void DeliveryRunner::not_sent(Attempt& attempt, const Error& error) {
  if (error.severity == Severity::kPermanent) return park(attempt, error);
  // Whatever the reason, the counterpart may have acted: it is asked before the next attempt. The
  // settle time counts from here: of an attempt of several calls the last one may be the lost one.
  attempt.delivery.last_attempt = services_.clock.now();
  retry_later(attempt, DeliveryState::kUnknown, error);
}

void DeliveryRunner::retry_later(Attempt& attempt, DeliveryState state, const Error& error) {
  DeliveryChange change = change_of(attempt, state);
  change.next_at =
      services_.clock.now() + retry_delay(policy_of(attempt.delivery), attempt.delivery.attempts,
                                          dice(), error.retry_after);
  change.error_code = error.code;
  change.error_message = error.message;
  services_.logger.log(LogLevel::kWarning, "delivery.retry",
                       {{"message", attempt.delivery.message_id},
                        {"endpoint", attempt.delivery.endpoint},
                        {"attempt", std::to_string(attempt.delivery.attempts)},
                        {"code", error.code},
                        {"reason", error.message}});
  record(attempt, std::move(change), error.message);
}

void DeliveryRunner::park(Attempt& attempt, const Error& error) {
  DeliveryChange change = change_of(attempt, DeliveryState::kParked);
  change.error_code = error.code;
  change.error_message = error.message;
  services_.logger.log(LogLevel::kError, "delivery.parked",
                       {{"message", attempt.delivery.message_id},
                        {"endpoint", attempt.delivery.endpoint},
                        {"code", error.code},
                        {"reason", error.message}});
  record(attempt, std::move(change), error.message);
}

bool DeliveryRunner::record(Attempt& attempt, DeliveryChange change, const std::string& text) {
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(services_.clock.steady() -
                                                                          attempt.began);
  const std::string state = to_text(change.state);
  Transition transition;
  transition.trace.push_back({attempt.delivery.message_id, services_.clock.now(),
                              "deliver " + attempt.delivery.name,
                              change.error_code.empty() ? state : change.error_code, text, took});
  transition.delivery_changes.push_back(std::move(change));
  transition.memory = services_.memory.take(attempt.call.step_key);
  services_.metrics.count("deliveries_total",
                          {{"endpoint", attempt.delivery.endpoint}, {"state", state}}, 1);
  services_.metrics.observe("delivery_seconds", {{"endpoint", attempt.delivery.endpoint}},
                            static_cast<double>(took.count()) / 1e6);
  auto applied = services_.store.apply(std::move(transition));
  if (applied) return true;
  services_.logger.log(LogLevel::kWarning, "delivery.not_recorded",
                       {{"message", attempt.delivery.message_id},
                        {"code", applied.error().code},
                        {"reason", applied.error().message}});
  return false;
}

DeliveryChange DeliveryRunner::change_of(const Attempt& attempt, DeliveryState state) const {
  DeliveryChange change;
  change.id = attempt.delivery.id;
  change.expected = {attempt.delivery.state};
  change.state = state;
  change.attempts = attempt.delivery.attempts;
  change.next_at = services_.clock.now();
  change.last_attempt = attempt.delivery.last_attempt;
  change.receipt = attempt.delivery.receipt;
  change.error_code = attempt.delivery.error_code;
  change.error_message = attempt.delivery.error_message;
  return change;
}

const RetryPolicy& DeliveryRunner::policy_of(const StoredDelivery& delivery) const {
  const auto found = policies_.find(delivery.route + "/" + delivery.name);
  return found == policies_.end() ? default_policy_ : found->second;
}

double DeliveryRunner::dice() {
  const std::lock_guard lock(dice_mutex_);
  return std::uniform_real_distribution<double>(0.0, 1.0)(generator_);
}

}  // namespace certbridge::host
