#include "search/search_follower.h"

#include <pthread.h>

#include <condition_variable>
#include <mutex>

namespace certbridge::host {

SearchFollower::SearchFollower(const FillerSettings& settings, SearchSource& source,
                               const Clock& clock, Logger& logger, std::chrono::milliseconds period)
    : filler_(settings, source, clock),
      logger_(logger),
      period_(period),
      thread_([this](const std::stop_token& stop) { work(stop); }) {
  pthread_setname_np(thread_.native_handle(), "search");
}

bool SearchFollower::pause(const std::stop_token& stop) const {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, period_, [] { return false; });
  return !stop.stop_requested();
}

void SearchFollower::work(const std::stop_token& stop) {
  bool open = false;
  do {
    if (!open) {
      const auto opened = filler_.open();
      open = opened.ok();
      if (!open) note(opened.error());
    }
    if (open) note(filler_.fill(stop));
  } while (pause(stop));
}

void SearchFollower::note(const Result<FillerReport>& filled) {
  if (!filled) {
    if (filled.error().code == trouble_) return;
    trouble_ = filled.error().code;
    return logger_.log(LogLevel::kWarning, "search.not_filled",
                       {{"code", trouble_}, {"reason", filled.error().message}});
  }
  trouble_.clear();
  for (const std::string& month : filled.value().removed) {
    logger_.log(LogLevel::kWarning, "search.made_anew", {{"month", month}});
  }
  for (const std::string& month : filled.value().dropped) {
    logger_.log(LogLevel::kInfo, "search.dropped", {{"month", month}});
  }
}

}  // namespace certbridge::host
