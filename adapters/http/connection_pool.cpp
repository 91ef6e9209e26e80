#include "connection_pool.h"

#include <algorithm>
#include <utility>

namespace certbridge::http {

ConnectionPool::Lease::Lease(ConnectionPool& pool, std::unique_ptr<Connection> connection,
                             bool reused)
    : pool_(&pool), connection_(std::move(connection)), reused_(reused) {}
ConnectionPool::Lease::Lease(Lease&& other) noexcept
    : pool_(std::exchange(other.pool_, nullptr)),
      connection_(std::move(other.connection_)),
      reused_(other.reused_) {}
ConnectionPool::Lease::~Lease() {
  if (pool_ != nullptr) pool_->release(nullptr);
}
void ConnectionPool::Lease::put_back() {
  std::exchange(pool_, nullptr)->release(std::move(connection_));
}

ConnectionPool::ConnectionPool(Target target, std::shared_ptr<const TlsClient> tls,
                               std::size_t most, std::chrono::milliseconds idle)
    : target_(std::move(target)),
      resolver_(target_.host, look_up),
      tls_(std::move(tls)),
      most_(most),
      idle_(idle) {}

Result<ConnectionPool::Lease> ConnectionPool::take(const Wait& wait, bool fresh) {
  {
    std::unique_lock lock(mutex_);
    if (auto slot = await_slot(lock, wait); !slot) return slot.error();
    ++in_use_;
    if (!fresh) {
      if (auto kept = take_idle(lock)) return Lease(*this, std::move(kept), true);
    }
  }
  auto opened = open(wait);
  if (!opened) {
    release(nullptr);
    return opened.error();
  }
  return Lease(*this, std::move(opened).value(), false);
}

Result<std::unique_ptr<Connection>> ConnectionPool::open(const Wait& wait) {
  auto addresses = resolver_.addresses(wait);
  if (!addresses) return addresses.error();
  return Connection::open(addresses.value(), target_, tls_.get(), wait);
}

void ConnectionPool::clear() {
  std::deque<Idle> dropped;
  const std::lock_guard lock(mutex_);
  dropped.swap(kept_);
}

Result<void> ConnectionPool::await_slot(std::unique_lock<std::mutex>& lock, const Wait& wait) {
  constexpr std::chrono::milliseconds kSlice{100};
  while (in_use_ >= most_) {
    const auto now = std::chrono::steady_clock::now();
    if (wait.stop.stop_requested()) {
      return Error::retryable("http.cancelled", "the call was stopped");
    }
    if (now >= wait.until) {
      return Error::retryable("http.busy",
                              "all connections of this endpoint are in use; raise "
                              "connections or lower the endpoint's limit");
    }
    freed_.wait_until(lock, std::min(wait.until, now + kSlice));
  }
  return {};
}

std::unique_ptr<Connection> ConnectionPool::take_idle(std::unique_lock<std::mutex>& lock) {
  while (!kept_.empty()) {
    Idle idle = std::move(kept_.back());
    kept_.pop_back();
    lock.unlock();  // looking at the socket, and closing it, needs no lock
    const bool fresh = std::chrono::steady_clock::now() - idle.since < idle_;
    if (fresh && !idle.connection->is_stale()) return std::move(idle.connection);
    idle.connection.reset();
    lock.lock();
  }
  return nullptr;
}

void ConnectionPool::release(std::unique_ptr<Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    --in_use_;
    if (connection != nullptr && kept_.size() + in_use_ < most_) {
      kept_.push_back({std::move(connection), std::chrono::steady_clock::now()});
    }
  }
  freed_.notify_one();
}

}  // namespace certbridge::http
