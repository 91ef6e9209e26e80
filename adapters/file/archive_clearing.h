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
  // What is cleared, for how many days it is kept (0: for good), and how many files go at once.
  struct Settings {
    std::string archive{};
    int days = 0;
    std::size_t at_once = 256;
  };
  // `folder` and `context` are borrowed.
  ArchiveClearing(Settings settings, Folder& folder, Context& context);
  // How many files went. After a failure, and when nothing is old enough, it does nothing for an
  // hour.
  Result<std::size_t> step(const Call& call);
  // The same for whoever has something else to do: a failure is a warning in the log, which is not
  // written again until a step went well or another failure came.
  void step_aside(const Call& call);

 private:
  Result<std::string> oldest_day(const Call& call);
  Result<std::size_t> clear(const std::string& day, const Call& call);
  bool clock_was_set();
  void tell_once(LogFields failure);

  Settings settings_;
  Folder& folder_;
  Context& context_;
  Timestamp began_;
  std::chrono::steady_clock::time_point began_steady_;
  std::chrono::steady_clock::time_point next_{};
  LogFields told_{};  // the failure that was told of last
};

}  // namespace certbridge::file
