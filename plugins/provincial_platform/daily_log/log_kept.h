// The last version of a day's log: bytes that are durable before they are sent.
#pragma once

#include <optional>
#include <string>

#include "certbridge/context.h"
#include "daily_log/booked_day.h"
#include "exchange/prepared.h"

namespace certbridge::provincial_platform {

struct KeptLog {
  Prepared prepared{};  // `facts`: SM3 of the rows that it was made of; no bytes once accepted
  int version = 0;
  std::uint64_t order = 0;  // Message::order_number of the hand-over of the day that made it
  std::string content{};    // SM3 of what it says without number and version
  std::string step{};       // the delivery that made it
  // The platform's word on it, as far as a delivery has read it.
  bool accepted = false;
  bool refused = false;
};

// What is remembered of the log of one day, during one call. All are of the day's order key, so
// that each hand-over of the day sees what the ones before have sent. Deliveries of one day may run
// at once: only keep() changes what the last version is, all else is noted under a number.
class LogMemory {
 public:
  // `memory` outlives it.
  LogMemory(Memory& memory, const AreaDay& day, std::string step_key)
      : memory_(memory), key_(day.order_key()), step_(std::move(step_key)) {}

  // Nothing when no version was made. "provincial.memory" when what is kept cannot be read.
  Result<std::optional<KeptLog>> last();
  // Durable when it returns; becomes the last, and the one that this delivery is about.
  Result<void> keep(const KeptLog& log);
  // The number of the version that this delivery is about; empty when it is about none yet.
  Result<std::string> own_number();
  // All notes are known to later calls once the attempt's state is committed.
  Result<void> note_own(const std::string& number);
  Result<void> note_sent(const std::string& number);
  // Or answered, which says as much.
  Result<bool> was_sent(const std::string& number);
  // Its bytes are not needed any more.
  Result<void> note_accepted(const std::string& number);
  Result<void> note_refused(const std::string& number);
  // Whether this delivery has told a person that this version was rejected.
  Result<void> note_told(const std::string& number);
  Result<bool> was_told(const std::string& number);

 private:
  Result<std::string> text(const std::string& name);
  Result<void> note(const std::string& name, const std::string& value);
  Result<bool> is_noted(const std::string& name);

  Memory& memory_;
  OrderKey key_;
  std::string step_;
};

}  // namespace certbridge::provincial_platform
