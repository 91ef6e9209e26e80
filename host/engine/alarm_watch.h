// What nobody would notice otherwise: events that wait too long for an earlier one, and verdicts
// that belong to nothing.
#pragma once

#include <map>
#include <thread>

#include "engine/engine_services.h"

namespace certbridge::host {

// Owns the thread "alarms", which looks once at the start and then once in `period`. Destroying it
// ends the thread after at most one look. References of `services` outlive it.
class AlarmWatch {
 public:
  AlarmWatch(EngineServices services, std::chrono::milliseconds period);

 private:
  void work(const std::stop_token& stop);
  // Parks what no receipt can name any more after the settle time of its endpoint.
  void park_verdicts();
  // Each parked verdict is told once in the life of the host.
  void tell_parked_verdicts();
  // Where a wait above the limit begins and where it ends.
  void tell_waiting();

  EngineServices services_;
  std::chrono::milliseconds period_;
  std::int64_t last_told_ = 0;                    // number of a verdict
  std::map<std::string, std::string> waiting_{};  // by endpoint: what it was told about
  std::jthread thread_;                           // last: it uses the others
};

}  // namespace certbridge::host
