#include "engine/step_runner.h"

#include <algorithm>

#include "engine/backoff.h"
#include "engine/beside.h"
#include "engine/left_over.h"
#include "engine/made_again.h"
#include "engine/reading.h"
#include "engine/search_terms.h"
#include "engine/step_run.h"
#include "engine/supersede.h"
#include "observe/logging.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostOfOneKey = 10'000;

MessageChange change_of(const StoredMessage& accepted, MessageState state, Timestamp now) {
  MessageChange change;
  change.id = accepted.message.id;
  change.expected = {MessageState::kAccepted, MessageState::kIncomplete};
  change.state = state;
  change.attempts = accepted.attempts + 1;
  change.next_at = now;
  change.route = accepted.route;
  return change;
}

// A message that was let run anew may be refused once more: each report is a message of its own.
std::string refusal_id(Store& store, const StoredMessage& accepted) {
  std::string id = accepted.message.id + "/refusal";
  if (!accepted.ran_before) return id;
  const auto children = store.children(accepted.message.id);
  std::size_t known = 0;
  for (const StoredMessage& child : children ? children.value() : std::vector<StoredMessage>{}) {
    known += child.message.id.starts_with(id) ? 1 : 0;
  }
  return known == 0 ? id : id + "-" + std::to_string(known + 1);
}

// What the person at the registration system is told about a message that was parked.
RoutedChild refusal_report(const StepFailure& failure, const StoredMessage& accepted,
                           const RouteConfig& route, const std::string& id) {
  RoutedChild child;
  child.route = route.name;
  child.message = failure.message;
  child.message.id = id;
  child.message.type = "registration.refusal";
  child.message.order_number = accepted.message.order_number;
  child.message.attachments.clear();
  child.message.headers["refusal-code"] = failure.error.code;
  child.message.headers["refusal-message"] = failure.error.message;
  child.message.headers["refusal-step"] = failure.step;
  child.search_terms = search_terms_of(child.message);
  child.deliveries.push_back({"report-refusal", route.report_refusal, route.name, {}, {}});
  return child;
}

// Whether the message may still become complete: an earlier one of its key is under way.
bool is_under_way(MessageState state) {
  return state == MessageState::kAccepted || state == MessageState::kIncomplete ||
         state == MessageState::kInReview || state == MessageState::kRouted;
}

// True also when the journal cannot tell: then it is asked again.
bool others_under_way(Store& store, const StoredMessage& accepted, const std::string& key_kind) {
  for (const OrderKey& key : accepted.message.order_keys) {
    if (key.kind != key_kind) continue;
    const auto sharing = store.messages_with_key(key, kMostOfOneKey);
    if (!sharing) return true;
    for (const StoredMessage& other : sharing.value()) {
      const bool earlier = other.message.order_number < accepted.message.order_number;
      if (earlier && is_under_way(other.state) && !stands_beside(other.message)) return true;
    }
  }
  return false;
}

// A message that a person let run anew: how what was read now differs from what was read before.
void note_difference(const EngineServices& services, const StoredMessage& accepted,
                     const StepRun& run, Transition& transition) {
  if (!accepted.ran_before || run.reading().empty()) return;
  const auto before = services.store.step_result(reading_key(accepted.message.id));
  const bool known = before && before.value();
  const std::string text =
      known ? in_words(differences(before.value()->messages, reading_of(run.reading())))
            : "nothing was read of it before";
  transition.trace.push_back({accepted.message.id,
                              services.clock.now(),
                              "read again",
                              text == "same" ? "same" : "changed",
                              text,
                              {}});
}

// Kept for the next reading to be compared with.
void keep_reading(const StoredMessage& accepted, const StepRun& run, Transition& transition) {
  if (run.reading().empty()) return;
  transition.step_results.push_back({reading_key(accepted.message.id), reading_of(run.reading())});
}

