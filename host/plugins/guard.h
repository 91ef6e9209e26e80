// Between the host and every call into a library: exceptions become values, codes are held against
// the manifest, and an endpoint that goes on failing is taken out until a probe succeeds. Every
// call is watched: one that does not come back is reported, and once as many hang as the endpoint
// has threads, it is out until one of them returns.
#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <string>

#include "certbridge/context.h"
#include "plugins/call_watch.h"
#include "plugins/endpoints.h"
#include "plugins/manifest.h"

namespace certbridge::host {

// Codes that an endpoint may answer with: those of its own manifest and of what is lent to it.
using DeclaredCodes = std::map<std::string, Severity, std::less<>>;

struct GuardSettings {
  std::string endpoint{};
  DeclaredCodes codes{};
  int faults_until_down = 5;
  bool one_at_a_time = false;                 // threads="one": calls wait for each other
  std::size_t workers = 4;                    // so many calls that hang leave no thread to it
  std::chrono::milliseconds timeout{30'000};  // deadline of calls that have none of their own
};

// Health of one endpoint and the judgement of its answers. Any thread may call.
class EndpointGuard {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  // Clock, logger and metrics outlive the guard.
  EndpointGuard(GuardSettings settings, const Clock& clock, Logger& logger, Metrics& metrics);

  // Runs `function` (answering Result<T>) unless the endpoint is down; nothing is ever thrown.
  // `doing` names the call in messages: "send".
  template <class T, class Function>
  Result<T> call(const char* doing, Moment deadline, Function&& function) {
    if (std::optional<Error> down = refuse_when_down()) return *std::move(down);
    return judged<T>(doing, deadline, std::forward<Function>(function));
  }
  // The same past the gate: for start, probes and stop. A deadline of zero: the endpoint's timeout.
  template <class T, class Function>
  Result<T> judged(const char* doing, Moment deadline, Function&& function) {
    const Watched watched(*this, doing, deadline);
    try {
      const std::unique_lock<std::mutex> one = turn();
      Result<T> result = function();
      if (!result) return judge(result.error());
      succeeded();
      return result;
    } catch (const std::bad_alloc&) {
      return out_of_memory(doing);
    } catch (const std::exception& problem) {
      return threw(doing, problem.what());
    } catch (...) {
      return threw(doing, "something that is no std::exception");
    }
  }

  // Down from now on. `for_good`: only a restart of the host mends it, so it is never probed.
  void take_down(const std::string& reason, bool for_good);
  // Up again after a probe; one more fault takes it down at once until a call has succeeded.
  void bring_up();
  // A probe failed: the next one is due after twice the time, at most a minute.
  void postpone_probe();
  bool probe_is_due() const;
  // Reports calls that hang by now; about once a second.
  void watch();
  const CallWatch& calls() const { return calls_; }
  EndpointHealth health() const;
  std::string reason() const;

 private:
  // One call under way.
  class Watched {
   public:
    Watched(EndpointGuard& guard, const char* doing, Moment deadline)
        : guard_(guard), number_(guard.begin_call(doing, deadline)) {}
    ~Watched() { guard_.end_call(number_); }
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;

   private:
    EndpointGuard& guard_;
    std::uint64_t number_;
  };

  std::uint64_t begin_call(const char* doing, Moment deadline);
  void end_call(std::uint64_t number);
  void report(const HangingCall& call);
  void review_threads();
  void show_health();  // with the lock held
  std::string used_up_reason() const;
  std::optional<Error> refuse_when_down() const;
  std::unique_lock<std::mutex> turn();
  Error judge(Error error);
  Error threw(const char* doing, const std::string& what);
  Error out_of_memory(const char* doing);
  void succeeded();
  void count_fault(const Error& error);
  void go_down(const std::string& reason);  // with the lock held

  GuardSettings settings_;
  const Clock& clock_;
  Logger& logger_;
  Metrics& metrics_;
  CallWatch calls_;
  std::mutex turn_{};
  mutable std::mutex mutex_{};
  std::atomic<bool> down_{false};     // after faults; under mutex_ to be changed
  std::atomic<bool> used_up_{false};  // every thread hangs; under mutex_ to be changed
  bool for_good_ = false;
  std::string reason_{};
  int faults_ = 0;  // in a row
  std::chrono::milliseconds back_off_{0};
  std::chrono::steady_clock::time_point next_probe_{};
};

}  // namespace certbridge::host
