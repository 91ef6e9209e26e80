#include "exchange_limit.h"

#include <pthread.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace certbridge::file {
namespace {

constexpr std::chrono::milliseconds kStopSlice{100};  // a wait looks at the stop token this often

}  // namespace

ExchangeLimit::ExchangeLimit(int socket) : socket_(socket), thread_([this] { run(); }) {
  pthread_setname_np(thread_.native_handle(), "sftp-limit");
}

ExchangeLimit::~ExchangeLimit() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ExchangeLimit::set(std::chrono::steady_clock::time_point until, std::stop_token stop) {
  {
    const std::lock_guard lock(mutex_);
    const bool was_set = until_.has_value();
    until_ = until;
    stop_ = std::move(stop);
    if (was_set) return;  // the thread looks at it soon
  }
  changed_.notify_all();
}

void ExchangeLimit::clear() {
  const std::lock_guard lock(mutex_);
  until_.reset();
}

bool ExchangeLimit::was_over() {
  const std::lock_guard lock(mutex_);
  return over_;
}

void ExchangeLimit::run() {
  std::unique_lock lock(mutex_);
  while (!ending_ && !over_) {
    if (!until_) {
      changed_.wait(lock, [this] { return ending_ || until_.has_value(); });
      continue;
    }
    const auto now = std::chrono::steady_clock::now();
    if (now >= *until_ || stop_.stop_requested()) {
      over_ = true;
      ::shutdown(socket_, SHUT_RDWR);
      return;
    }
    changed_.wait_until(lock, std::min(*until_, now + kStopSlice));
  }
}

}  // namespace certbridge::file
