#include "engine/delivery_attempt.h"

#include "engine/backoff.h"
#include "engine/log_reason.h"
#include "engine/overdue.h"
#include "journal/seeded_fault.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::hours kVerdictExpected{24};

void collect_policies(const std::string& route, const std::vector<Step>& steps,
                      std::map<std::string, RetryPolicy>& policies) {
  for (const Step& step : steps) {
    if (step.kind == StepKind::kDeliver && step.retry)
      policies[route + "/" + step.name] = *step.retry;
    for (const Branch& branch : step.branches) collect_policies(route, branch.steps, policies);
  }
}

// What the component could not read here says nothing of its counterpart.
bool is_ours(const Error& error) {
  for (const char* prefix : {"content.", "journal.", "spool.", "context."}) {
    if (error.code.starts_with(prefix)) return true;
  }
  return false;
}

}  // namespace

void note_contact(Attempt& attempt, const Error* error) {
  Contact& contact = attempt.contact;
  if (error == nullptr || error->severity == Severity::kPermanent) {
    contact.outcome = Contact::Outcome::kAnswered;
    return;
  }
  if (is_ours(*error)) return;
  contact.outcome = Contact::Outcome::kFailed;
  contact.error = *error;
}

DeliveryRecorder::DeliveryRecorder(EngineServices services)
    : services_(services), late_(services), generator_(std::random_device{}()) {
  for (const RouteConfig& route : services_.configuration.routes) {
    collect_policies(route.name, route.steps, policies_);
  }
}

bool DeliveryRecorder::sending(Attempt& attempt) {
  DeliveryChange sending = change_of(attempt, DeliveryState::kSending);
  sending.attempts = attempt.delivery.attempts + 1;
  sending.last_attempt = services_.clock.now();
  sending.reach = Reach::kUnknown;
  sending.counts_in_hour = attempt.pass.quota_hour;
  if (!seeded_fault("no-sending-mark")) {
    Transition transition;
    transition.delivery_changes.push_back(sending);
    if (!store(transition, attempt)) return false;
    attempt.delivery.state = DeliveryState::kSending;
  }
  attempt.delivery.attempts = sending.attempts;
  attempt.delivery.last_attempt = sending.last_attempt;
  begun(attempt);
  return true;
}

void DeliveryRecorder::begun(Attempt& attempt) {
  attempt.contact.sent = true;
  attempt.reach_before = attempt.delivery.reach;
  attempt.delivery.reach = Reach::kUnknown;
}

void DeliveryRecorder::give_back(const Attempt& attempt) {
  DeliveryChange change = change_of(attempt, DeliveryState::kReady);
  change.attempts = 0;
  Transition transition;
  transition.delivery_changes.push_back(std::move(change));
  (void)store(transition, attempt);
}

void DeliveryRecorder::settled(Attempt& attempt, Receipt receipt) {
  const Timestamp now = services_.clock.now();
  if (receipt.when == Timestamp{}) receipt.when = now;
  const bool open = receipt.state == Receipt::State::kOpen;
  attempt.undecided = open;
  if (open && !receipt.expected_by) receipt.expected_by = now + kVerdictExpected;
  const VerdictPolicy& verdicts = attempt.endpoint->delivery.verdicts;
  DeliveryChange change =
      change_of(attempt, open ? DeliveryState::kOpen : DeliveryState::kDelivered);
  if (open) {
    change.next_at = next_question(verdicts, *receipt.expected_by, now);
  } else if (verdicts.watch.count() > 0) {
    receipt.expected_by = now + verdicts.watch;
    change.next_at = next_look(verdicts, *receipt.expected_by, now);
  }
  change.receipt = std::move(receipt);
  change.error_code.clear();
  change.error_message.clear();
  record_later(attempt, std::move(change), open ? "received, the verdict follows" : "");
}

