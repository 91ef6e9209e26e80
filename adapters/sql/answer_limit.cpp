#include "answer_limit.h"

#include <pthread.h>
#include <sys/socket.h>

#include <algorithm>

namespace certbridge::sql {

AnswerLimit& AnswerLimit::instance() {
  static AnswerLimit limit;
  return limit;
}

AnswerLimit::AnswerLimit() : thread_([this](const std::stop_token& stop) { run(stop); }) {
  pthread_setname_np(thread_.native_handle(), "sql-limit");
}

AnswerLimit::Moment AnswerLimit::look(Moment now) {
  Moment next = now + std::chrono::hours(1);
  for (Entry& entry : entries_) {
    if (entry.past) continue;
    if (entry.deadline <= now) {
      entry.past = true;
      ::shutdown(entry.socket, SHUT_RDWR);
    } else {
      next = std::min(next, entry.deadline);
    }
  }
  return next;
}

void AnswerLimit::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    is_earlier_ = false;
    next_ = look(std::chrono::steady_clock::now());
    earlier_.wait_until(lock, stop, next_, [this] { return is_earlier_; });
  }
}

// Deadlines mostly come in their order: the thread is woken only for one before the others.
AnswerLimit::Watched::Watched(int socket, Moment deadline) {
  AnswerLimit& limit = instance();
  const std::lock_guard lock(limit.mutex_);
  entry_ = limit.entries_.insert(limit.entries_.end(), Entry{socket, deadline, false});
  if (deadline >= limit.next_) return;
  limit.is_earlier_ = true;
  limit.earlier_.notify_one();
}

AnswerLimit::Watched::~Watched() {
  AnswerLimit& limit = instance();
  const std::lock_guard lock(limit.mutex_);
  limit.entries_.erase(entry_);
}

bool AnswerLimit::Watched::is_past() const {
  const std::lock_guard lock(instance().mutex_);
  return entry_->past;
}

}  // namespace certbridge::sql
