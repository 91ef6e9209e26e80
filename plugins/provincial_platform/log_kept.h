// The last version of a day's log: bytes that are durable before they are sent.
#pragma once

#include <optional>
#include <string>

#include "booked_day.h"
#include "certbridge/context.h"
#include "prepared.h"

namespace certbridge::provincial_platform {

struct KeptLog {
  Prepared prepared{};  // `facts`: SM3 of the rows that it was made of; no bytes once accepted
  int version = 0;
  std::string content{};  // SM3 of what it says without number and version
  std::string step{};     // the delivery that made it
  bool refused = false;   // a person was told that the platform rejects it
};

// What is remembered of the log of one day, during one call. All are of the day's order key, so
// that each hand-over of the day sees what the ones before have sent.
class LogMemory {
 public:
  // `memory` outlives it.
  LogMemory(Memory& memory, const AreaDay& day, std::string step_key)
      : memory_(memory), key_(day.order_key()), step_(std::move(step_key)) {}

  // Nothing when no version was made. "provincial.memory" when what is kept cannot be read.
  Result<std::optional<KeptLog>> last();
  // Durable when it returns; becomes the last, and the one that this delivery is about.
  Result<void> keep(const KeptLog& log);
  // It was accepted: its bytes are not needed any more. Known to later calls once the attempt's
  // state is committed.
  Result<void> drop_bytes(KeptLog log);
  // The number of the version that this delivery is about; empty when it made none.
  Result<std::string> own_number();
  // Known to later calls once the attempt's state is committed.
  Result<void> note_sent(const std::string& number);
  Result<bool> was_sent(const std::string& number);
  Result<void> note_refused(const std::string& number);
  Result<bool> was_refused(const std::string& number);

 private:
  Result<std::string> text(const std::string& name);

  Memory& memory_;
  OrderKey key_;
  std::string step_;
};

}  // namespace certbridge::provincial_platform
