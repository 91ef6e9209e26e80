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

std::size_t calls_at_once(const std::vector<CalledEndpoint>& endpoints) {
  std::size_t calls = 0;
  for (const CalledEndpoint& one : endpoints) calls += one.workers;
  return calls;
}

SourceCalls::SourceCalls(const std::vector<CalledEndpoint>& endpoints, Timer& timer,
                         BoundedPool& pool)
    : timer_(timer), pool_(pool) {
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
  ++untold_;
  return true;
}

void SourceCalls::take_off(Endpoint& endpoint, SourceCall call,
                           const std::shared_ptr<Waiter>& waiter) {
  auto flight = std::make_shared<Flight>();
  flight->call = std::move(call);
  flight->waiters.push_back(waiter);
  switch (admit(endpoint, flight)) {
    case Admission::kFlies:
      if (flight->call.here && pool_.is_here()) return fly(endpoint, flight);
      return pool_.resume([this, &endpoint, flight] { fly(endpoint, flight); });
    case Admission::kWaits:
      return;
    case Admission::kRefused:
      break;
  }
  land(flight,
       stop_.stop_requested()
           ? Error::retryable("query.stopping", "the host stops")
           : Error::retryable("query.busy", "as many questions as may wait for the source"));
}

SourceCalls::Admission SourceCalls::admit(Endpoint& endpoint,
                                          const std::shared_ptr<Flight>& flight) {
  const std::lock_guard lock(mutex_);
  ++untold_;
  if (stop_.stop_requested()) return Admission::kRefused;
  const bool flies = endpoint.flying < endpoint.called.workers;
  const bool refused = !flies && (endpoint.waiting.size() >= endpoint.called.queue ||
                                  endpoint.would_be_late(flight->call.deadline));
  if (refused) return Admission::kRefused;
  if (!flight->call.same.empty()) flights_.emplace(flight->call.same, flight);
  if (flies) {
    ++endpoint.flying;
    return Admission::kFlies;
  }
  endpoint.waiting.push_back(flight);
  return Admission::kWaits;
}

bool SourceCalls::Endpoint::would_be_late(Timer::Moment deadline) const {
  return std::chrono::steady_clock::now() + expected.of(waiting.size()) > deadline;
}

void SourceCalls::fly(Endpoint& endpoint, const std::shared_ptr<Flight>& flight) {
  const Result<Message> answer = call_now(endpoint, flight->call);
  let_next_fly(endpoint);
  land(flight, answer);
}

Result<Message> SourceCalls::call_now(Endpoint& endpoint, const SourceCall& asked) {
  if (stop_.stop_requested()) return Error::retryable("query.stopping", "the host stops");
  const auto began = std::chrono::steady_clock::now();
  // Nobody waits any more: the source is spared the question.
  if (began >= asked.deadline) {
    return Error::retryable("query.timeout", "its turn did not come in time");
  }
  Call call;
  call.trace_id = asked.trace_id;
  call.step_key = asked.trace_id + "/" + asked.endpoint;
  call.deadline = asked.deadline;
  call.stop = stop_.get_token();
  auto answer = endpoint.called.responder->answer(asked.question, call);
  const auto ended = std::chrono::steady_clock::now();
  endpoint.expected.note(ended - began);
  // Whoever refuses a question for good is there. Who is late was blamed when the time was up.
  if (ended < asked.deadline) {
    endpoint.failures.note(!answer && answer.error().severity != Severity::kPermanent);
  }
  return answer;
}

void SourceCalls::let_next_fly(Endpoint& endpoint) {
  std::shared_ptr<Flight> next;
  {
    const std::lock_guard lock(mutex_);
    if (endpoint.waiting.empty()) {
      --endpoint.flying;
      return;
    }
    next = std::move(endpoint.waiting.front());
    endpoint.waiting.pop_front();
  }
  pool_.resume([this, &endpoint, next] { fly(endpoint, next); });
}

// Whoever made the call goes on with it here; whoever joined is told by others at the same time.
void SourceCalls::land(const std::shared_ptr<Flight>& flight, const Result<Message>& answer) {
  std::vector<std::shared_ptr<Waiter>> waiters;
  {
    const std::lock_guard lock(mutex_);
    const auto known = flights_.find(flight->call.same);
    if (known != flights_.end() && known->second == flight) flights_.erase(known);
    waiters.swap(flight->waiters);
  }
  for (std::size_t i = 1; i < waiters.size(); ++i) {
    pool_.resume([this, waiter = waiters[i], answer] { tell(waiter, answer); });
  }
  tell(waiters.front(), answer);
}

void SourceCalls::tell(const std::shared_ptr<Waiter>& waiter, const Result<Message>& answer) {
  waiter->tell(answer);
  const std::lock_guard lock(mutex_);
  if (--untold_ == 0) told_.notify_all();
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
  std::unique_lock lock(mutex_);
  told_.wait(lock, [this] { return untold_ == 0; });
}

}  // namespace certbridge::host
