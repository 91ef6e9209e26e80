// The anchors of several files in ascending order, each with the place where it stands.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/records/anchor_file.h"

namespace certbridge::host {

struct PlacedAnchor {
  Frame frame{};
  std::string file{};
  std::uint64_t line = 0;
  bool damaged = false;  // the line is no anchor, or not behind the one before: `frame` is nothing
};

// One thread. Throws Failure "access.failed".
class AnchorStream {
 public:
  // Read in order of their names.
  explicit AnchorStream(std::vector<std::string> files);
  // None at the end.
  std::optional<PlacedAnchor> next();

 private:
  std::vector<std::string> files_;
  std::size_t at_ = 0;
  std::unique_ptr<AnchorReader> reader_{};
  std::uint64_t last_ = 0;
};

}  // namespace certbridge::host
