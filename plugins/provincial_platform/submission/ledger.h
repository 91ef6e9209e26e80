// What the platform was told of each booking, whatever delivery told it.
#pragma once

#include <optional>
#include <string>

#include "certbridge/context.h"
#include "message/maker.h"

namespace certbridge::provincial_platform {

struct LedgerEntry {
  std::string number{};    // of the last message
  std::string step{};      // the delivery that made it
  std::string accepted{};  // number of the last message that the platform accepted; may be empty
};

// Nothing when no message was made of it. "provincial.memory" when what is kept cannot be read.
Result<std::optional<LedgerEntry>> load_entry(Memory& memory, const std::string& step_key,
                                              const BookingName& booking);
// Durable with the next flush of this step key.
Result<void> put_entry(Memory& memory, const std::string& step_key, const BookingName& booking,
                       const LedgerEntry& entry);

}  // namespace certbridge::provincial_platform
