#include "resolver.h"

#include <Poco/Exception.h>
#include <Poco/Net/DNS.h>
#include <pthread.h>

#include <algorithm>

namespace certbridge::http {

Resolver::Addresses look_up(const std::string& host) {
  try {
    std::vector<std::string> found;
    const Poco::Net::HostEntry entry = Poco::Net::DNS::hostByName(host);
    for (const Poco::Net::IPAddress& address : entry.addresses())
      found.push_back(address.toString());
    if (!found.empty()) return found;
  } catch (const Poco::Exception&) {  // NOLINT(bugprone-empty-catch): answered below
  }
  return Error::retryable("http.resolve", "the host name " + host + " cannot be resolved");
}

Resolver::Resolver(std::string host, Lookup lookup)
    : host_(std::move(host)), lookup_(std::move(lookup)) {}

Resolver::~Resolver() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Resolver::Addresses Resolver::addresses(const Wait& wait) {
  constexpr std::chrono::milliseconds kSlice{100};
  Poco::Net::IPAddress literal;
  if (Poco::Net::IPAddress::tryParse(host_, literal)) return std::vector{literal.toString()};
  std::unique_lock lock(mutex_);
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  const std::uint64_t before = answers_;
  if (!looking_) wanted_ = true;  // an answer that is under way serves this caller too
  changed_.notify_all();
  while (answers_ == before) {
    const auto now = std::chrono::steady_clock::now();
    if (wait.stop.stop_requested())
      return Error::retryable("http.cancelled", "the call was stopped");
    if (now >= wait.until) {
      return Error::retryable("http.timeout", "no progress in time while looking up the host name");
    }
    changed_.wait_until(lock, std::min(wait.until, now + kSlice));
  }
  return last_;
}

void Resolver::work() {
  pthread_setname_np(pthread_self(), "http-resolver");
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || wanted_; });
    if (stopping_) return;
    wanted_ = false;
    looking_ = true;
    lock.unlock();
    Addresses found = lookup_(host_);
    lock.lock();
    looking_ = false;
    last_ = std::move(found);
    ++answers_;
    changed_.notify_all();
  }
}

}  // namespace certbridge::http
