// The access records that the configuration names, for commands that work on them.
#pragma once

#include <optional>
#include <string>

#include "access/records/access_log.h"
#include "access/records/signatures.h"
#include "cli/arguments.h"
#include "cli/screen.h"
#include "observe/clock.h"

namespace certbridge::host {

struct AccessContext {
  SystemClock clock{};
  LoadedConfiguration loaded{};
  AccessLogSettings settings{};  // with its keys
  std::optional<SignatureKey> key{};
  int retention_years = 10;
};

// An exit code when the configuration is refused; nothing else of `context` is filled in.
std::optional<int> load_for_access(const Arguments& arguments, Screen& problems,
                                   AccessContext& context);
// The rest of it.
std::optional<int> open_access_context(Screen& problems, AccessContext& context);
// Both. An exit code, with the reason among the problems, or none when `context` is complete.
std::optional<int> access_context(const Arguments& arguments, Screen& problems,
                                  AccessContext& context);
// Says why, and answers the exit code for it.
int access_failed(const Error& error, Screen& problems);
// The keys in these files; none, with the reason among the problems, when one cannot be had.
std::optional<std::vector<CheckingKey>> read_public_keys(const std::vector<std::string>& files,
                                                         Screen& problems);

}  // namespace certbridge::host
