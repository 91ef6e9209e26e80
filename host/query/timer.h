// Calls that are to be made at a time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace certbridge::host {

// Owns the thread "query-timer". Tasks must be short and must not throw. Any thread may call.
class Timer {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  struct Ticket {
    Moment when{};
    std::uint64_t number = 0;
    auto operator<=>(const Ticket&) const = default;
  };

  Timer();
  ~Timer();  // stop()
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  Ticket at(Moment when, std::function<void()> task);
  // Whether it was still there. It may be running when the answer is no.
  bool cancel(const Ticket& ticket);
  // Drops what is not due, and what is added from now on. No task runs any more once this returns,
  // so that what tasks use may go away.
  void stop();

 private:
  void work();

  std::mutex mutex_{};
  std::condition_variable changed_{};
  std::map<Ticket, std::function<void()>> tasks_{};
  std::uint64_t next_ = 1;
  Moment looks_at_ = Moment::min();  // until when its thread sleeps
  bool stopping_ = false;
  std::thread thread_{};  // last: it uses the others
};

}  // namespace certbridge::host
