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
    queue_.push_front(std::move(task));
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
  return queue_.size();
}

void BoundedPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    arrived_.wait(lock, [this] { return closed_ || !queue_.empty(); });
    if (queue_.empty()) return;
    std::function<void()> task = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
}

}  // namespace certbridge::host
