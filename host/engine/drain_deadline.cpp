#include "engine/drain_deadline.h"

#include <pthread.h>

#include <condition_variable>
#include <mutex>

namespace certbridge::host {

DrainDeadline::DrainDeadline(std::chrono::steady_clock::time_point until,
                             std::function<void()> give_up)
    : thread_([until, give_up = std::move(give_up)](const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        never.wait_until(lock, stop, until, [] { return false; });
        if (!stop.stop_requested()) give_up();
      }) {
  pthread_setname_np(thread_.native_handle(), "drain-deadline");
}

}  // namespace certbridge::host
