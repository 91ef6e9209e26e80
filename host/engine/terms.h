// What the clock does to certificates: ends of terms are dealt with as the policy says, and changes
// that stay half done are told of.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <thread>

#include "certbridge/context.h"
#include "config/model.h"
#include "journal/store.h"
#include "observe/metrics.h"

namespace certbridge::host {

// The local calendar day (+08:00) of a moment.
std::chrono::sys_days local_day(Timestamp when);

// Which day it is, as far as the clock can be believed. A clock that is set back does no harm: what
// was dealt with stays so. One that leaps forward while the host runs is believed an hour later, if
// it has not leapt back by then; one that is more days ahead of the last day that was dealt with
// than `leap` only when a person says so (`certificates believe-day`).
class DayWatch {
 public:
  explicit DayWatch(std::chrono::days leap) : leap_(leap) {}
  // None while the clock is not believed; why() says so then.
  std::optional<std::chrono::sys_days> day(Timestamp now,
                                           std::chrono::steady_clock::time_point steady,
                                           const std::optional<std::chrono::sys_days>& dealt_with);
  const std::string& why() const { return why_; }

 private:
  std::chrono::days leap_;
  std::optional<Timestamp> last_now_{};
  std::chrono::steady_clock::time_point last_steady_{};
  std::chrono::steady_clock::time_point doubted_until_{};
  std::string why_{};
};

struct TermServices {
  Store& store;
  const LifePolicy& policy;
  const Clock& clock;
  Logger& logger;
  MetricsRegistry& metrics;
};

// One round of the work; may be repeated at any time, and after a stop at any point.
class TermKeeper {
 public:
  explicit TermKeeper(TermServices services);
  void work(const std::stop_token& stop);

 private:
  void deal_with_ends(std::chrono::sys_days today, const std::stop_token& stop);
  Result<std::size_t> deal_with_some(std::chrono::sys_days today);
  void count_ends(std::chrono::sys_days today);
  void look_at_changes();

  TermServices services_;
  DayWatch watch_;
  std::string policy_text_;
  bool told_of_clock_ = false;
  std::uint64_t half_done_ = 0;
};

// Owns the thread "terms", which works at the start and then once in `period`. All references
// outlive it.
class TermThread {
 public:
  TermThread(TermServices services, std::chrono::milliseconds period);

 private:
  TermKeeper keeper_;
  std::chrono::milliseconds period_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace certbridge::host
