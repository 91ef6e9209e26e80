#include "pool.h"

namespace certbridge::sql {

// An idle session, or a null pointer when a new one may be opened.
Result<std::unique_ptr<Session>> Pool::idle_or_place(Deadline deadline) {
  std::unique_lock lock(mutex_);
  if (!freed_.wait_until(lock, deadline, [this] { return !idle_.empty() || open_ < most_; })) {
    return Error::retryable("sql.busy", settings_.described() + ": all " + std::to_string(most_) +
                                            " connections are in use");
  }
  if (idle_.empty()) {
    ++open_;
    return std::unique_ptr<Session>();
  }
  auto session = std::move(idle_.back());
  idle_.pop_back();
  return session;
}

Result<Pool::Lease> Pool::lease(Deadline deadline) {
  auto found = idle_or_place(deadline);
  if (!found) return found.error();
  if (found.value()) return Lease(*this, std::move(found).value());
  auto opened = Session::open(settings_, deadline);
  if (opened) return Lease(*this, std::move(opened).value());
  give_back(nullptr);
  return opened.error();
}

void Pool::give_back(std::unique_ptr<Session> session) {
  if (session) session->rollback();
  const std::lock_guard lock(mutex_);
  if (session && !session->broken()) {
    idle_.push_back(std::move(session));
  } else {
    --open_;
    // After one loss the idle ones are most likely dead too; better to open anew than to fail.
    if (session) {
      open_ -= idle_.size();
      idle_.clear();
    }
  }
  freed_.notify_all();
}

void Pool::close() {
  const std::lock_guard lock(mutex_);
  open_ -= idle_.size();
  idle_.clear();
}

}  // namespace certbridge::sql
