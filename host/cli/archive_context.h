// What commands that make packages need of the configuration.
#pragma once

#include <optional>
#include <string>

#include "access/records/access_log.h"
#include "access/records/signatures.h"
#include "archive/archive_settings.h"
#include "cli/arguments.h"
#include "cli/screen.h"
#include "observe/clock.h"

namespace certbridge::host {

struct ArchiveContext {
  SystemClock clock{};
  AccessLogSettings access{};         // with its keys
  KeptUsesSettings kept{};            // with its key
  std::optional<SignatureKey> key{};  // that seals
};

// An exit code, with the reason among the problems, or none when `context` is complete.
std::optional<int> archive_context(const Arguments& arguments, Screen& problems,
                                   ArchiveContext& context);

}  // namespace certbridge::host
