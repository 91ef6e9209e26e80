#include "engine/breaker.h"

#include <algorithm>

namespace certbridge::host {

const char* to_text(BreakerState state) {
  switch (state) {
    case BreakerState::kClosed:
      return "closed";
    case BreakerState::kOpen:
      return "open";
    case BreakerState::kProbing:
      return "probing";
  }
  return "unknown-state";
}

bool Breaker::allows(Moment now) const {
  if (state_ == BreakerState::kClosed) return true;
  return state_ == BreakerState::kOpen && now >= next_probe_;
}

bool Breaker::begin(Moment now) {
  if (state_ == BreakerState::kClosed || !allows(now)) return false;
  state_ = BreakerState::kProbing;
  return true;
}

// A call that began before it opened says that the counterpart answers, as a probe does.
void Breaker::succeeded(bool probe) {
  failures_ = 0;
  if (state_ == BreakerState::kProbing && !probe) return;
  state_ = BreakerState::kClosed;
  probes_ = 0;
}

void Breaker::failed(bool probe, Moment now) {
  ++failures_;
  if (probe) {
    ++probes_;
    return open(now);
  }
  if (state_ == BreakerState::kClosed && failures_ >= policy_.failures) open(now);
}

void Breaker::asked(bool probe, Moment now) {
  if (probe) open(now);
}

void Breaker::called_nobody(bool probe) {
  if (probe) state_ = BreakerState::kOpen;
}

std::chrono::milliseconds Breaker::pause() const {
  std::chrono::milliseconds pause = policy_.first_probe;
  for (int i = 0; i < probes_ && pause < policy_.longest_probe; ++i) pause *= 2;
  return std::min(pause, policy_.longest_probe);
}

void Breaker::open(Moment now) {
  state_ = BreakerState::kOpen;
  next_probe_ = now + pause();
}

void Breaker::restore(int failures, int probes, std::chrono::milliseconds until_probe, Moment now) {
  failures_ = failures;
  probes_ = probes;
  state_ = BreakerState::kOpen;
  // The wall clock may have been set meanwhile.
  next_probe_ = now + std::clamp(until_probe, std::chrono::milliseconds(0), policy_.longest_probe);
}

}  // namespace certbridge::host
