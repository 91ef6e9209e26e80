// Ends the wait for a stop that takes longer than it may.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace certbridge::host {

// Owns the thread "drain-deadline", which calls `give_up` when the time has come and the object is
// still there. Whatever hangs meanwhile is not waited for: `give_up` is to end the process.
class DrainDeadline {
 public:
  DrainDeadline(std::chrono::steady_clock::time_point until, std::function<void()> give_up);

 private:
  std::jthread thread_;
};

}  // namespace certbridge::host
