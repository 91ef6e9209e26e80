#include "engine/engine.h"

#include <pthread.h>

#include <algorithm>

#include "journal/seeded_fault.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kWindowPerWorker = 16;
// Messages whose steps run or whose results are being stored: enough to fill the journal's groups.
constexpr std::size_t kSmallestMessageWindow = 256;
constexpr std::chrono::milliseconds kLongestSleep{1000};
constexpr std::chrono::milliseconds kUntilItsTurn{500};

void collect_sinks(const std::vector<Step>& steps, std::set<std::string>& names) {
  for (const Step& step : steps) {
    if (step.kind == StepKind::kDeliver) names.insert(step.endpoint);
    for (const Branch& branch : step.branches) collect_sinks(branch.steps, names);
  }
}

// Run again after a while; nothing is traced, as nothing has happened.
Transition waiting_for_its_turn(const StoredMessage& stored, const Error& error, Timestamp now) {
  MessageChange change;
  change.id = stored.message.id;
  change.expected = {MessageState::kAccepted, MessageState::kIncomplete};
  change.state = MessageState::kIncomplete;
  change.attempts = stored.attempts;
  change.next_at = now + kUntilItsTurn;
  change.route = stored.route;
  change.error_code = error.code;
  change.error_message = error.message;
  Transition transition;
  transition.messages.push_back(std::move(change));
  return transition;
}

}  // namespace

Engine::Engine(EngineServices services, std::vector<CompiledRoute> routes)
    : services_(services),
      routes_(std::move(routes)),
      steps_(services_, routes_),
      deliveries_(services_) {}

Engine::~Engine() {
  if (dispatcher_.joinable()) stop(std::chrono::steady_clock::now());
  // What the journal has not answered yet comes back here.
  std::unique_lock lock(mutex_);
  routed_.wait(lock, [this] { return routing_ == 0; });
}

void Engine::start() {
  const std::size_t workers = services_.configuration.step_workers;
  message_window_ = std::max(workers * kWindowPerWorker, kSmallestMessageWindow);
  step_pool_ = std::make_unique<WorkerPool>("steps", workers);
  std::set<std::string> sinks;
  for (const RouteConfig& route : services_.configuration.routes) {
    collect_sinks(route.steps, sinks);
    if (!route.report_refusal.empty()) sinks.insert(route.report_refusal);
  }
  for (const std::string& name : sinks) {
    const EndpointConfig* endpoint = find_endpoint(services_.configuration, name);
    if (endpoint != nullptr) add_outlet(*endpoint);
  }
  forget_pauses_of_others();
  services_.store.on_work([this] { wake(); });
  dispatcher_ = std::thread([this] { dispatch(); });
  pthread_setname_np(dispatcher_.native_handle(), "dispatch");
}

void Engine::add_outlet(const EndpointConfig& endpoint) {
  const auto count = static_cast<std::size_t>(endpoint.workers);
  Outlet& outlet = outlets_[endpoint.name];
  outlet.gate = std::make_unique<EndpointGate>(endpoint, services_);
  outlet.gate->restore();
  outlet.pool = std::make_unique<WorkerPool>("to " + endpoint.name, count);
  outlet.workers = count;
  outlet.window =
      std::min<std::size_t>(static_cast<std::size_t>(endpoint.queue), count * kWindowPerWorker);
}

// Of endpoints that nothing is delivered to any more.
void Engine::forget_pauses_of_others() {
  const auto pauses = services_.store.pauses();
  if (!pauses) return;
  for (const Pause& pause : pauses.value()) {
    if (!outlets_.contains(pause.endpoint)) {
      static_cast<void>(services_.store.resume(pause.endpoint, pause.cause));
    }
  }
}

bool Engine::stop(std::chrono::steady_clock::time_point until) {
  services_.store.on_work(nullptr);
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (dispatcher_.joinable()) dispatcher_.join();
  stop_.request_stop();
  if (step_pool_) step_pool_->close();
  for (auto& [name, outlet] : outlets_) outlet.pool->close();
  deliveries_.stop();
  bool idle = !step_pool_ || step_pool_->wait_idle(until);
  for (auto& [name, outlet] : outlets_) idle = outlet.pool->wait_idle(until) && idle;
  return wait_routed(until) && deliveries_.wait_idle(until) && idle;
}

void Engine::wake() {
  {
    const std::lock_guard lock(mutex_);
    wake_ = true;
  }
  woken_.notify_one();
}

// What was due when it was looked at is under way, or waits for a place that will wake us.
std::chrono::milliseconds Engine::until_next_due(Timestamp looked_at) {
  std::chrono::milliseconds longest = kLongestSleep;
  for (const auto& [name, outlet] : outlets_) longest = std::min(longest, outlet.look_again);
  longest = std::max(longest, std::chrono::milliseconds(1));
  auto due = services_.store.next_due(looked_at);
  if (!due || !due.value()) return longest;
  const auto wait = *due.value() - services_.clock.now();
  return std::clamp(wait, std::chrono::milliseconds(1), longest);
}

bool Engine::is_woken() {
  const std::lock_guard lock(mutex_);
  return wake_ || stopping_;
}

void Engine::sleep(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, longest, [this] { return wake_ || stopping_; });
}

void Engine::dispatch() {
  while (true) {
    const Timestamp looked_at = services_.clock.now();
    note_holds();
    dispatch_messages();
    for (auto& [name, outlet] : outlets_) dispatch_deliveries(name, outlet);
    if (!is_woken()) sleep(until_next_due(looked_at));
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    wake_ = false;
  }
}

