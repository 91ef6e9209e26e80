// Whether an endpoint that keeps failing is called: closed, open, or one probe at a time.
#pragma once

#include <chrono>
#include <optional>

#include "config/delivery_policy.h"

namespace certbridge::host {

enum class BreakerState : std::uint8_t { kClosed = 1, kOpen = 2, kProbing = 3 };
const char* to_text(BreakerState state);  // "closed", "open", "probing"

// Counts on the steady clock, so that a jump of the wall clock changes nothing. It never stays open
// for good: a probe is due after at most the longest pause. One thread at a time.
class Breaker {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  explicit Breaker(const BreakerPolicy& policy) : policy_(policy) {}

  BreakerState state() const { return state_; }
  // Whether a call may begin; open ones allow one when a probe is due.
  bool allows(Moment now) const;
  // A call begins; true when it is the probe.
  bool begin(Moment now);
  void succeeded(bool probe);
  void failed(bool probe, Moment now);
  // The counterpart answers questions; whether it takes anything is not known. The next probe is
  // due after the same pause.
  void asked(bool probe, Moment now);
  // The probe called nobody after all: the next one is due at once.
  void called_nobody(bool probe);

  // When the next probe is due, of an open one.
  Moment next_probe() const { return next_probe_; }
  int failures() const { return failures_; }  // in a row
  int probes() const { return probes_; }      // that failed since it opened
  // As it was before a restart.
  void restore(int failures, int probes, std::chrono::milliseconds until_probe, Moment now);

 private:
  std::chrono::milliseconds pause() const;
  void open(Moment now);

  BreakerPolicy policy_;
  BreakerState state_ = BreakerState::kClosed;
  int failures_ = 0;
  int probes_ = 0;
  Moment next_probe_{};
};

}  // namespace certbridge::host
