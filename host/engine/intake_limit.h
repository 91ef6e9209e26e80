// Back-pressure: when too much waits, sources keep what they have and come back later.
#pragma once

#include <mutex>
#include <optional>

#include "config/model.h"
#include "journal/store.h"
#include "observe/metrics.h"

namespace certbridge::host {

// One for all sources of a host; all references outlive it. Any thread.
class IntakeLimit {
 public:
  IntakeLimit(const IntakeConfig& most, Store& store, const Clock& clock, Logger& logger,
              MetricsRegistry& metrics)
      : most_(most), store_(store), clock_(clock), logger_(logger), metrics_(metrics) {}

  // Why `count` more messages are not taken just now, with the pause that is asked for: the code is
  // "intake.unrouted" (steps do not keep up, or what they need is away) or "intake.undelivered".
  // Once a limit was reached nothing is taken before an eighth of it is worked off. The journal is
  // counted now and then, so that a limit may be passed by what is handed over meanwhile.
  std::optional<Error> refusal(std::size_t count);

 private:
  void count_anew();
  std::optional<Error> judge(std::uint64_t unrouted) const;
  void note(const std::optional<Error>& verdict);

  IntakeConfig most_;
  Store& store_;
  const Clock& clock_;
  Logger& logger_;
  MetricsRegistry& metrics_;
  std::mutex mutex_{};  // guards what follows
  std::optional<std::chrono::steady_clock::time_point> counted_at_{};
  std::uint64_t unrouted_ = 0;
  std::uint64_t undelivered_ = 0;
  std::uint64_t taken_since_ = 0;
  std::optional<Error> refusing_{};
};

}  // namespace certbridge::host