void Engine::rest(std::chrono::steady_clock::time_point& until, const Error& error) {
  services_.logger.log(LogLevel::kError, "journal.failed",
                       {{"code", error.code}, {"reason", error.message}});
  const std::lock_guard lock(mutex_);
  until = std::chrono::steady_clock::now() + kLongestSleep;
}

bool Engine::rests(const std::chrono::steady_clock::time_point& until) {
  const std::lock_guard lock(mutex_);
  return std::chrono::steady_clock::now() < until;
}

// Persons and reasons stay in the journal.
void Engine::note_holds() {
  const auto holds = services_.store.holds();
  if (!holds) return;
  const auto log_missing = [&](const std::vector<Hold>& of, const std::vector<Hold>& in,
                               auto&& log) {
    for (const Hold& hold : of) {
      const bool there = std::any_of(in.begin(), in.end(), [&](const Hold& other) {
        return other.scope == hold.scope && other.name == hold.name && other.since == hold.since;
      });
      if (!there) log(LogFields{{"scope", to_text(hold.scope)}, {"name", hold.name}});
    }
  };
  log_missing(holds.value(), known_holds_, [&](const LogFields& fields) {
    services_.logger.log(LogLevel::kWarning, "deliveries.held", fields);
  });
  log_missing(known_holds_, holds.value(), [&](const LogFields& fields) {
    services_.logger.log(LogLevel::kInfo, "deliveries.released", fields);
  });
  known_holds_ = holds.value();
}

void Engine::run_message(const StoredMessage& stored) {
  Transition transition = steps_.run(stored, stop_.get_token());
  auto routing = std::make_shared<Routing>();
  routing->places = promise_places(transition, stored);
  for (const auto& [endpoint, count] : routing->places) transition.send_at_once.insert(endpoint);
  if (!routing->places.empty()) routing->of = messages_of(transition, stored);
  routing->stored = stored;
  {
    const std::lock_guard lock(mutex_);
    ++routing_;
  }
  services_.store.route_later(std::move(transition), [this, routing](auto routed) {
    end_routing(routing, std::move(routed));
  });
}

// On the journal's thread, which must not wait: what is to be done about a failure is a worker's.
void Engine::end_routing(const std::shared_ptr<Routing>& routing,
                         Result<std::vector<StoredDelivery>> routed) {
  if (routed) {
    keep_promises(routing->places, std::move(routed).value(), routing->of);
    return forget_message(routing->stored.message.id, false);
  }
  keep_promises(routing->places, {}, routing->of);
  const auto settle = [this, routing, error = routed.error()] {
    settle_run(routing->stored, error);
    forget_message(routing->stored.message.id, true);
  };
  if (!step_pool_->submit(settle)) forget_message(routing->stored.message.id, false);
}

// The last of what is done for a message: the engine may be gone right after.
void Engine::forget_message(const std::string& id, bool look_again) {
  const std::lock_guard lock(mutex_);
  messages_in_flight_.erase(id);
  wake_ = wake_ || look_again || messages_behind_;
  if (wake_) woken_.notify_all();
  if (--routing_ == 0) routed_.notify_all();
}

bool Engine::wait_routed(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  return routed_.wait_until(lock, until, [this] { return routing_ == 0; });
}

// A message that somebody else moved on meanwhile is looked at anew, and one that the journal
// cannot take now is run again after a pause. What it will never take must not be run for ever.
void Engine::settle_run(const StoredMessage& stored, const Error& error) {
  if (error.code == "journal.state_changed") return;
  if (error.code == "journal.earlier_unrouted") {
    const auto waits =
        services_.store.apply(waiting_for_its_turn(stored, error, services_.clock.now()));
    if (!waits && waits.error().code != "journal.state_changed") {
      rest(messages_rest_until_, waits.error());
    }
    return;
  }
  if (error.severity == Severity::kRetryable) return rest(messages_rest_until_, error);
  const auto parked = services_.store.apply(parked_for(stored, error, services_.clock.now()));
  if (!parked) rest(messages_rest_until_, parked.error());
}

// Asked anew right before it starts: what was put on hold since it was picked waits as well.
bool Engine::is_held(const std::string& endpoint, const std::string& route) {
  const auto holds = services_.store.holds();
  return holds && holding(holds.value(), endpoint, route) != nullptr;
}

// What was put on hold or stopped by the gate since it was picked waits as well.
bool Engine::run_allowed(Outlet& outlet, const StoredDelivery& delivery) {
  if (is_held(delivery.endpoint, delivery.route)) {
    outlet.gate->dropped();
    return false;
  }
  const Pass pass = outlet.gate->enter();
  if (!pass.allowed) return false;
  const auto contact = deliveries_.run(delivery, pass, stop_.get_token());
  outlet.gate->leave(delivery.id, pass, contact ? contact.value() : Contact{});
  if (!contact) {
    rest(outlet.rests_until,
         Error::retryable("journal.failed",
                          "a delivery to " + delivery.endpoint + " could not be read"));
  }
  return true;
}

void Engine::run_delivery(const std::string& endpoint, const StoredDelivery& delivery) {
  Outlet& outlet = outlets_.at(endpoint);
  settle_delivery(outlet, delivery, run_allowed(outlet, delivery));
}

void Engine::settle_delivery(Outlet& outlet, const StoredDelivery& delivery, bool ran) {
  bool more = !ran;
  {
    const std::lock_guard lock(mutex_);
    outlet.in_flight.erase(delivery.id);
    more = more || outlet.behind;
  }
  // Where the gate limits what is picked, each that ends makes room.
  more = more || !outlet.gate->is_wide_open();
  // A release that came before it was taken out could not see it.
  if (more && (ran || !is_held(delivery.endpoint, delivery.route))) wake();
}

}  // namespace certbridge::host
