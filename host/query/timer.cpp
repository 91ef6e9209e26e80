#include "query/timer.h"

#include <pthread.h>

namespace certbridge::host {

Timer::Timer() : thread_([this] { work(); }) {
  pthread_setname_np(thread_.native_handle(), "query-timer");
}

Timer::~Timer() { stop(); }

void Timer::stop() {
  std::map<Ticket, std::function<void()>> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(tasks_);
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

Timer::Ticket Timer::at(Moment when, std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  const Ticket ticket{when, next_++};
  if (stopping_) return ticket;
  tasks_.emplace(ticket, std::move(task));
  if (when < looks_at_) changed_.notify_one();
  return ticket;
}

bool Timer::cancel(const Ticket& ticket) {
  const std::lock_guard lock(mutex_);
  return tasks_.erase(ticket) > 0;
}

void Timer::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (tasks_.empty()) {
      looks_at_ = Moment::max();
      changed_.wait(lock);
      continue;
    }
    const Moment first = tasks_.begin()->first.when;
    if (std::chrono::steady_clock::now() < first) {
      looks_at_ = first;
      changed_.wait_until(lock, first);
      continue;
    }
    looks_at_ = Moment::min();
    auto due = tasks_.extract(tasks_.begin());
    lock.unlock();
    due.mapped()();
    due.mapped() = nullptr;
    lock.lock();
  }
}

}  // namespace certbridge::host
