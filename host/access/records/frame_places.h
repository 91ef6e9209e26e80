// Where each frame lies: derived from the segments, in files beside the index, so that a record is
// found by its number without reading its segment.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/records/segment_folder.h"

namespace certbridge::host {

struct FramePlace {
  std::string segment{};
  std::uint64_t offset = 0;
};

// One thread. Throws Failure "access.failed".
class FramePlaces {
 public:
  // `index_folder` exists. What is in it is believed only where the segment agrees.
  FramePlaces(SegmentFolder folder, std::string index_folder);

  // Enters what the segments have by now; answers the number of their last frame, 0 for none.
  std::uint64_t update();
  // Does away with what was entered of this segment, which turned out wrong; update() makes it
  // anew.
  void forget(const std::string& segment);
  // None when there is no such frame, or it was not entered.
  std::optional<FramePlace> of(std::uint64_t number);

 private:
  struct Known {
    std::string segment{};
    std::uint64_t first = 0;  // number of its first frame
  };
  void learn_segments();
  std::uint64_t enter(const Known& known);
  std::string file_of(const std::string& segment) const;

  SegmentFolder folder_;
  std::string index_folder_;
  std::vector<Known> known_{};
};

}  // namespace certbridge::host
