#include "engine/worker_pool.h"

#include <chrono>

#include <pthread.h>

namespace certbridge::host {

WorkerPool::WorkerPool(const std::string& name, std::size_t workers)
    : name_(name.substr(0, 15)), workers_(workers) {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < workers; ++i) start_thread();
}

void WorkerPool::start_thread() {
  ++alive_;
  threads_.emplace_back([this] { work(); });
  pthread_setname_np(threads_.back().native_handle(), name_.c_str());
}

void WorkerPool::stand_in(const std::set<std::thread::id>& hanging) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  stand_ins_ = 0;
  for (const std::thread& thread : threads_) stand_ins_ += hanging.count(thread.get_id());
  while (alive_ < workers_ + stand_ins_) start_thread();
  // Those that are one too many end as soon as they see it.
  work_.notify_all();
}

WorkerPool::~WorkerPool() {
  close();
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::submit(std::function<void()> task, int rank, const std::string& name) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    queue_[{rank, arrived_++}] = {name, std::move(task)};
  }
  work_.notify_one();
  return true;
}

// The queue is as long as what is picked in advance: short.
void WorkerPool::hurry(const std::string& name, int rank) {
  const std::lock_guard lock(mutex_);
  for (auto one = queue_.begin(); one != queue_.end(); ++one) {
    if (one->second.name != name) continue;
    auto moved = queue_.extract(one);
    moved.key().first = rank;
    queue_.insert(std::move(moved));
    return;
  }
}

std::size_t WorkerPool::load() const {
  const std::lock_guard lock(mutex_);
  return queue_.size() + running_;
}

std::size_t WorkerPool::threads() const {
  const std::lock_guard lock(mutex_);
  return alive_;
}

void WorkerPool::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    queue_.clear();
  }
  work_.notify_all();
}

bool WorkerPool::wait_idle(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  return idle_.wait_until(lock, until, [this] { return queue_.empty() && running_ == 0; });
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    const auto is_surplus = [this] { return alive_ > workers_ + stand_ins_; };
    work_.wait(lock, [&] { return closed_ || !queue_.empty() || is_surplus(); });
    if (queue_.empty() || is_surplus()) break;
    std::function<void()> task = std::move(queue_.begin()->second.work);
    queue_.erase(queue_.begin());
    ++running_;
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
    --running_;
    if (queue_.empty() && running_ == 0) idle_.notify_all();
  }
  --alive_;
  // What this one was woken for is for another.
  work_.notify_one();
}

}  // namespace certbridge::host
