#include "query/provisional_follower.h"

#include <pthread.h>

#include <condition_variable>

#include "access/records/access_reader.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::seconds kLookPeriod{10};

}  // namespace

ProvisionalFollower::ProvisionalFollower(AccessLogSettings settings, ProvisionalWatch& watch,
                                         std::unique_ptr<KeptCheck> check, Logger& logger)
    : settings_(std::move(settings)), watch_(watch), check_(std::move(check)), logger_(logger) {
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
  pthread_setname_np(thread_.native_handle(), "provisional");
}

void ProvisionalFollower::read_recent(const std::stop_token& stop) {
  const auto reader = AccessReader::open(settings_.folder, settings_.node, settings_.master_key);
  if (!reader) return;
  const auto from = reader.value()->begin_of(settings_.clock->now() - kProvisionalReach);
  if (!from) return;
  const auto read = reader.value()->each(from.value(), [&](const ReadAccess& access) {
    watch_.remember(access.record, access.place.number);
    if (check_) check_->see(access);
    return !stop.stop_requested();
  });
  if (check_ && !stop.stop_requested()) check_->finish();
  check_.reset();
  if (read) return;
  logger_.log(LogLevel::kWarning, "access.provisional_unread", {{"code", read.error().code}});
}

void ProvisionalFollower::work(const std::stop_token& stop) {
  read_recent(stop);
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    watch_.look(stop);
    never.wait_for(lock, stop, kLookPeriod, [] { return false; });
  }
}

}  // namespace certbridge::host
