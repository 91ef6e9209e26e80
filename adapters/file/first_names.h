// The first names of a folder of any size, in order, in bounded memory.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace certbridge::file {

// Keeps the smallest `most` of the names that are added; each costs the logarithm of `most`. Bytes
// are compared, so that order is the same on every machine.
class FirstNames {
 public:
  explicit FirstNames(std::size_t most) : most_(most) {}
  void add(std::string_view name);
  // Whether some did not fit.
  bool cut() const { return cut_; }
  // In ascending order; leaves nothing behind.
  std::vector<std::string> take();

 private:
  std::size_t most_;
  bool cut_ = false;
  std::vector<std::string> heap_{};  // the largest on top
};

}  // namespace certbridge::file
