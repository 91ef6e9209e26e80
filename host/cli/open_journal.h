// The journal for commands that only look at it; a host may run at the same time.
#pragma once

#include <memory>
#include <optional>

#include "cli/arguments.h"
#include "cli/screen.h"
#include "journal/store.h"
#include "observe/clock.h"

namespace certbridge::host {

struct OpenJournal {
  SystemClock clock{};
  std::unique_ptr<Store> store{};
};

// An exit code, with the reason among the problems, or none when it is open.
std::optional<int> open_journal(const Arguments& arguments, Screen& problems, OpenJournal& journal);

}  // namespace certbridge::host
