#include "engine/delivery_runner.h"

#include <algorithm>
#include <memory>

#include "certbridge/certificate_type.h"
#include "engine/certificate_file.h"
#include "engine/overdue.h"
#include "engine/type_lanes.h"
#include "journal/seeded_fault.h"
#include "journal/stop_point.h"
#include "observe/logging.h"

namespace certbridge::host {
namespace {

// A stop point of one endpoint alone, as "engine.sent.library".
void stop_point_of([[maybe_unused]] const char* name,
                   [[maybe_unused]] const std::string& endpoint) {
#ifdef CERTBRIDGE_STOP_POINTS
  stop_point((name + endpoint).c_str());
#endif
}

// What an answer says of the type: its lane may go on, or (of a change of the type) be probed.
void note_type(TypeLanes* lanes, const Attempt& attempt) {
  const bool answered = attempt.contact.outcome == Contact::Outcome::kAnswered;
  if (lanes == nullptr || attempt.waits_for_type || attempt.undecided || !answered) return;
  const Message& message = attempt.stored.message;
  lanes->answered(attempt.delivery.endpoint, message, attempt.delivery.id);
  const auto changed = message.headers.find("catalogue-type");
  if (message.type == kCertificateTypeMessage && changed != message.headers.end()) {
    lanes->probe_soon(attempt.delivery.endpoint, changed->second);
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

DeliveryRunner::DeliveryRunner(EngineServices services)
    : services_(services), recorder_(services) {}

Attempt DeliveryRunner::attempt_of(const StoredDelivery& delivery, const Pass& pass,
                                   std::stop_token stop) {
  Attempt attempt;
  attempt.delivery = delivery;
  attempt.pass = pass;
  attempt.call.stop = std::move(stop);
  attempt.began = services_.clock.steady();
  return attempt;
}

Contact DeliveryRunner::run_begun(const StoredDelivery& delivery, StoredMessage message,
                                  const Pass& pass, std::stop_token stop) {
  const TraceScope scope(delivery.message_id, delivery.route);
  Attempt attempt = attempt_of(delivery, pass, std::move(stop));
  if (!find_sink(attempt)) return attempt.contact;
  attempt.stored = std::move(message);
  if (waits_for_type(attempt)) return attempt.contact;
  begin_call(attempt, delivery.attempts);
  recorder_.begun(attempt);
  call(attempt);
  note_type(services_.type_lanes, attempt);
  return attempt.contact;
}

void DeliveryRunner::give_back(const StoredDelivery& delivery) {
  Attempt attempt = attempt_of(delivery, {}, {});
  recorder_.give_back(attempt);
}

Result<Contact> DeliveryRunner::run(const StoredDelivery& delivery, const Pass& pass,
                                    std::stop_token stop) {
  const TraceScope scope(delivery.message_id, delivery.route);
  Attempt attempt = attempt_of(delivery, pass, std::move(stop));
  if (!find_sink(attempt)) return attempt.contact;
  if (auto loaded = load(attempt); !loaded) {
    if (loaded.error().severity == Severity::kRetryable) return loaded.error();
    recorder_.park(attempt, loaded.error());
    return attempt.contact;
  }
  take_up(attempt);
  note_type(services_.type_lanes, attempt);
  return attempt.contact;
}

void DeliveryRunner::take_up(Attempt& attempt) {
  if (seeded_fault("memory-leak")) {
    static_cast<void>(std::make_unique<StoredDelivery>(attempt.delivery).release());
  }
  if (attempt.delivery.state == DeliveryState::kOpen) return ask_about_open(attempt);
  if (attempt.delivery.state == DeliveryState::kDelivered) {
    return look_at_accepted(services_, attempt);
  }
  // By a verdict that was posted, of which the journal knows no more than that.
  if (attempt.delivery.state == DeliveryState::kRetryAt &&
      attempt.delivery.error_code == kCodeTypeNotRegistered) {
    return type_refused_later(
        attempt, Error::permanent(kCodeTypeNotRegistered, attempt.delivery.error_message));
  }
  if (!gate_allows(attempt)) {
    return recorder_.park(
        attempt, Error::permanent("gate.no_verdict",
                                  "a file without a verdict of the seal gate on its digest is "
                                  "never delivered; mend the route"));
  }
  if (waits_for_type(attempt)) return;
  const bool unknown = attempt.delivery.state == DeliveryState::kUnknown;
  if (unknown && !seeded_fault("no-confirm-before-resend")) return confirm_then_send(attempt);
  send(attempt);
}

// An endpoint that is not there has got nothing: what is ready waits for its next try.
bool DeliveryRunner::find_sink(Attempt& attempt) {
  attempt.call.step_key = attempt.delivery.message_id + "/" + attempt.delivery.name;
  attempt.sink = services_.endpoints.sink(attempt.delivery.endpoint);
  attempt.endpoint = find_endpoint(services_.configuration, attempt.delivery.endpoint);
  if (attempt.sink != nullptr && attempt.endpoint != nullptr) return true;
  const bool ready = attempt.delivery.state == DeliveryState::kReady ||
                     attempt.delivery.state == DeliveryState::kSending;
  recorder_.retry_later(
      attempt, ready ? DeliveryState::kRetryAt : attempt.delivery.state,
      Error::fault("engine.no_sink", "the configuration has no sink " + attempt.delivery.endpoint));
  return false;
}

Result<void> DeliveryRunner::load(Attempt& attempt) {
  auto stored = services_.store.message(attempt.delivery.message_id);
  if (!stored) return stored.error();
  attempt.stored = std::move(stored).value();
  if (auto earlier = load_earlier(attempt); !earlier) return earlier;
  begin_call(attempt, attempt.delivery.attempts + 1);
  return {};
}

void DeliveryRunner::begin_call(Attempt& attempt, int number) const {
  attempt.call.trace_id = attempt.delivery.message_id;
  attempt.call.attempt = number;
  attempt.call.deadline = services_.clock.steady() + attempt.endpoint->timeout;
}

Result<void> DeliveryRunner::load_earlier(Attempt& attempt) {
  const auto& after = attempt.delivery.after;
  if (after.empty()) return {};
  auto siblings = services_.store.deliveries(attempt.delivery.message_id);
  if (!siblings) return siblings.error();
  for (const StoredDelivery& sibling : siblings.value()) {
    if (std::find(after.begin(), after.end(), sibling.name) == after.end()) continue;
    attempt.call.earlier.push_back(earlier_of(sibling));
  }
  return {};
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
  note_contact(attempt, confirmation ? nullptr : &confirmation.error());
  if (confirmation) return weigh(attempt, confirmation.value());
  if (confirmation.error().code == kCodeTypeNotRegistered) {
    return type_refused(attempt, confirmation.error());
  }
  if (confirmation.error().code == kCodeNotHeld) {
    return recorder_.not_held(attempt, confirmation.error());
  }
  if (confirmation.error().severity == Severity::kPermanent) {
    if (confirmation.error().code == kCodeRejected) attempt.delivery.reach = Reach::kRefused;
    return recorder_.park(attempt, confirmation.error());
  }
  recorder_.retry_later(attempt, DeliveryState::kUnknown, confirmation.error());
}

void DeliveryRunner::weigh(Attempt& attempt, const Confirmation& confirmation) {
  switch (confirmation.state) {
    case Confirmation::State::kPresent:
      return recorder_.settled(attempt, confirmation.receipt.value_or(Receipt{}));
    case Confirmation::State::kDifferent:
      return recorder_.park(
          attempt, Error::permanent("delivery.different",
                                    "the counterpart holds something else under this identifier (" +
                                        confirmation.held + "); compare and decide"));
    case Confirmation::State::kAbsent:
      return absent(attempt);
    case Confirmation::State::kInProgress:
      attempt.contact.outcome = Contact::Outcome::kAsked;
      return recorder_.retry_later(
          attempt, DeliveryState::kUnknown,
          Error::retryable("delivery.in_progress", "the counterpart is still working on it"));
    case Confirmation::State::kCannotTell:
      break;
  }
  const bool resend = attempt.endpoint->unknown == UnknownPolicy::kResend;
  if (resend && !attempt.delivery.ask_only) return send(attempt);
  recorder_.park(attempt,
                 Error::permanent("delivery.cannot_tell",
                                  "the outcome of the last attempt is not known and the "
                                  "counterpart cannot tell; ask it, then replay or close"));
}

// "I do not have it" is believed only once whatever the lost attempt started must have ended, and
// only if that was so when the question was asked: an answer may be old when it arrives.
void DeliveryRunner::absent(Attempt& attempt) {
  const Timestamp now = services_.clock.now();
  const Timestamp settled =
      attempt.delivery.last_attempt.value_or(now) + attempt.endpoint->settle_time;
  if (attempt.asked >= settled) {
    attempt.delivery.reach = Reach::kNothing;
    if (attempt.delivery.ask_only) return needless(attempt);
    return send(attempt);
  }
  attempt.contact.outcome = Contact::Outcome::kAsked;
  DeliveryChange change = recorder_.change_of(attempt, DeliveryState::kUnknown);
  const Timestamp soon =
      now + std::max(std::chrono::milliseconds(200), attempt.endpoint->settle_time / 5);
  change.next_at = std::min(settled, soon);
  change.error_code = "delivery.absent_not_settled";
  change.error_message = "the counterpart does not have it; believed after its settle time";
  recorder_.record(attempt, std::move(change), "absent, waiting for the settle time");
}

// What a later event has made needless by then: the journal does the rest when it is set aside.
void DeliveryRunner::needless(Attempt& attempt) {
  recorder_.park(attempt,
                 Error::permanent("delivery.needless",
                                  "the counterpart does not have it, and a later event of its "
                                  "certificate waits that makes it needless; it is not sent"));
}

void DeliveryRunner::send(Attempt& attempt) {
  if (!recorder_.attempts_left(attempt.delivery)) {
    return recorder_.park(attempt, Error::permanent("delivery.attempts_used_up",
                                                    std::to_string(attempt.delivery.attempts) +
                                                        " attempts failed; the last: " +
                                                        attempt.delivery.error_message));
  }
  if (recorder_.sending(attempt)) call(attempt);
}

// What is marked as sending by then.
void DeliveryRunner::call(Attempt& attempt) {
  stop_point("engine.sending");
  auto receipt = attempt.sink->send(attempt.stored.message, attempt.call);
  note_contact(attempt, receipt ? nullptr : &receipt.error());
  stop_point("engine.sent");
  stop_point_of("engine.sent.", attempt.delivery.endpoint);
  if (receipt) return recorder_.settled(attempt, receipt.value());
  not_sent(attempt, receipt.error());
}

bool DeliveryRunner::waits_for_type(Attempt& attempt) {
  if (services_.type_lanes == nullptr) return false;
  const StoredDelivery& delivery = attempt.delivery;
  const auto hold =
      services_.type_lanes->hold_of(delivery.endpoint, attempt.stored.message, delivery.id);
  if (!hold) return false;
  // One that was marked as sending was not sent yet.
  const bool begun = delivery.state == DeliveryState::kSending;
  if (begun) attempt.delivery.attempts = 0;
  attempt.waits_for_type = true;
  recorder_.wait_in(attempt, *hold);
  return true;
}

void DeliveryRunner::type_refused(Attempt& attempt, const Error& error) {
  const StoredDelivery& delivery = attempt.delivery;
  auto hold = services_.type_lanes == nullptr
                  ? std::nullopt
                  : services_.type_lanes->refused(delivery.endpoint, attempt.stored.message,
                                                  delivery.id, error);
  if (!hold) return recorder_.park(attempt, error);
  if (attempt.contact.sent) {
    --attempt.delivery.attempts;
    attempt.delivery.reach = attempt.reach_before;
  }
  attempt.waits_for_type = true;
  recorder_.wait_in(attempt, *hold);
}

void DeliveryRunner::type_refused_later(Attempt& attempt, const Error& error) {
  attempt.delivery.attempts = std::max(0, attempt.delivery.attempts - 1);
  attempt.delivery.reach = Reach::kRefused;
  if (attempt.delivery.receipt) attempt.delivery.receipt->expected_by.reset();
  type_refused(attempt, error);
}

void DeliveryRunner::ask_about_open(Attempt& attempt) {
  if (const auto refusal = host::ask_about_open(services_, recorder_, attempt)) {
    type_refused_later(attempt, *refusal);
  }
}

void DeliveryRunner::not_sent(Attempt& attempt, const Error& error) {
  if (error.code == kCodeTypeNotRegistered) return type_refused(attempt, error);
  if (error.code == kCodeNotHeld) return recorder_.not_held(attempt, error);
  if (error.severity == Severity::kPermanent) {
    const bool refused = attempt.endpoint->refusals.contains(error.code);
    if (refused && attempt.reach_before != Reach::kUnknown)
      attempt.delivery.reach = Reach::kRefused;
    return recorder_.park(attempt, error);
  }
  // Whatever the reason, the counterpart may have acted: it is asked before the next attempt. The
  // settle time counts from here: of an attempt of several calls the last one may be the lost one.
  attempt.delivery.last_attempt = services_.clock.now();
  // A probe is about the endpoint: however long that is away, its deliveries are not given up.
  if (attempt.pass.probe) --attempt.delivery.attempts;
  recorder_.retry_later(attempt, DeliveryState::kUnknown, error);
}

}  // namespace certbridge::host
