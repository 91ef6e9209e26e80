// Calls to responders: so many of an endpoint at once and a queue of its own, so that a slow one
// holds up no other.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "certbridge/endpoint.h"
#include "query/bounded_pool.h"
#include "query/expected_wait.h"
#include "query/timer.h"

namespace certbridge::host {

struct CalledEndpoint {
  std::string name{};
  Responder* responder = nullptr;  // outlives the calls; null: it answers "query.no_endpoint"
  std::size_t workers = 4;         // calls at once
  std::size_t queue = 256;         // that may wait behind them
};
// Calls that may be under way at once at all of them.
std::size_t calls_at_once(const std::vector<CalledEndpoint>& endpoints);

struct SourceCall {
  std::string endpoint{};
  Message question{};
  // Calls of equal keys that are under way are one call; empty: this one is nobody else's.
  std::string same{};
  std::string trace_id{};
  Timer::Moment deadline{};
  // Whoever asks, on a thread of the pool and with nothing left to do, makes the call himself.
  bool here = false;
};

// Failures of one endpoint in a row. Any thread.
class SourceFailures {
 public:
  void note(bool failed);
  bool is_failing(Timer::Moment now) const;

 private:
  mutable std::mutex mutex_{};
  unsigned in_a_row_ = 0;
  Timer::Moment last_{};
};

// Any thread may call.
class SourceCalls {
 public:
  using Done = std::function<void(const Result<Message>&)>;

  // Calls are made on threads of the pool, at most calls_at_once() of them, so it has as many more
  // than it needs for everything else. The pool outlives them.
  SourceCalls(const std::vector<CalledEndpoint>& endpoints, Timer& timer, BoundedPool& pool);
  ~SourceCalls();
  SourceCalls(const SourceCalls&) = delete;
  SourceCalls& operator=(const SourceCalls&) = delete;

  // `done` is called once, on any thread, also before this returns; not later than shortly after
  // the deadline, whatever the endpoint does. On a thread of the pool it may go on as long as it
  // wants, on others it must be short. Besides the endpoint's own errors:
  //   query.busy (retryable)         its queue is full, or so long that no answer would come by the
  //                                  deadline: whoever would wait in vain is told at once
  //   query.timeout (retryable)      no answer by the deadline
  //   query.stopping (retryable)     the host stops
  //   query.no_endpoint (permanent)  there is none of that name
  void ask(SourceCall call, Done done);
  // Endpoints whose last three calls failed or were late, the last of them less than a minute ago.
  std::set<std::string> failing(Timer::Moment now) const;
  // Takes no more, tells calls under way to stop, and waits until the last has returned.
  void stop();

 private:
  class Waiter;
  struct Flight;
  struct Endpoint {
    explicit Endpoint(const CalledEndpoint& of) : called(of), expected(of.workers) {}
    bool would_be_late(Timer::Moment deadline) const;
    const CalledEndpoint called;
    ExpectedWait expected;
    SourceFailures failures{};
    std::size_t flying = 0;  // under SourceCalls::mutex_, as the next
    std::deque<std::shared_ptr<Flight>> waiting{};
  };
  enum class Admission : std::uint8_t { kFlies = 1, kWaits, kRefused };
  bool join(const SourceCall& call, const std::shared_ptr<Waiter>& waiter);
  void take_off(Endpoint& endpoint, SourceCall call, const std::shared_ptr<Waiter>& waiter);
  Admission admit(Endpoint& endpoint, const std::shared_ptr<Flight>& flight);
  void fly(Endpoint& endpoint, const std::shared_ptr<Flight>& flight);
  Result<Message> call_now(Endpoint& endpoint, const SourceCall& asked);
  void let_next_fly(Endpoint& endpoint);
  void land(const std::shared_ptr<Flight>& flight, const Result<Message>& answer);
  void tell(const std::shared_ptr<Waiter>& waiter, const Result<Message>& answer);

  Timer& timer_;
  BoundedPool& pool_;
  std::stop_source stop_{};
  std::mutex mutex_{};
  std::size_t untold_ = 0;  // waiters of flights, under mutex_
  std::condition_variable told_{};
  std::map<std::string, std::shared_ptr<Flight>> flights_{};  // that others may join, by key
  std::map<std::string, std::unique_ptr<Endpoint>> endpoints_{};
};

}  // namespace certbridge::host
