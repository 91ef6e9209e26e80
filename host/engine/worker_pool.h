// A bounded set of named threads with a queue in front.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
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

  // A smaller rank goes first; of the same rank, who came first. `name` is for hurry() only.
  // False when it is closed: then the task is dropped.
  bool submit(std::function<void()> task, int rank = 0, const std::string& name = {});
  // The task of this name has the rank from now on, unless it has begun.
  void hurry(const std::string& name, int rank);
  // Queued and running together.
  std::size_t load() const;
  // Threads that have not ended.
  std::size_t threads() const;
  // Drops what is queued and takes nothing more; running tasks go on.
  void close();
  // So many of the threads are in tasks that hang: as many more work for them until they return.
  void stand_in(const std::set<std::thread::id>& hanging);
  // Waits until no task runs; false when the time is up first.
  bool wait_idle(std::chrono::steady_clock::time_point until);

 private:
  struct Task {
    std::string name{};
    std::function<void()> work{};
  };
  void start_thread();  // with the lock held
  void work();

  mutable std::mutex mutex_{};
  std::condition_variable work_{};
  std::condition_variable idle_{};
  std::map<std::pair<int, std::uint64_t>, Task> queue_{};  // by rank and arrival
  std::uint64_t arrived_ = 0;
  std::size_t running_ = 0;
  bool closed_ = false;
  std::string name_;
  std::size_t workers_;  // that are to be at work, besides those that hang
  std::size_t stand_ins_ = 0;
  std::size_t alive_ = 0;  // threads that have not ended
  std::vector<std::thread> threads_{};
};

}  // namespace certbridge::host
