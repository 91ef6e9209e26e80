#include "engine/endpoint_gate.h"

#include <algorithm>

#include "engine/opening_hours.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

using std::chrono::milliseconds;

// A wish beyond it is a slip or an attack: the endpoint is tried again all the same.
constexpr std::chrono::hours kLongestWish{24};
constexpr milliseconds kLookAgain{1000};
constexpr std::size_t kAvoidedProbes = 64;

Pause pause_of(PauseCause cause, std::optional<Timestamp> until, std::string reason) {
  Pause pause;
  pause.cause = cause;
  pause.until = until;
  pause.reason = std::move(reason);
  return pause;
}

milliseconds until(std::chrono::steady_clock::time_point then,
                   std::chrono::steady_clock::time_point now) {
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(then - now));
}

}  // namespace

EndpointGate::EndpointGate(const EndpointConfig& endpoint, EngineServices services)
    : endpoint_(endpoint),
      services_(services),
      breaker_(endpoint.delivery.breaker),
      bucket_(endpoint.delivery.limits),
      quota_(endpoint.delivery) {}

void EndpointGate::restore() {
  const std::lock_guard lock(mutex_);
  if (const auto pauses = services_.store.pauses()) {
    for (const Pause& pause : pauses.value()) {
      if (pause.endpoint == endpoint_.name) restore_pause(pause);
    }
  }
  if (const auto counts = services_.store.send_counts(endpoint_.name)) {
    for (const SendCount& count : counts.value()) quota_.restore(count.hour, count.sends);
  }
  show_breaker();
}

// The others follow from the calendar and the counts.
void EndpointGate::restore_pause(const Pause& pause) {
  const Moment steady = services_.clock.steady();
  const auto left = std::chrono::duration_cast<milliseconds>(
      pause.until.value_or(services_.clock.now()) - services_.clock.now());
  pauses_[pause.cause] = pause;
  services_.metrics.gauge("endpoint_paused",
                          {{"endpoint", endpoint_.name}, {"cause", to_text(pause.cause)}}, 1);
  if (pause.cause == PauseCause::kBreaker) {
    breaker_.restore(pause.failures, pause.probes, left, steady);
  }
  if (pause.cause == PauseCause::kRetryAfter) {
    wished_until_ = steady + std::clamp<milliseconds>(left, milliseconds(0), kLongestWish);
  }
}

GateRoom EndpointGate::room() {
  const std::lock_guard lock(mutex_);
  const Timestamp now = services_.clock.now();
  const Moment steady = services_.clock.steady();
  GateRoom room;
  room.look_again = kLookAgain;
  if (is_closed(now, steady)) {
    if (wished_until_ > steady) room.look_again = until(wished_until_, steady);
    return room;
  }
  if (breaker_.state() == BreakerState::kProbing) return room;
  if (!breaker_.allows(steady)) {
    room.look_again = until(breaker_.next_probe(), steady);
    return room;
  }
  std::int64_t most = std::min(bucket_.left(steady), quota_.left(now)) - queued_;
  if (breaker_.state() == BreakerState::kOpen) {
    most = std::min<std::int64_t>(most, queued_ > 0 ? 0 : 1);
    room.avoid = failed_probes_;
  }
  room.most = static_cast<std::size_t>(std::max<std::int64_t>(most, 0));
  // Without a token it is a matter of time; otherwise whoever is queued wakes when he is done.
  const milliseconds until_token = bucket_.until_next(steady);
  if (until_token > milliseconds(0)) room.look_again = until_token;
  return room;
}

bool EndpointGate::is_wide_open() {
  const std::lock_guard lock(mutex_);
  if (breaker_.state() != BreakerState::kClosed || quota_.is_limited()) return false;
  if (bucket_.is_limited()) return false;
  return !is_closed(services_.clock.now(), services_.clock.steady());
}

void EndpointGate::picked(std::size_t count) { queued_ += static_cast<std::int64_t>(count); }