Transition in_review(const EngineServices& services, const CompiledRoute& route,
                     const StoredMessage& accepted, StepRun& run) {
  for (const std::string& key : run.step_keys()) services.memory.drop(key);
  Transition transition;
  transition.trace = std::move(run.effects().trace);
  MessageChange change = change_of(accepted, MessageState::kInReview, services.clock.now());
  change.route = route.config->name;
  transition.messages.push_back(std::move(change));
  for (const PendingReview& pending : run.pending_reviews()) {
    transition.reviews_asked.push_back(
        {accepted.message.id, pending.message.id, pending.step, pending.digest});
    transition.step_results.push_back(
        {review_step_key(pending.message.id, pending.step, pending.digest), {pending.message}});
  }
  services.logger.log(LogLevel::kInfo, "review.asked",
                      {{"message", accepted.message.id},
                       {"certificates", std::to_string(run.pending_reviews().size())}});
  return transition;
}

// Whether the steps may enter anything into the register, withdraw or deliver anything.
bool does_something(const std::vector<Step>& steps) {
  return std::any_of(steps.begin(), steps.end(), [](const Step& step) {
    const bool itself = step.kind == StepKind::kLife || step.kind == StepKind::kDeliver ||
                        step.kind == StepKind::kWithdraw;
    return itself || std::any_of(step.branches.begin(), step.branches.end(),
                                 [](const Branch& branch) { return does_something(branch.steps); });
  });
}

MessageState state_after(const Error& error, bool time_is_up) {
  if (error.code == kCodeSuperseded) return MessageState::kSuperseded;
  if (error.code == kCodeWithdrawn) return MessageState::kWithdrawn;
  if (error.severity == Severity::kPermanent || time_is_up) return MessageState::kParked;
  return MessageState::kIncomplete;
}

// What still lacks the same is told once.
void tell_failure(const EngineServices& services, const StoredMessage& accepted,
                  const MessageChange& change, const std::string& step) {
  const bool waits = change.state == MessageState::kIncomplete;
  const bool known = accepted.state == MessageState::kIncomplete &&
                     accepted.error_code == change.error_code &&
                     accepted.error_message == change.error_message;
  if (waits && known) return;
  services.logger.log(waits ? LogLevel::kInfo : LogLevel::kWarning,
                      "message." + to_text(change.state),
                      {{"message", accepted.message.id},
                       {"step", step},
                       {"code", change.error_code},
                       {"reason", change.error_message}});
}

Transition failed(const EngineServices& services, const CompiledRoute& route,
                  const StoredMessage& accepted, StepRun& run, bool may_wait) {
  const StepFailure& failure = *run.failure();
  const Timestamp now = services.clock.now();
  // Trouble of another kind says nothing about what is still to come.
  const std::string& code = route.config->incomplete_code;
  const bool said_so = code.empty() || failure.error.code == code;
  const bool time_is_up =
      (said_so && !may_wait) || now - accepted.since > route.config->incomplete_limit;
  // Only the trace is kept of a failed run: what its steps staged never happened.
  for (const std::string& key : run.step_keys()) services.memory.drop(key);
  Transition transition;
  transition.trace = std::move(run.effects().trace);
  MessageChange change = change_of(accepted, state_after(failure.error, time_is_up), now);
  change.route = route.config->name;
  change.error_code = failure.error.code;
  change.error_message = failure.error.message;
  change.holds_back = does_something(route.config->steps);
  if (change.state == MessageState::kIncomplete) {
    change.next_at = now + incomplete_delay(route.config->incomplete_retry, now - accepted.since,
                                            failure.error.retry_after);
  }
  services.metrics.count("steps_failed_total", {{"code", failure.error.code}}, 1);
  tell_failure(services, accepted, change, failure.step);
  if (change.state == MessageState::kParked && !route.config->report_refusal.empty()) {
    transition.children.push_back(
        refusal_report(failure, accepted, *route.config, refusal_id(services.store, accepted)));
  }
  if (change.state == MessageState::kParked) {
    note_difference(services, accepted, run, transition);
    keep_reading(accepted, run, transition);
  }
  transition.messages.push_back(std::move(change));
  return transition;
}

// The journal could not tell what there is already.
Transition tried_later(const EngineServices& services, const StoredMessage& accepted,
                       const Error& error) {
  Transition transition;
  const Timestamp now = services.clock.now();
  MessageChange change = change_of(accepted, MessageState::kIncomplete, now);
  change.next_at = now + std::chrono::seconds(1);
  change.error_code = error.code;
  change.error_message = error.message;
  transition.messages.push_back(std::move(change));
  return transition;
}

