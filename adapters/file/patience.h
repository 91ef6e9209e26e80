// With which files trouble was had, and when they are worth another try.
#pragma once

#include <chrono>
#include <map>
#include <string>

namespace certbridge::file {

// After each trouble a file rests longer, up to five minutes. Forgets all when it knows of too
// many. One thread.
class Patience {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  bool rests(const std::string& name, Moment now) const;
  // There was trouble again: whether somebody is to be told, which is once for each rest.
  bool is_lost(const std::string& name, Moment now);
  void regain(const std::string& name) { lost_.erase(name); }

 private:
  struct Lost {
    Moment until{};
    std::chrono::milliseconds rest{};
  };
  std::map<std::string, Lost, std::less<>> lost_{};
};

}  // namespace certbridge::file