void EndpointGate::dropped() { --queued_; }

void EndpointGate::forget_failed_probes() {
  const std::lock_guard lock(mutex_);
  failed_probes_.clear();
}

Pass EndpointGate::enter() {
  const std::lock_guard lock(mutex_);
  const Timestamp now = services_.clock.now();
  const Moment steady = services_.clock.steady();
  --queued_;
  Pass pass;
  if (is_closed(now, steady) || !breaker_.allows(steady)) return pass;
  if (bucket_.left(steady) <= 0) return pass;
  pass.allowed = true;
  pass.probe = breaker_.begin(steady);
  bucket_.take(steady);
  if (quota_.is_limited()) {
    pass.quota_hour = quota_.hour_of(now);
    quota_.take(*pass.quota_hour);
  }
  if (pass.probe) {
    services_.logger.log(LogLevel::kInfo, "breaker.probing", {{"endpoint", endpoint_.name}});
    show_breaker();
  }
  return pass;
}

void EndpointGate::leave(std::int64_t delivery, const Pass& pass, const Contact& contact) {
  const std::lock_guard lock(mutex_);
  if (pass.quota_hour && !contact.sent) quota_.give_back(*pass.quota_hour);
  const BreakerState before = breaker_.state();
  switch (contact.outcome) {
    case Contact::Outcome::kNobody:
      bucket_.give_back();
      breaker_.called_nobody(pass.probe);
      break;
    case Contact::Outcome::kAsked:
      breaker_.asked(pass.probe, services_.clock.steady());
      break;
    case Contact::Outcome::kAnswered:
      breaker_.succeeded(pass.probe);
      break;
    case Contact::Outcome::kFailed:
      if (pass.probe && failed_probes_.size() >= kAvoidedProbes) failed_probes_.clear();
      if (pass.probe) failed_probes_.insert(delivery);
      breaker_.failed(pass.probe, services_.clock.steady());
      note_wish(contact.error);
      break;
  }
  note_breaker(before, contact.error);
}

bool EndpointGate::is_closed(Timestamp now, Moment steady) {
  look_at_calendar(now);
  look_at_quota(now);
  look_at_wish(steady);
  return std::any_of(pauses_.begin(), pauses_.end(),
                     [](const auto& entry) { return entry.first != PauseCause::kBreaker; });
}

void EndpointGate::look_at_calendar(Timestamp now) {
  const DeliveryPolicy& policy = endpoint_.delivery;
  const MaintenanceWindow* window = maintenance_at(policy, now);
  set(window != nullptr,
      pause_of(PauseCause::kMaintenance,
               window == nullptr ? std::nullopt : std::optional(window->to), {}));
  const bool open = is_open(policy, now);
  const bool known = pauses_.contains(PauseCause::kHours);
  set(!open,
      pause_of(PauseCause::kHours, open || known ? std::nullopt : opens_next(policy, now), {}));
}

void EndpointGate::look_at_quota(Timestamp now) {
  const bool used_up = quota_.is_limited() && quota_.left(now) <= 0;
  set(used_up,
      pause_of(PauseCause::kQuota, used_up ? std::optional(quota_.renews(now)) : std::nullopt, {}));
}

void EndpointGate::look_at_wish(Moment steady) {
  if (wished_until_ <= steady) end(PauseCause::kRetryAfter);
}

// A component that the host itself has set aside names its next probe: that is no wish.
void EndpointGate::note_wish(const Error& error) {
  if (!error.retry_after || error.code == "endpoint.down") return;
  const auto wish = std::clamp<milliseconds>(*error.retry_after, milliseconds(0), kLongestWish);
  if (wish == milliseconds(0)) return;
  wished_until_ = std::max(wished_until_, services_.clock.steady() + wish);
  begin(pause_of(PauseCause::kRetryAfter, services_.clock.now() + wish,
                 error.code + ": " + error.message));
}

