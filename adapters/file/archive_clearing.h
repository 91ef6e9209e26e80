// Takes away what lies in the archive longer than was agreed on.
#pragma once

#include <chrono>
#include <string>

#include "certbridge/context.h"
#include "folder.h"

namespace certbridge::file {

// The archive has a folder for each day ("2026-11-24", of local time +08:00). A folder that is
// older than `days` is emptied and removed, the oldest first; the newest is kept whatever its age,
// and nothing is touched once the wall clock was set by more than an hour since this was made. What
// is no such folder stays. Each step may be made again after a stop at any point. One thread.
class ArchiveClearing {
 public:
  // No days: it never does anything. `folder` and `context` are borrowed.
  ArchiveClearing(std::string archive, int days, Folder& folder, Context& context);
  // At most 256 files; how many went. After a failure, and when nothing is old enough, it does
  // nothing for an hour.
  Result<std::size_t> step(const Call& call);

 private:
  Result<std::string> oldest_day(const Call& call);
  Result<std::size_t> clear(const std::string& day, const Call& call);
  bool clock_was_set();

  std::string archive_;
  int days_;
  Folder& folder_;
  Context& context_;
  Timestamp began_;
  std::chrono::steady_clock::time_point began_steady_;
  std::chrono::steady_clock::time_point next_{};
  bool said_ = false;
};

}  // namespace certbridge::file
