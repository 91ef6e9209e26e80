// Reads the frames of one segment from its beginning to its end.
#pragma once

#include <cstdint>
#include <string>

#include "access/records/frame.h"

namespace certbridge::host {

enum class FrameReading : std::uint8_t {
  kFrame = 1,   // whole in form; `intact` says whether its digest fits
  kEnd = 2,     // nothing follows, or zeros: rest_size() says whether up to the end of the file
  kBroken = 3,  // something follows that is no frame
};

// One thread. The file may be appended to meanwhile: what is there when it is read counts.
class FrameReader {
 public:
  // Throws Failure "access.failed" when the file cannot be read.
  explicit FrameReader(const std::string& path) : FrameReader(path, 0) {}
  FrameReader(const std::string& path, std::uint64_t offset);
  ~FrameReader();
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;

  // Moves on only when it is a frame; asked again, it reads again.
  FrameReading next(Frame& frame);
  // Where the next frame begins.
  std::uint64_t offset() const { return offset_; }
  // So many bytes lie there, up to the last that is not zero; their content.
  std::string rest(std::size_t most);
  std::uint64_t rest_size();

 private:
  std::string_view at_least(std::size_t size);
  void load(std::size_t size);
  std::string read_at(std::uint64_t offset, std::size_t size) const;

  std::string path_;
  int file_ = -1;
  std::uint64_t offset_ = 0;
  std::string buffer_{};  // of the file from buffer_at_ on
  std::uint64_t buffer_at_ = 0;
};

}  // namespace certbridge::host