// What a step left cannot be accepted: the run has not happened.
Transition not_left(const EngineServices& services, const StoredMessage& accepted,
                    const StepRun& run, const Error& error) {
  for (const std::string& key : run.step_keys()) services.memory.drop(key);
  if (error.severity == Severity::kRetryable) return tried_later(services, accepted, error);
  return parked_for(accepted, error, services.clock.now());
}

Transition routed(const EngineServices& services, const CompiledRoute& route,
                  const StoredMessage& accepted, StepRun& run, std::vector<Travelling> arrived) {
  Transition transition = std::move(run.effects());
  note_difference(services, accepted, run, transition);
  if (accepted.ran_before) {
    const auto kept = keep_what_is_new(services, accepted, arrived, transition);
    if (!kept) return tried_later(services, accepted, kept.error());
  }
  bool any_delivery = false;
  for (Travelling& one : arrived) {
    any_delivery = any_delivery || !one.deliveries.empty();
    if (!one.is_child) {
      transition.deliveries = std::move(one.deliveries);
      continue;
    }
    std::vector<SearchTerm> terms = search_terms_of(one.message);
    transition.children.push_back({std::move(one.message), route.config->name,
                                   std::move(one.gate_verdicts), std::move(one.deliveries),
                                   one.ends, std::move(one.code), std::move(one.text),
                                   std::move(terms)});
  }
  for (const std::string& key : run.step_keys()) {
    auto staged = services.memory.take(key);
    std::move(staged.begin(), staged.end(), std::back_inserter(transition.memory));
  }
  MessageChange change = change_of(
      accepted, any_delivery ? MessageState::kRouted : MessageState::kDone, services.clock.now());
  change.route = route.config->name;
  // The store opens transition.deliveries for messages[0]: the accepted message comes first.
  transition.messages.insert(transition.messages.begin(), std::move(change));
  // What the journal cannot tell now stays parked: a person gives it up.
  if (auto needless = superseded_by(services, *route.config, accepted)) {
    std::move(needless.value().messages.begin(), needless.value().messages.end(),
              std::back_inserter(transition.messages));
    std::move(needless.value().trace.begin(), needless.value().trace.end(),
              std::back_inserter(transition.trace));
  }
  return transition;
}

}  // namespace

const EndpointConfig* find_endpoint(const Configuration& configuration, const std::string& name) {
  for (const EndpointConfig& endpoint : configuration.endpoints) {
    if (endpoint.name == name) return &endpoint;
  }
  return nullptr;
}

Transition parked_for(const StoredMessage& accepted, const Error& error, Timestamp now) {
  Transition transition;
  MessageChange change = change_of(accepted, MessageState::kParked, now);
  change.error_code = error.code;
  change.error_message = error.message;
  transition.messages.push_back(std::move(change));
  transition.trace.push_back({accepted.message.id, now, "route", error.code, error.message, {}});
  return transition;
}

Transition StepRunner::run(const StoredMessage& accepted, std::stop_token stop) {
  for (const CompiledRoute& route : routes_) {
    if (!may_take(entry_of(route), accepted.message, accepted.source)) continue;
    auto takes = route.when->holds(accepted.message, accepted.source);
    if (!takes) return parked_for(accepted, takes.error(), services_.clock.now());
    if (!takes.value()) continue;
    const TraceScope scope(accepted.message.id, route.config->name);
    // Asked before the steps run, so that they see all that had ended by then.
    const std::string& key_kind = route.config->incomplete_while;
    const bool may_wait = key_kind.empty() || others_under_way(services_.store, accepted, key_kind);
    StepRun run(services_, route, accepted, std::move(stop));
    std::vector<Travelling> arrived = run.travel();
    if (run.failure()) return failed(services_, route, accepted, run, may_wait);
    if (!run.pending_reviews().empty()) return in_review(services_, route, accepted, run);
    if (run.has_left_over()) {
      const auto left = accept_left_over(services_.store, accepted);
      if (!left) return not_left(services_, accepted, run, left.error());
    }
    return routed(services_, route, accepted, run, std::move(arrived));
  }
  return parked_for(
      accepted,
      Error::permanent("route.none", "no route takes messages like this from " + accepted.source),
      services_.clock.now());
}

}  // namespace certbridge::host
