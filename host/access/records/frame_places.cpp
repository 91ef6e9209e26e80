#include "access/records/frame_places.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "access/records/frame_reader.h"
#include "certbridge/bytes.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kEntry = 8;  // an offset

std::optional<std::uint64_t> entry_in(const std::string& file, std::uint64_t at) {
  std::ifstream stream(file, std::ios::binary);
  std::string bytes(kEntry, '\0');
  stream.seekg(static_cast<std::streamoff>(at * kEntry));
  if (!stream.read(bytes.data(), kEntry)) return {};
  return certbridge::ByteReader(bytes).u64();
}

// Of the file's size; what is left over of an entry is cut off.
std::uint64_t entries_in(const std::string& file) {
  std::error_code none;
  const auto size = std::filesystem::file_size(file, none);
  if (none) return 0;
  if (size % kEntry != 0) std::filesystem::resize_file(file, size - size % kEntry, none);
  return size / kEntry;
}

}  // namespace

FramePlaces::FramePlaces(SegmentFolder folder, std::string index_folder)
    : folder_(std::move(folder)), index_folder_(std::move(index_folder)) {}

std::string FramePlaces::file_of(const std::string& segment) const {
  return index_folder_ + "/" + segment + ".places";
}

void FramePlaces::learn_segments() {
  std::vector<Known> found;
  for (const std::string& segment : folder_.segments()) {
    const auto known = std::find_if(known_.begin(), known_.end(),
                                    [&](const Known& one) { return one.segment == segment; });
    if (known != known_.end()) {
      found.push_back(*known);
      continue;
    }
    FrameReader reader(folder_.segment_file(segment));
    Frame frame;
    if (reader.next(frame) == FrameReading::kFrame) found.push_back({segment, frame.number});
  }
  known_ = std::move(found);
}

// Goes on behind the last entry, where the segment has a frame of that number; else from nothing.
std::uint64_t FramePlaces::enter(const Known& known) {
  const std::string file = file_of(known.segment);
  std::uint64_t count = entries_in(file);
  std::uint64_t offset = 0;
  Frame frame;
  if (count > 0) {
    offset = entry_in(file, count - 1).value_or(0);
    FrameReader last(folder_.segment_file(known.segment), offset);
    const bool agrees =
        last.next(frame) == FrameReading::kFrame && frame.number == known.first + count - 1;
    if (!agrees) std::filesystem::remove(file);
    offset = agrees ? last.offset() : 0;
    count = agrees ? count : 0;
  }
  FrameReader reader(folder_.segment_file(known.segment), offset);
  certbridge::ByteWriter entries;
  while (reader.next(frame) == FrameReading::kFrame && frame.number == known.first + count) {
    entries.u64(frame.offset);
    ++count;
  }
  std::ofstream(file, std::ios::binary | std::ios::app) << entries.bytes();
  return known.first + count - 1;
}

std::uint64_t FramePlaces::update() {
  learn_segments();
  std::uint64_t last = 0;
  for (std::size_t at = 0; at < known_.size(); ++at) {
    const bool is_whole =
        at + 1 < known_.size() &&
        known_[at].first + entries_in(file_of(known_[at].segment)) == known_[at + 1].first;
    last = is_whole ? known_[at + 1].first - 1 : enter(known_[at]);
  }
  return last;
}

void FramePlaces::forget(const std::string& segment) {
  std::error_code none;
  std::filesystem::remove(file_of(segment), none);
}

std::optional<FramePlace> FramePlaces::of(std::uint64_t number) {
  const auto behind = std::find_if(known_.begin(), known_.end(),
                                   [&](const Known& one) { return one.first > number; });
  if (behind == known_.begin()) return {};
  const Known& known = *std::prev(behind);
  const auto offset = entry_in(file_of(known.segment), number - known.first);
  if (!offset) return {};
  return FramePlace{known.segment, *offset};
}

}  // namespace certbridge::host
