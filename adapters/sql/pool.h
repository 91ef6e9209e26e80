// A bounded number of connections, opened when needed, dropped when broken.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "session.h"

namespace certbridge::sql {

// Any thread may call.
class Pool {
 public:
  Pool(DatabaseSettings settings, std::size_t most) : settings_(std::move(settings)), most_(most) {}

  // Gives its session back when it goes; a broken one is closed instead.
  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Session> session)
        : pool_(&pool), session_(std::move(session)) {}
    ~Lease() {
      if (session_) pool_->give_back(std::move(session_));
    }
    Lease(Lease&&) noexcept = default;
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Lease& operator=(Lease&&) = delete;
    Session& operator*() { return *session_; }
    Session* operator->() { return session_.get(); }

   private:
    Pool* pool_;
    std::unique_ptr<Session> session_;
  };

  // Waits for a free connection until the deadline ("sql.busy"); errors as Session::open.
  Result<Lease> lease(Deadline deadline);
  const DatabaseSettings& settings() const { return settings_; }
  // Closes what is idle.
  void close();

 private:
  void give_back(std::unique_ptr<Session> session);
  Result<std::unique_ptr<Session>> idle_or_place(Deadline deadline);

  DatabaseSettings settings_;
  std::size_t most_;
  std::mutex mutex_{};
  std::condition_variable freed_{};
  std::size_t open_ = 0;
  std::vector<std::unique_ptr<Session>> idle_{};
};

}  // namespace certbridge::sql
