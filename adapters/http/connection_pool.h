// Connections that are kept for the next request, at most so many at once.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

#include "connection.h"
#include "resolver.h"

namespace certbridge::http {

// Any thread may call.
class ConnectionPool {
 public:
  // What a caller holds. Given back with put_back(); destroyed otherwise, which closes it.
  class Lease {
   public:
    Lease(ConnectionPool& pool, std::unique_ptr<Connection> connection, bool reused);
    Lease(Lease&& other) noexcept;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    Connection& connection() { return *connection_; }
    bool reused() const { return reused_; }  // it has carried a request before
    void put_back();

   private:
    ConnectionPool* pool_;
    std::unique_ptr<Connection> connection_;
    bool reused_;
  };

  ConnectionPool(Target target, std::shared_ptr<const TlsClient> tls, std::size_t most,
                 std::chrono::milliseconds idle);
  // A kept connection that is not stale, or a new one; waits while all are in use ("http.busy").
  Result<Lease> take(const Wait& wait, bool fresh);
  void clear();  // closes what is idle

 private:
  struct Idle {
    std::unique_ptr<Connection> connection{};
    std::chrono::steady_clock::time_point since{};
  };
  Result<std::unique_ptr<Connection>> open(const Wait& wait);
  Result<void> await_slot(std::unique_lock<std::mutex>& lock, const Wait& wait);
  std::unique_ptr<Connection> take_idle(std::unique_lock<std::mutex>& lock);
  void release(std::unique_ptr<Connection> connection);

  Target target_;
  Resolver resolver_;
  std::shared_ptr<const TlsClient> tls_;  // shared: one set-up for all connections
  std::size_t most_;
  std::chrono::milliseconds idle_;
  std::mutex mutex_{};
  std::condition_variable freed_{};
  std::size_t in_use_ = 0;
  std::deque<Idle> kept_{};  // the last is the most recently used
};

}  // namespace certbridge::http
