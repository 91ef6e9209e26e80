// Where a log ends that a process is to go on with.
#pragma once

#include <optional>
#include <string>

#include "access/records/marks.h"
#include "access/records/segment_folder.h"

namespace certbridge::host {

// Bytes of frames that are made durable together: nothing that a crash leaves is longer.
inline constexpr std::size_t kMostGroupBytes = 512UL * 1024;

struct LogEnd {
  std::string segment{};
  std::uint64_t offset = 0;  // behind its last frame
  ChainEnd chain{};
  std::uint64_t signed_number = 0;  // of the last checkpoint in the segment; 0: it has none
  OpenedMark opened{};
};

// None when there is no segment. What a crash left behind the last whole frame is copied into a
// file beside the segment, counted in `opened`, and is to be overwritten. Throws Failure
// "access.damaged" where it is not what a crash leaves: something is wrong within the chain, a
// signed checkpoint lies behind the break, more follows than one group, or `anchored`, a number
// that the second place knows, is not reached.
std::optional<LogEnd> find_log_end(const SegmentFolder& folder, const std::string& node,
                                   const CheckingKey& key, std::uint64_t anchored);

}  // namespace certbridge::host
