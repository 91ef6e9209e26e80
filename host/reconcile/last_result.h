// What the schedule found last, kept in the journal's memory: it survives restarts, says which day
// was compared already, and is what health and metrics show.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "journal/store.h"
#include "reconcile/difference.h"

namespace certbridge::host {

struct LastBooks {
  std::string books{};
  bool asked = false;
  std::map<DifferenceSort, std::uint64_t> differences{};  // those above zero
};
struct LastComparison {
  std::chrono::sys_days day{};
  Timestamp when{};
  bool complete = false;  // everybody was asked
  std::vector<LastBooks> books{};
};
struct LastSweep {
  Timestamp when{};
  bool asked = false;         // the registration system answered
  std::uint64_t missing = 0;  // as of the last time that it did
};

LastComparison last_of(const Comparison& comparison, std::chrono::sys_days day, Timestamp when);

// None when nothing was kept, or what is kept cannot be read (of another version).
std::optional<LastComparison> last_comparison(Store& store);
std::optional<LastSweep> last_sweep(Store& store);
Result<void> keep(Store& store, const LastComparison& last);
Result<void> keep(Store& store, const LastSweep& last);

// The text that is kept, and back; none for any other text.
std::string write_last(const LastComparison& last);
std::optional<LastComparison> parse_last(std::string_view text);

// The day that is to be compared now, in the zone of the calendar; none when there is none. After
// one that was compared wholly comes the next, yesterday at last and a week ago at first; one that
// was not is compared again on the same night, ten minutes later.
std::optional<std::chrono::sys_days> due_day(const std::optional<LastComparison>& last,
                                             Timestamp now, std::chrono::minutes zone);

}  // namespace certbridge::host
