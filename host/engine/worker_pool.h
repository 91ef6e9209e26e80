// A bounded set of named threads with a queue in front.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace certbridge::host {

// Tasks must not throw. Any thread may submit.
class WorkerPool {
 public:
  WorkerPool(const std::string& name, std::size_t workers);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void submit(std::function<void()> task);
  // Queued and running together.
  std::size_t load() const;
  // Drops what is queued and takes nothing more; running tasks go on.
  void close();
  // Waits until no task runs; false when the time is up first.
  bool wait_idle(std::chrono::steady_clock::time_point until);

 private:
  void work();

  mutable std::mutex mutex_{};
  std::condition_variable work_{};
  std::condition_variable idle_{};
  std::deque<std::function<void()>> queue_{};
  std::size_t running_ = 0;
  bool closed_ = false;
  std::vector<std::thread> threads_{};
};

}  // namespace certbridge::host
