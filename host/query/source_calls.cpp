#include "query/source_calls.h"

#include <atomic>

namespace certbridge::host {
namespace {

constexpr unsigned kFailuresInARow = 3;
constexpr std::chrono::minutes kFailingFor{1};

}  // namespace

// One who waits for an answer: whoever comes first, the answer or the deadline, tells him.
class SourceCalls::Waiter : public std::enable_shared_from_this<Waiter> {
 public:
  Waiter(Timer& timer, Done done) : timer_(timer), done_(std::move(done)) {}

  // Told when no answer comes in time.
  void blame(SourceFailures& failures) { failures_ = &failures; }

  void wait_until(Timer::Moment deadline) {
    const auto ticket = timer_.at(deadline, [self = shared_from_this()] {
      if (self->told_.exchange(true)) return;
      if (self->failures_ != nullptr) self->failures_->note(true);
      self->finish(Error::retryable("query.timeout", "the source did not answer in time"));
    });
    const std::lock_guard lock(mutex_);
    ticket_ = ticket;
  }

  void tell(const Result<Message>& answer) {
    if (!told_.exchange(true)) finish(answer);
  }

 private:
  // By whoever came first.
  void finish(const Result<Message>& answer) {
    std::optional<Timer::Ticket> ticket;
    {
      const std::lock_guard lock(mutex_);
      ticket = ticket_;
    }
    if (ticket) timer_.cancel(*ticket);
    done_(answer);
    done_ = nullptr;
  }

  Timer& timer_;
  Done done_;
  SourceFailures* failures_ = nullptr;  // of the endpoint, which outlives every wait
  std::atomic<bool> told_{false};
  std::mutex mutex_{};
  std::optional<Timer::Ticket> ticket_{};
};

struct SourceCalls::Flight {
  SourceCall call{};
  std::vector<std::shared_ptr<Waiter>> waiters{};  // under SourceCalls::mutex_
};

SourceCalls::SourceCalls(const std::vector<CalledEndpoint>& endpoints, Timer& timer)
    : timer_(timer) {
  for (const CalledEndpoint& one : endpoints) {
    if (one.responder != nullptr) endpoints_.emplace(one.name, std::make_unique<Endpoint>(one));
  }
}

SourceCalls::~SourceCalls() { stop(); }

void SourceCalls::ask(SourceCall call, Done done) {
  auto waiter = std::make_shared<Waiter>(timer_, std::move(done));
  const auto endpoint = endpoints_.find(call.endpoint);
  if (endpoint == endpoints_.end()) {
    return waiter->tell(
        Error::permanent("query.no_endpoint", "there is no responder `" + call.endpoint + "`"));
  }
  waiter->blame(endpoint->second->failures);
  waiter->wait_until(call.deadline);
  if (join(call, waiter)) return;
  take_off(*endpoint->second, std::move(call), waiter);
}

bool SourceCalls::join(const SourceCall& call, const std::shared_ptr<Waiter>& waiter) {
  if (call.same.empty()) return false;
  const std::lock_guard lock(mutex_);
  const auto flight = flights_.find(call.same);
  if (flight == flights_.end()) return false;
  flight->second->waiters.push_back(waiter);
  return true;
}

void SourceCalls::take_off(Endpoint& endpoint, SourceCall call,
                           const std::shared_ptr<Waiter>& waiter) {
  auto flight = std::make_shared<Flight>();
  flight->call = std::move(call);
  flight->waiters.push_back(waiter);
  {
    const std::lock_guard lock(mutex_);
    if (!flight->call.same.empty()) flights_.emplace(flight->call.same, flight);
  }
  if (std::chrono::steady_clock::now() >= flight->call.deadline) {
    return land(flight, Error::retryable("query.timeout", "the time was up before it was asked"));
  }
  const bool in_time = !endpoint.would_be_late(flight->call.deadline);
  if (in_time && endpoint.pool.submit([this, &endpoint, flight] { fly(endpoint, flight); })) return;
  land(flight,
       stop_.stop_requested()
           ? Error::retryable("query.stopping", "the host stops")
           : Error::retryable("query.busy", "as many questions as may wait for the source"));
}

bool SourceCalls::Endpoint::would_be_late(Timer::Moment deadline) const {
  return std::chrono::steady_clock::now() + expected.of(pool.waiting()) > deadline;
}

void SourceCalls::fly(Endpoint& endpoint, const std::shared_ptr<Flight>& flight) {
  if (stop_.stop_requested()) {
    return land(flight, Error::retryable("query.stopping", "the host stops"));
  }
  // Nobody waits any more: the source is spared the question.
  if (std::chrono::steady_clock::now() >= flight->call.deadline) {
    return land(flight, Error::retryable("query.timeout", "its turn did not come in time"));
  }
  Call call;
  call.trace_id = flight->call.trace_id;
  call.step_key = flight->call.trace_id + "/" + flight->call.endpoint;
  call.deadline = flight->call.deadline;
  call.stop = stop_.get_token();
  const auto began = std::chrono::steady_clock::now();
  const auto answer = endpoint.responder->answer(flight->call.question, call);
  const auto ended = std::chrono::steady_clock::now();
  endpoint.expected.note(ended - began);
  // Whoever refuses a question for good is there. Who is late was blamed when the time was up.
  if (ended < flight->call.deadline) {
    endpoint.failures.note(!answer && answer.error().severity != Severity::kPermanent);
  }
  land(flight, answer);
}

void SourceCalls::land(const std::shared_ptr<Flight>& flight, const Result<Message>& answer) {
  std::vector<std::shared_ptr<Waiter>> waiters;
  {
    const std::lock_guard lock(mutex_);
    const auto known = flights_.find(flight->call.same);
    if (known != flights_.end() && known->second == flight) flights_.erase(known);
    waiters.swap(flight->waiters);
  }
  for (const auto& waiter : waiters) waiter->tell(answer);
}

std::set<std::string> SourceCalls::failing(Timer::Moment now) const {
  std::set<std::string> names;
  for (const auto& [name, endpoint] : endpoints_) {
    if (endpoint->failures.is_failing(now)) names.insert(name);
  }
  return names;
}

void SourceFailures::note(bool failed) {
  const std::lock_guard lock(mutex_);
  in_a_row_ = failed ? in_a_row_ + 1 : 0;
  last_ = std::chrono::steady_clock::now();
}

bool SourceFailures::is_failing(Timer::Moment now) const {
  const std::lock_guard lock(mutex_);
  return in_a_row_ >= kFailuresInARow && now - last_ < kFailingFor;
}

void SourceCalls::stop() {
  stop_.request_stop();
  for (auto& [name, endpoint] : endpoints_) endpoint->pool.close();
  for (auto& [name, endpoint] : endpoints_) endpoint->pool.join();
}

}  // namespace certbridge::host
