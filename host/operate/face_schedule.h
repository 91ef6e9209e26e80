// Fetches what counterparts publish of the faces of our types, once a day in the hours of
// <catalogue>, and reports what differs. What could not be asked or kept is tried again within the
// hours, at growing intervals, and what is known of it from before stays known meanwhile.
#pragma once

#include <mutex>
#include <thread>

#include "engine/engine_services.h"
#include "reconcile/face_comparison.h"

namespace certbridge::host {

// Owns the thread "faces", where hours are given; destroying it ends the thread once the call that
// it is in has come back. All references outlive it.
class FaceSchedule {
 public:
  explicit FaceSchedule(const EngineServices& services);

  // Asks now, logs and keeps what was found. Any thread; "catalogue.missing" where there is no
  // catalogue.
  Result<FaceReport> fetch();

 private:
  void work(const std::stop_token& stop);
  bool is_due();
  void fetch_when_due();
  void report(const FaceReport& report);
  void show(const FaceReport& report);

  EngineServices services_;
  std::mutex fetching_{};             // one at a time; guards the next
  std::optional<FaceReport> last_{};  // what is known
  // Of the thread.
  int failures_ = 0;  // in a row
  std::chrono::steady_clock::time_point next_try_{};
  std::stop_source stop_{};
  std::jthread thread_{};  // last: it uses the others
};

}  // namespace certbridge::host
