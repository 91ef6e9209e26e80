#include "query/source_calls.h"

#include <atomic>

namespace certbridge::host {

// One who waits for an answer: whoever comes first, the answer or the deadline, tells him.
class SourceCalls::Waiter : public std::enable_shared_from_this<Waiter> {
 public:
  Waiter(Timer& timer, Done done) : timer_(timer), done_(std::move(done)) {}

  void wait_until(Timer::Moment deadline) {
    const auto ticket = timer_.at(deadline, [self = shared_from_this()] {
      self->tell(Error::retryable("query.timeout", "the source did not answer in time"));
    });
    const std::lock_guard lock(mutex_);
    ticket_ = ticket;
  }

  void tell(const Result<Message>& answer) {
    if (told_.exchange(true)) return;
    std::optional<Timer::Ticket> ticket;
    {
      const std::lock_guard lock(mutex_);
      ticket = ticket_;
    }
    if (ticket) timer_.cancel(*ticket);
    done_(answer);
    done_ = nullptr;
  }

 private:
  Timer& timer_;
  Done done_;
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
  endpoint.expected.note(std::chrono::steady_clock::now() - began);
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

void SourceCalls::stop() {
  stop_.request_stop();
  for (auto& [name, endpoint] : endpoints_) endpoint->pool.close();
  for (auto& [name, endpoint] : endpoints_) endpoint->pool.join();
}

}  // namespace certbridge::host
