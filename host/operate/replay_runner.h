// Takes up what running replays hold, each at its own rate.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "certbridge/context.h"
#include "journal/store.h"

namespace certbridge::host {

// Owns the thread "replay". Each item and its mark are one transaction, so a restart goes on where
// the last one ended.
class ReplayRunner {
 public:
  // All references outlive it.
  ReplayRunner(Store& store, const Clock& clock, Logger& logger);
  ~ReplayRunner();
  ReplayRunner(const ReplayRunner&) = delete;
  ReplayRunner& operator=(const ReplayRunner&) = delete;

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  void run();
  bool pause();
  void go_on(const ReplayJob& job);
  // False when the job cannot go on just now.
  bool take(const ReplayJob& job, const ReplayItem& item);
  Result<Transition> plan(const ReplayJob& job, const ReplayItem& item);
  Result<void> plan_message(const ReplayItem& item, Transition& transition);
  Result<void> plan_delivery(const ReplayJob& job, const ReplayItem& item, Transition& transition);

  Store& store_;
  const Clock& clock_;
  Logger& logger_;
  std::map<std::int64_t, SteadyTime> next_at_{};  // by job: when its next item may go
  std::mutex mutex_{};
  std::condition_variable stopped_{};
  bool stopping_ = false;  // under mutex_
  bool busy_ = false;      // the thread's own
  std::thread thread_{};
};

}  // namespace certbridge::host