void DeliveryRecorder::retry_later(Attempt& attempt, DeliveryState state, const Error& error) {
  DeliveryChange change = change_of(attempt, state);
  change.next_at = next_try(attempt.delivery, attempt.delivery.attempts, error.retry_after);
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

void DeliveryRecorder::park(Attempt& attempt, const Error& error) {
  DeliveryChange change = change_of(attempt, DeliveryState::kParked);
  change.error_code = error.code;
  change.error_message = error.message;
  services_.logger.log(LogLevel::kError, "delivery.parked",
                       {{"message", attempt.delivery.message_id},
                        {"endpoint", attempt.delivery.endpoint},
                        {"code", error.code},
                        {"reason", log_reason(error)}});
  record(attempt, std::move(change), error.message);
}

void DeliveryRecorder::wait_in(Attempt& attempt, const LaneHold& hold) {
  const bool unknown = attempt.delivery.reach == Reach::kUnknown;
  DeliveryChange change =
      change_of(attempt, unknown ? DeliveryState::kUnknown : DeliveryState::kRetryAt);
  change.waits_in = LaneWait{hold.lane, hold.issues};
  change.error_code = hold.error.code;
  change.error_message = hold.error.message;
  record(attempt, std::move(change), hold.error.message);
}

void DeliveryRecorder::not_held(Attempt& attempt, const Error& error) {
  DeliveryChange change = change_of(attempt, DeliveryState::kNotHeld);
  change.error_code = error.code;
  change.error_message = error.message;
  record(attempt, std::move(change), error.message);
}

void DeliveryRecorder::record(Attempt& attempt, DeliveryChange change, const std::string& text) {
  (void)store(noted(attempt, std::move(change), text), attempt);
}

// Nobody else takes up what is marked as being sent, so its worker needs not wait for the disk.
void DeliveryRecorder::record_later(Attempt& attempt, DeliveryChange change,
                                    const std::string& text) {
  if (attempt.delivery.state != DeliveryState::kSending) {
    return record(attempt, std::move(change), text);
  }
  late_.put(noted(attempt, std::move(change), text), attempt.delivery.message_id);
}

Transition DeliveryRecorder::noted(const Attempt& attempt, DeliveryChange change,
                                   const std::string& text) {
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(services_.clock.steady() -
                                                                          attempt.began);
  if (services_.deliveries != nullptr) services_.deliveries->fetch_add(1);
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
  return transition;
}

Result<void> DeliveryRecorder::store(const Transition& transition, const Attempt& attempt) {
  return LateRecords::record(services_, transition, attempt.delivery.message_id, attempt.call.stop);
}

DeliveryChange DeliveryRecorder::change_of(const Attempt& attempt, DeliveryState state) const {
  DeliveryChange change;
  change.id = attempt.delivery.id;
  change.expected = {attempt.delivery.state};
  change.state = state;
  change.attempts = attempt.delivery.attempts;
  change.next_at = services_.clock.now();
  change.last_attempt = attempt.delivery.last_attempt;
  change.receipt = attempt.delivery.receipt;
  change.reach = attempt.delivery.reach;
  change.error_code = attempt.delivery.error_code;
  change.error_message = attempt.delivery.error_message;
  return change;
}

bool DeliveryRecorder::attempts_left(const StoredDelivery& delivery) const {
  return delivery.attempts < policy_of(delivery).attempts;
}

Timestamp DeliveryRecorder::next_try(const StoredDelivery& delivery, int attempts,
                                     std::optional<std::chrono::milliseconds> retry_after) {
  return services_.clock.now() + retry_delay(policy_of(delivery), attempts, dice(), retry_after);
}

const RetryPolicy& DeliveryRecorder::policy_of(const StoredDelivery& delivery) const {
  const auto found = policies_.find(delivery.route + "/" + delivery.name);
  return found == policies_.end() ? default_policy_ : found->second;
}

double DeliveryRecorder::dice() {
  const std::lock_guard lock(dice_mutex_);
  return std::uniform_real_distribution<double>(0.0, 1.0)(generator_);
}

}  // namespace certbridge::host
