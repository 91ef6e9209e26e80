#include "engine/housekeeping.h"

#include <pthread.h>

#include <condition_variable>
#include <mutex>

namespace certbridge::host {

Housekeeping::Housekeeping(Store& store, const Clock& clock, Logger& logger,
                           std::chrono::milliseconds retention, std::chrono::milliseconds period)
    : store_(store),
      clock_(clock),
      logger_(logger),
      retention_(retention),
      period_(period),
      thread_([this](const std::stop_token& stop) { work(stop); }) {
  pthread_setname_np(thread_.native_handle(), "housekeeping");
}

void Housekeeping::work(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    drop_bodies(stop);
    never.wait_for(lock, stop, period_, [] { return false; });
  }
}

void Housekeeping::drop_bodies(const std::stop_token& stop) {
  const Timestamp before = clock_.now() - retention_;
  std::uint64_t dropped = 0;
  while (!stop.stop_requested()) {
    const auto some = store_.drop_bodies(before);
    if (!some) {
      logger_.log(LogLevel::kWarning, "journal.retention_failed",
                  {{"code", some.error().code}, {"reason", some.error().message}});
      return;
    }
    if (some.value() == 0) break;
    dropped += some.value();
  }
  if (dropped > 0) {
    logger_.log(LogLevel::kInfo, "journal.bodies_dropped", {{"messages", std::to_string(dropped)}});
  }
}

}  // namespace certbridge::host
