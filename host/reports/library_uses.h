// Uses that were made elsewhere and that a library's log tells of, in a usage report.
#pragma once

#include <string>

#include "reports/usage.h"

namespace certbridge::host {

// So many equal uses of one day, as a library's log has them. What is not told is empty.
struct LibraryUse {
  std::string by{};  // "ourselves", "others", "unknown"
  std::string issuer{};
  std::string unit{};
  std::string type{};
  std::string purpose{};
  std::string kind{};
  std::string result{};
  std::uint64_t count = 0;
};

// The library in the report, which it enters when it is not there.
UsageLibrary& library_in(UsageReport& report, const std::string& name);

// Counts them. What we asked ourselves is no further use: who asked us has a record with us, and is
// counted by it. "report.too_many".
Result<void> add_library_use(UsageReport& report, const std::string& library,
                             std::chrono::local_days day, const LibraryUse& use);

}  // namespace certbridge::host
