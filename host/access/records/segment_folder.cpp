#include "access/records/segment_folder.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace certbridge::host {
namespace {

constexpr std::string_view kEnding = ".records";
constexpr std::string_view kPattern = "0000-00-0000";

}  // namespace

bool is_segment_name(std::string_view name) {
  return name.size() == kPattern.size() &&
         std::equal(name.begin(), name.end(), kPattern.begin(), [](char given, char wanted) {
           return wanted == '-' ? given == '-' : given >= '0' && given <= '9';
         });
}

std::vector<std::string> SegmentFolder::segments() const {
  std::vector<std::string> names;
  std::error_code none;
  for (std::filesystem::directory_iterator at(path_, none), end; !none && at != end;
       at.increment(none)) {
    const std::string name = at->path().filename().string();
    if (!name.ends_with(kEnding)) continue;
    const std::string segment = name.substr(0, name.size() - kEnding.size());
    if (is_segment_name(segment)) names.push_back(segment);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string SegmentFolder::segment_file(const std::string& segment) const {
  return path_ + "/" + segment + std::string(kEnding);
}

std::string SegmentFolder::torn_file(const std::string& segment, std::uint64_t offset) const {
  return path_ + "/" + segment + ".torn-" + std::to_string(offset);
}

std::string month_in(const std::string& segment) { return segment.substr(0, 7); }

std::string segment_behind(const std::string& segment, const std::string& month) {
  std::string first = month + "-0001";
  if (segment.empty() || first > segment) return first;
  const unsigned long part = std::stoul(segment.substr(8)) + 1;
  char number[16];
  std::snprintf(number, sizeof number, "-%04lu", part % 10000);
  return month_in(segment) + number;
}

}  // namespace certbridge::host
