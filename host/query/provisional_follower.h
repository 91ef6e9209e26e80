// Follows provisional numbers while the host runs.
#pragma once

#include <memory>
#include <thread>

#include "access/records/access_log.h"
#include "query/kept_check.h"
#include "query/provisional_watch.h"

namespace certbridge::host {

// Owns the thread "provisional", which reads once what was recorded lately, and then looks every
// ten seconds.
class ProvisionalFollower {
 public:
  // `settings` name the log; `watch` outlives it. `check` sees what is read, and may be null.
  ProvisionalFollower(AccessLogSettings settings, ProvisionalWatch& watch,
                      std::unique_ptr<KeptCheck> check, Logger& logger);
  ~ProvisionalFollower() = default;
  ProvisionalFollower(const ProvisionalFollower&) = delete;
  ProvisionalFollower& operator=(const ProvisionalFollower&) = delete;

 private:
  void work(const std::stop_token& stop);
  void read_recent(const std::stop_token& stop);

  AccessLogSettings settings_;
  ProvisionalWatch& watch_;
  std::unique_ptr<KeptCheck> check_;
  Logger& logger_;
  std::jthread thread_;  // last: it uses the others, and ends first
};

}  // namespace certbridge::host
