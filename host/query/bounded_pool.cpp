#include "query/bounded_pool.h"

#include <pthread.h>

namespace certbridge::host {

BoundedPool::BoundedPool(const std::string& name, std::size_t workers, std::size_t queue)
    : most_(queue) {
  for (std::size_t i = 0; i < workers; ++i) {
    threads_.emplace_back([this] { work(); });
    pthread_setname_np(threads_.back().native_handle(), name.substr(0, 15).c_str());
  }
}

BoundedPool::~BoundedPool() { join(); }

bool BoundedPool::submit(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || queue_.size() >= most_) return false;
    queue_.push_back(std::move(task));
  }
  arrived_.notify_one();
  return true;
}

void BoundedPool::resume(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    resumed_.push_back(std::move(task));
  }
  arrived_.notify_one();
}

void BoundedPool::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  arrived_.notify_all();
}

void BoundedPool::join() {
  close();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::size_t BoundedPool::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size() + resumed_.size();
}

std::function<void()> BoundedPool::next() {
  std::deque<std::function<void()>>& from = resumed_.empty() ? queue_ : resumed_;
  std::function<void()> task = std::move(from.front());
  from.pop_front();
  return task;
}

void BoundedPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    const auto is_something_there = [this] { return !queue_.empty() || !resumed_.empty(); };
    arrived_.wait(lock, [&] { return closed_ || is_something_there(); });
    if (!is_something_there()) return;
    std::function<void()> task = next();
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
}

}  // namespace certbridge::host
