// What came of a delivery is recorded while its worker goes on with the next one.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "engine/engine_services.h"

namespace certbridge::host {

// What a counterpart did cannot be done again: a change that the journal cannot take now (disk
// full, queue full) waits here and is tried again, until the host stops. Any thread.
class LateRecords {
 public:
  explicit LateRecords(EngineServices services);
  // Waits for what the journal has not answered yet.
  ~LateRecords();
  LateRecords(const LateRecords&) = delete;
  LateRecords& operator=(const LateRecords&) = delete;

  // `message_id` is for the log.
  void put(Transition transition, const std::string& message_id);
  // Tries nothing again from now on.
  void stop();
  // Waits until everything that was put is recorded or given up; false when the time is up first.
  bool wait_idle(std::chrono::steady_clock::time_point until);

  // A change that somebody else came before (a verdict, a withdrawal) is dropped: the delivery is
  // looked at anew. Waits and tries again as long as the journal cannot take it and nobody stops.
  static Result<void> record(const EngineServices& services, const Transition& transition,
                             const std::string& message_id, const std::stop_token& stop);

 private:
  struct Record {
    Transition transition{};
    std::string message_id{};
  };
  void answered(const Result<std::vector<StoredDelivery>>& stored,
                const std::shared_ptr<Record>& record);
  void work();

  EngineServices services_;
  std::stop_source stop_{};
  std::mutex mutex_{};  // guards what follows
  std::condition_variable changed_{};
  std::size_t pending_ = 0;
  std::deque<std::shared_ptr<Record>> again_{};
  bool ending_ = false;
  std::thread thread_{};  // begun with the first change that is to be tried again
};

}  // namespace certbridge::host
