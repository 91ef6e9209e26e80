#include "query/bounded_pool.h"

#include <pthread.h>

namespace certbridge::host {
namespace {

thread_local const void* pool_of_this_thread = nullptr;

}  // namespace

BoundedPool::BoundedPool(const std::string& name, std::size_t workers, std::size_t queue)
    : most_(queue) {
  for (std::size_t i = 0; i < workers; ++i) {
    Worker& worker = *workers_.emplace_back(std::make_unique<Worker>());
    threads_.emplace_back([this, &worker] { work(worker); });
    pthread_setname_np(threads_.back().native_handle(), name.substr(0, 15).c_str());
  }
}

BoundedPool::~BoundedPool() { join(); }

bool BoundedPool::submit(std::function<void()> task) {
  std::unique_lock lock(mutex_);
  if (closed_ || queue_.size() >= most_) return false;
  add(std::move(task), queue_, std::move(lock));
  return true;
}

void BoundedPool::resume(std::function<void()> task) {
  add(std::move(task), resumed_, std::unique_lock(mutex_));
}

bool BoundedPool::is_here() const { return pool_of_this_thread == this; }

void BoundedPool::add(std::function<void()> task, std::deque<std::function<void()>>& to,
                      std::unique_lock<std::mutex> lock) {
  to.push_back(std::move(task));
  Worker* woken = wake_one();
  lock.unlock();
  if (woken != nullptr) woken->wakes.notify_one();
}

BoundedPool::Worker* BoundedPool::wake_one() {
  if (idle_.empty()) return nullptr;
  Worker* worker = idle_.back();
  idle_.pop_back();
  worker->woken = true;
  return worker;
}

void BoundedPool::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  while (Worker* worker = wake_one()) worker->wakes.notify_one();
}

void BoundedPool::join() {
  close();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::function<void()> BoundedPool::next() {
  std::deque<std::function<void()>>& from = resumed_.empty() ? queue_ : resumed_;
  std::function<void()> task = std::move(from.front());
  from.pop_front();
  return task;
}

void BoundedPool::work(Worker& self) {
  pool_of_this_thread = this;
  std::unique_lock lock(mutex_);
  while (true) {
    if (queue_.empty() && resumed_.empty()) {
      if (closed_) return;
      self.woken = false;
      idle_.push_back(&self);
      self.wakes.wait(lock, [&self] { return self.woken; });
      continue;
    }
    std::function<void()> task = next();
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
}

}  // namespace certbridge::host
