// Tells files that somebody is still writing from those that lie still.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "folder.h"

namespace certbridge::file {

// A file lies still once its size and time of change were the same for `least`. Measured between
// our own looks with a clock that never jumps: whatever the file's time says is only compared.
// One thread.
class Quiet {
 public:
  explicit Quiet(std::chrono::milliseconds least) : least_(least) {}
  bool lies_still(const std::string& name, const FileState& state,
                  std::chrono::steady_clock::time_point now);
  // How long a name has been waited for; zero at first.
  std::chrono::milliseconds waited(const std::string& name,
                                   std::chrono::steady_clock::time_point now);
  void forget(const std::string& name) { seen_.erase(name); }
  // Drops what was not asked for since the last call, so that no more is kept than is looked at.
  void forget_others();

 private:
  struct Seen {
    FileState state{};
    std::chrono::steady_clock::time_point unchanged_since{};
    std::chrono::steady_clock::time_point first{};
    bool asked = false;
  };
  Seen& seen(const std::string& name, const FileState& state,
             std::chrono::steady_clock::time_point now);

  std::chrono::milliseconds least_;
  std::map<std::string, Seen, std::less<>> seen_{};
};

}  // namespace certbridge::file
