// The segment that is written to. It has room in advance, in zeros that are on the disk already, so
// that what is written over them cannot meet a full disk.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace certbridge::host {

// One thread. Throws Failure: "access.full" where the disk has no room (or no inode, or a quota is
// used up), "access.failed" for whatever else the disk refuses.
class SegmentFile {
 public:
  // A new one that begins with these bytes and has `room` behind them; whole or not there.
  static std::unique_ptr<SegmentFile> make(const std::string& path, std::string_view first,
                                           std::uint64_t room);
  // One that is there, whose frames end at `end`; what lies behind is made zeros.
  static std::unique_ptr<SegmentFile> open(const std::string& path, std::uint64_t end);
  ~SegmentFile();
  SegmentFile(const SegmentFile&) = delete;
  SegmentFile& operator=(const SegmentFile&) = delete;

  std::uint64_t end() const { return end_; }
  bool has_room(std::uint64_t bytes) const { return end_ + bytes <= size_; }
  void take_room(std::uint64_t bytes);
  // Durable when it returns. There must be room. After a failure nothing of it counts, and the same
  // place is written again.
  void append(std::string_view bytes);
  // Gives back the room behind the last frame: nothing more is appended.
  void finish();

 private:
  SegmentFile(std::string path, int file) : path_(std::move(path)), file_(file) {}
  void write_at(std::uint64_t offset, std::string_view bytes);
  void write_zeros(std::uint64_t from, std::uint64_t until);
  void sync();

  std::string path_;
  int file_;
  std::uint64_t end_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t dirty_ = 0;  // so far a failed append may have left bytes
};

// Throws Failure, as above.
void sync_access_folder(const std::string& folder);

}  // namespace certbridge::host
