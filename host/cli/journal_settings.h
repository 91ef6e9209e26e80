// Which journal the configuration names, for commands that look at it.
#pragma once

#include <optional>

#include "cli/arguments.h"
#include "cli/screen.h"
#include "journal/store.h"

namespace certbridge::host {

// Fills folder, master key and clock; an exit code when the configuration or the key is refused.
std::optional<int> journal_settings(const Arguments& arguments, Screen& problems,
                                    const Clock& clock, StoreSettings& settings);
// Says why, and answers the exit code for it.
int journal_failed(const Error& error, Screen& problems);

}  // namespace certbridge::host
