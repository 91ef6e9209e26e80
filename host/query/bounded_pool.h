// Named threads with a queue that has an end.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace certbridge::host {

// Tasks must not throw. Any thread may submit.
class BoundedPool {
 public:
  BoundedPool(const std::string& name, std::size_t workers, std::size_t queue);
  ~BoundedPool();
  BoundedPool(const BoundedPool&) = delete;
  BoundedPool& operator=(const BoundedPool&) = delete;

  // False, and nothing is done, when the queue is full or the pool is closed.
  bool submit(std::function<void()> task);
  // What has been let in goes on: before what is submitted, in order of its coming; it is taken
  // however long the queue is, also while the pool is being closed.
  void resume(std::function<void()> task);
  // Whether this thread is one of the pool: then whoever holds no lock and has nothing left to do
  // needs no other.
  bool is_here() const;
  // Takes no more by submit(). Every task that was taken is done before the threads end.
  void close();
  // close(), and waits for the threads.
  void join();

 private:
  struct Worker {
    std::condition_variable wakes{};
    bool woken = false;  // under mutex_
  };
  void add(std::function<void()> task, std::deque<std::function<void()>>& to,
           std::unique_lock<std::mutex> lock);
  void work(Worker& self);
  std::function<void()> next();  // with the lock held, and something there
  Worker* wake_one();            // with the lock held; null: all are at work

  std::size_t most_;
  std::mutex mutex_{};
  std::vector<std::unique_ptr<Worker>> workers_{};
  std::vector<Worker*> idle_{};  // under mutex_; whoever came last is woken first, while it is warm
  std::deque<std::function<void()>> queue_{};
  std::deque<std::function<void()>> resumed_{};
  bool closed_ = false;
  std::vector<std::thread> threads_{};
};

}  // namespace certbridge::host
