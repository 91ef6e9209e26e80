// What the log writes about itself: the bodies of all frames that are no records.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "access/records/frame.h"
#include "access/records/signatures.h"

namespace certbridge::host {

struct SegmentMark {
  std::string node{};
  std::string segment{};      // its own name: "2026-11-0001"
  std::string before{};       // name of the one before; empty: there is none
  std::uint64_t records = 0;  // of the node in all segments before
};
struct CheckpointMark {
  std::uint64_t records = 0;  // of the node up to here
  SigningKeyId key{};
  std::string signature{};
};
// What was found behind the last checkpoint when a process took the log over.
struct OpenedMark {
  std::uint64_t unsigned_frames = 0;  // whole ones, kept
  std::uint64_t cut_bytes = 0;        // no whole frame, cut off
  Sm3Digest cut_digest{};             // of those; zeros when there were none
};

// Every checkpoint's frame has this length.
inline constexpr std::size_t kCheckpointFrame =
    kFrameOverhead + 8 + std::tuple_size_v<SigningKeyId> + kSignatureBytes;

std::string encode(const SegmentMark& mark);
std::string encode(const OpenedMark& mark);
// None when the bytes are no such body.
std::optional<SegmentMark> segment_mark(std::string_view body);
std::optional<CheckpointMark> checkpoint_mark(std::string_view body);
std::optional<OpenedMark> opened_mark(std::string_view body);

// A signed checkpoint that continues `end`, which moves on to it.
std::string make_checkpoint(ChainEnd& end, Timestamp time, const SignatureKey& key);
// Whether this frame of kind kCheckpoint carries a signature of that key over itself. The frame is
// made again from its parts, so its digest must have been compared before.
bool is_signed_by(const Frame& frame, const CheckpointMark& mark, const CheckingKey& key);

}  // namespace certbridge::host
