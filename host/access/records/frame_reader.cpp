#include "access/records/frame_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "journal/failure.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kPiece = 64UL * 1024;

bool is_zero(char byte) { return byte == '\0'; }

Failure unreadable(const std::string& path) {
  return Failure(Error::fault("access.failed", path + " cannot be read: " + std::strerror(errno)));
}

}  // namespace

FrameReader::FrameReader(const std::string& path, std::uint64_t offset)
    : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), offset_(offset) {
  if (file_ < 0) throw unreadable(path);
}

FrameReader::~FrameReader() { ::close(file_); }

std::string FrameReader::read_at(std::uint64_t offset, std::size_t size) const {
  if (offset > INT64_MAX - size) return {};  // behind every end
  std::string bytes(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t got =
        ::pread(file_, bytes.data() + filled, size - filled, static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw unreadable(path_);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

void FrameReader::load(std::size_t size) {
  buffer_ = read_at(offset_, std::max(size, kPiece));
  buffer_at_ = offset_;
}

// What the file has from the next frame on: so many bytes, or fewer at its end.
std::string_view FrameReader::at_least(std::size_t size) {
  if (offset_ < buffer_at_ || offset_ + size > buffer_at_ + buffer_.size()) load(size);
  return std::string_view(buffer_).substr(offset_ - buffer_at_);
}

FrameReading FrameReader::next(Frame& frame) {
  const std::string_view head = at_least(kFrameHead);
  const std::uint32_t length = frame_length(head);
  if (length == 0) {
    const std::string_view rest = head.substr(0, kFrameHead);
    const bool only_zeros = std::all_of(rest.begin(), rest.end(), is_zero);
    buffer_.clear();  // asked again, the file is looked at again
    return only_zeros ? FrameReading::kEnd : FrameReading::kBroken;
  }
  if (!read_frame(at_least(length), frame)) {
    buffer_.clear();
    return FrameReading::kBroken;
  }
  frame.offset = offset_;
  offset_ += length;
  return FrameReading::kFrame;
}

std::uint64_t FrameReader::rest_size() {
  std::uint64_t size = 0;
  for (std::uint64_t at = offset_;;) {
    const std::string piece = read_at(at, kPiece);
    if (piece.empty()) return size;
    const auto last = std::find_if_not(piece.rbegin(), piece.rend(), is_zero);
    if (last != piece.rend()) {
      size = at - offset_ + static_cast<std::uint64_t>(piece.rend() - last);
    }
    at += piece.size();
  }
}

std::string FrameReader::rest(std::size_t most) {
  return read_at(offset_, std::min<std::uint64_t>(rest_size(), most));
}

}  // namespace certbridge::host
