// How long something took, counted so that a month of a million takes no more memory than a day:
// exact to the second up to an hour, then to the minute, and from four days on to the hour.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>

namespace certbridge::host {

class Durations {
 public:
  void add(std::chrono::milliseconds took);
  std::uint64_t count() const { return count_; }
  // So many percent took no longer (nearest rank), rounded up as said above; 0 without any.
  std::chrono::seconds percentile(int percent) const;

 private:
  std::map<std::chrono::seconds, std::uint64_t> counts_{};
  std::uint64_t count_ = 0;
};

}  // namespace certbridge::host
