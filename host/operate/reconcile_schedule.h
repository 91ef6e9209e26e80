// Compares the books of the day before, once, in the hours of <reconcile>, and looks now and then
// for cases that never arrived.
#pragma once

#include <thread>

#include "engine/engine_services.h"
#include "reconcile/last_result.h"
#include "reconcile/reconciler.h"

namespace certbridge::host {

// Owns the thread "reconcile", when there is anything to do; destroying it ends the thread once the
// call that it is in has come back. All references outlive it.
class ReconcileSchedule {
 public:
  ReconcileSchedule(const EngineServices& services, Reconciler& reconciler);

 private:
  void work(const std::stop_token& stop);
  void compare_when_due();
  void compare(std::chrono::sys_days day);
  void report(const LastComparison& last, const Comparison& comparison);
  void sweep_when_due();
  void show(const LastComparison& last);

  EngineServices services_;
  Reconciler& reconciler_;
  using Moment = std::chrono::steady_clock::time_point;

  std::optional<Moment> next_sweep_{};
  std::optional<Moment> next_try_{};  // after a comparison that failed as a whole
  bool swept_in_vain_ = false;
  std::jthread thread_{};  // last: it uses the others
};

}  // namespace certbridge::host
