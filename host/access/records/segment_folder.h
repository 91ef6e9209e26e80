// The folder of one node's log: which files are in it, by name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "certbridge/message.h"

namespace certbridge::host {

class SegmentFolder {
 public:
  explicit SegmentFolder(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  // Names of the segments, oldest first: "2026-11-0001".
  std::vector<std::string> segments() const;
  std::string segment_file(const std::string& segment) const;
  std::string keys_file(const std::string& month) const { return path_ + "/" + month + ".keys"; }
  std::string lock_file() const { return path_ + "/lock"; }

  // Where whole frames are followed by something that is none, a copy of it is kept under this
  // name.
  std::string torn_file(const std::string& segment, std::uint64_t offset) const;

 private:
  std::string path_;
};

// The month that a segment belongs to: "2026-11".
std::string month_in(const std::string& segment);
// The name of the segment behind `segment` (which may be empty) when it is begun in `month`. Names
// never go back, whatever the clock does.
std::string segment_behind(const std::string& segment, const std::string& month);
bool is_segment_name(std::string_view name);

}  // namespace certbridge::host
