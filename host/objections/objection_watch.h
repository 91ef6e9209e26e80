// Lets people know how many objections and complaints are open, and that some are overdue.
#pragma once

#include <chrono>
#include <map>
#include <thread>

#include "objections/objections.h"
#include "observe/metrics.h"

namespace certbridge::host {

// Owns the thread "objections", which once in `period` reads earlier records until it could, and
// shows figures; a number of overdue ones that grows is logged. All references outlive it.
class ObjectionWatch {
 public:
  ObjectionWatch(Objections& objections, MetricsRegistry& metrics, Logger& logger,
                 std::chrono::milliseconds period);

 private:
  void work(const std::stop_token& stop);
  void build();
  void show(ObjectionKind kind);

  Objections& objections_;
  MetricsRegistry& metrics_;
  Logger& logger_;
  std::chrono::milliseconds period_;
  bool is_built_ = false;                           // the thread's own, as the next one
  std::map<ObjectionKind, std::size_t> overdue_{};  // as they were told last
  std::jthread thread_{};                           // last: it uses the others
};

}  // namespace certbridge::host
