// The machine's clock behind the contract's interface.
#pragma once

#include <string>

#include "certbridge/context.h"

namespace certbridge::host {

class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
  std::chrono::steady_clock::time_point steady() const override;
};

// UTC, "2026-11-23T08:00:00.123Z".
std::string to_iso8601(Timestamp when);
// As tables of registration systems have it: local wall clock of +08:00, "2026-11-23 16:00:00".
std::string to_wall_clock(Timestamp when);

}  // namespace certbridge::host
