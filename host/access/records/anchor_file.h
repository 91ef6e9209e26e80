// Anchors: signed checkpoints once more, in a second place. One line each, in a file for each
// month; docs/access-records.md has the form.
#pragma once

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "access/records/frame.h"

namespace certbridge::host {

std::string anchor_line(std::string_view checkpoint);

// Appends a line and makes it durable, behind whatever an earlier attempt left. Throws Failure
// "access.anchor" (retryable).
void append_anchor(const std::string& file, std::string_view checkpoint);

enum class AnchorReading : std::uint8_t { kAnchor = 1, kDamaged = 2, kEnd = 3 };

// Reads a file of anchors line by line. A line that is the beginning of the one behind it was cut
// off while it was written, and is passed over. Throws Failure "access.failed".
class AnchorReader {
 public:
  explicit AnchorReader(const std::string& path);
  // Whether `frame` is an intact checkpoint; its signature is not looked at.
  AnchorReading next(Frame& frame);
  std::uint64_t line() const { return line_; }  // of what next() answered last

 private:
  bool read_line(std::string& text);
  std::ifstream stream_;
  std::uint64_t line_ = 0;
  std::optional<std::string> ahead_{};
};

// The files of anchors in a folder, in order.
std::vector<std::string> anchor_files(const std::string& folder);

// The number of the last whole anchor in the newest file of the folder; 0 when there is none, or
// none can be read.
std::uint64_t last_anchored(const std::string& folder);

}  // namespace certbridge::host
