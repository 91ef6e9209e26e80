// Sources that hand over one message after the other, and the journal they hand them to.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/receiver.h"
#include "journal/store.h"
#include "measure.h"
#include "observe/clock.h"
#include "observe/logging.h"

namespace certbridge::bench {

struct Load {
  int sources = 1;        // threads; each waits for its answer before it hands over the next
  std::size_t bytes = 0;  // of a message's body
  double seconds = 1;
  std::uint64_t most = 0;  // messages in all; 0: until the time is over
};
struct LoadResult {
  double accepted = 0;
  double seconds = 0;
  double cpu_seconds = 0;
  std::vector<float> waits{};  // seconds that each accept took, sorted
  double wait_within(double share) const;
  double rate() const { return accepted / seconds; }
  double cpu_per_message() const { return cpu_seconds / accepted; }
};

// Calls `accept` with running numbers until the time or the number of messages is over. `accept`
// returns once the message is safe.
LoadResult run_load(const Load& load, const std::function<void(std::uint64_t number)>& accept);

// Bytes of a body that no other number has.
std::string body_bytes(std::uint64_t number, std::size_t size);
// One registration event with a case of its own.
Message event_message(std::uint64_t number, std::size_t body_size);

// A journal with encryption, as the host opens it. Ends the program when it cannot be opened.
std::unique_ptr<host::Store> open_journal(const std::string& folder, const Clock& clock);

// The host's receiver in front of a store, with a log that goes nowhere.
class Front {
 public:
  explicit Front(host::Store& store);
  // Ends the program unless the message was accepted.
  void accept(Message message);
  // To whom what may run its steps is handed; before the first is accepted.
  void hand_over_to(host::HostReceiver::HandOver to) { hand_over_ = std::move(to); }
  host::MetricsRegistry& metrics() { return metrics_; }
  Logger& logger() { return *logger_; }
  const Clock& clock() const { return clock_; }

 private:
  host::SystemClock clock_{};
  host::MetricsRegistry metrics_{};
  host::LogOutput log_;
  std::unique_ptr<Logger> logger_;
  host::IntakeLimit limit_;
  host::HostReceiver::HandOver hand_over_{};
  host::HostReceiver receiver_;
};

}  // namespace certbridge::bench