void EndpointGate::note_breaker(BreakerState before, const Error& error) {
  const BreakerState after = breaker_.state();
  if (after == before) return;
  show_breaker();
  if (after == BreakerState::kClosed) {
    failed_probes_.clear();
    pauses_.erase(PauseCause::kBreaker);
    services_.logger.log(LogLevel::kInfo, "breaker.closed", {{"endpoint", endpoint_.name}});
    save(pause_of(PauseCause::kBreaker, {}, {}));
    return;
  }
  const auto known = pauses_.find(PauseCause::kBreaker);
  Pause pause = known == pauses_.end() ? pause_of(PauseCause::kBreaker, {}, {}) : known->second;
  if (known == pauses_.end()) pause.since = services_.clock.now();
  if (!error.code.empty()) pause.reason = error.code + ": " + error.message;
  pause.endpoint = endpoint_.name;
  pause.failures = breaker_.failures();
  pause.probes = breaker_.probes();
  pause.until = services_.clock.now() + until(breaker_.next_probe(), services_.clock.steady());
  pauses_[PauseCause::kBreaker] = pause;
  services_.logger.log(LogLevel::kError, "breaker.open",
                       {{"endpoint", endpoint_.name},
                        {"failures", std::to_string(pause.failures)},
                        {"next_probe", to_iso8601(*pause.until)},
                        {"reason", pause.reason}});
  save(pause);
}

void EndpointGate::set(bool on, Pause pause) { on ? begin(std::move(pause)) : end(pause.cause); }

void EndpointGate::begin(Pause pause) {
  const auto known = pauses_.find(pause.cause);
  const bool is_longer = known != pauses_.end() && pause.cause == PauseCause::kRetryAfter &&
                         pause.until > known->second.until;
  if (known != pauses_.end() && !is_longer) return;
  pause.endpoint = endpoint_.name;
  pause.since = known == pauses_.end() ? services_.clock.now() : known->second.since;
  pauses_[pause.cause] = pause;
  services_.logger.log(LogLevel::kWarning, "endpoint.paused",
                       {{"endpoint", endpoint_.name},
                        {"cause", to_text(pause.cause)},
                        {"until", pause.until ? to_iso8601(*pause.until) : ""},
                        {"reason", pause.reason}});
  services_.metrics.count("endpoint_pauses_total",
                          {{"endpoint", endpoint_.name}, {"cause", to_text(pause.cause)}}, 1);
  save(pause);
}

void EndpointGate::end(PauseCause cause) {
  if (pauses_.erase(cause) == 0) return;
  services_.logger.log(LogLevel::kInfo, "endpoint.resumed",
                       {{"endpoint", endpoint_.name}, {"cause", to_text(cause)}});
  save(pause_of(cause, {}, {}));
}

// What the journal does not take is known here all the same; only a restart would not know it.
void EndpointGate::save(const Pause& pause) {
  const bool on = pauses_.contains(pause.cause);
  services_.metrics.gauge("endpoint_paused",
                          {{"endpoint", endpoint_.name}, {"cause", to_text(pause.cause)}}, on);
  const auto saved =
      on ? services_.store.pause(pause) : services_.store.resume(endpoint_.name, pause.cause);
  if (saved) return;
  services_.logger.log(LogLevel::kWarning, "journal.failed",
                       {{"code", saved.error().code}, {"reason", saved.error().message}});
}

void EndpointGate::show_breaker() {
  const BreakerState state = breaker_.state();
  const MetricLabels labels{{"endpoint", endpoint_.name}};
  services_.metrics.gauge("breaker_state", labels,
                          state == BreakerState::kClosed    ? 0
                          : state == BreakerState::kProbing ? 1
                                                            : 2);
  services_.metrics.count("breaker_transitions_total",
                          {{"endpoint", endpoint_.name}, {"to", to_text(state)}}, 1);
}

}  // namespace certbridge::host
