// Frames: what a segment consists of, each with the digest of the one before. The bytes are in
// docs/access-records.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "certbridge/message.h"

namespace certbridge::host {

enum class FrameKind : std::uint8_t {
  kSegment = 1,     // the first of each segment
  kRecord = 2,      // one access
  kCheckpoint = 3,  // signed
  kOpened = 4,      // a process took the log over
};

inline constexpr std::size_t kFrameHead = 56;                   // bytes before the body
inline constexpr std::size_t kFrameOverhead = kFrameHead + 32;  // and with the digest behind it
inline constexpr std::size_t kLargestFrame = 256UL * 1024;

// Where a chain stands: what the next frame continues.
struct ChainEnd {
  std::uint64_t number = 0;   // of the last frame; 0: there is none
  std::uint64_t records = 0;  // frames of kind kRecord up to it
  Timestamp time{};
  Sm3Digest hash{};
};

struct Frame {
  FrameKind kind = FrameKind::kRecord;
  std::uint64_t number = 0;
  Timestamp time{};
  Sm3Digest previous{};
  std::string body{};
  Sm3Digest hash{};          // as it is stored
  std::uint64_t offset = 0;  // in its segment
  std::uint32_t length = 0;
  bool intact = false;  // the stored digest is that of the bytes
};

// The head of the frame that continues `end`: everything before the body.
std::string frame_head(const ChainEnd& end, FrameKind kind, Timestamp time, std::size_t body_size);
// Head, body and digest; moves `end` on to it. Time never goes back: the later of `time` and the
// last frame's is stored.
std::string make_frame(ChainEnd& end, FrameKind kind, Timestamp time, std::string_view body);

// Reads the frame at the beginning of `bytes`, which has been cut at no less than its length.
// False when no frame can begin so.
bool read_frame(std::string_view bytes, Frame& frame);
// The length that a frame's first bytes state; 0 when it is none that a frame can have.
std::uint32_t frame_length(std::string_view head);

}  // namespace certbridge::host
