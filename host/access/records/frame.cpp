#include "access/records/frame.h"

#include <algorithm>

#include "certbridge/bytes.h"
#include "journal/cipher.h"

namespace certbridge::host {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kKindAt = 4;
constexpr std::size_t kNumberAt = 8;

Sm3Digest digest_of(std::string_view bytes) {
  Sm3 sm3;
  sm3.add(bytes);
  return sm3.finish();
}

std::string_view raw(const Sm3Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Sm3Digest digest_from(std::string_view bytes) {
  Sm3Digest digest{};
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

}  // namespace

std::string frame_head(const ChainEnd& end, FrameKind kind, Timestamp time, std::size_t body_size) {
  certbridge::ByteWriter head;
  head.u32(static_cast<std::uint32_t>(kFrameOverhead + body_size));
  head.u8(static_cast<std::uint8_t>(kind));
  head.u8(kVersion);
  head.u8(0);
  head.u8(0);
  head.u64(end.number + 1);
  head.i64(std::max(time, end.time).time_since_epoch().count());
  head.append(raw(end.hash));
  return head.take();
}

std::string make_frame(ChainEnd& end, FrameKind kind, Timestamp time, std::string_view body) {
  std::string frame = frame_head(end, kind, time, body.size());
  frame.append(body);
  end.number += 1;
  end.records += kind == FrameKind::kRecord ? 1 : 0;
  end.time = std::max(time, end.time);
  end.hash = digest_of(frame);
  frame.append(raw(end.hash));
  return frame;
}

std::uint32_t frame_length(std::string_view head) {
  certbridge::ByteReader reader(head);
  const std::uint32_t length = reader.u32();
  return reader.failed() || length < kFrameOverhead || length > kLargestFrame ? 0 : length;
}

bool read_frame(std::string_view bytes, Frame& frame) {
  frame.length = frame_length(bytes);
  if (frame.length == 0 || bytes.size() < frame.length) return false;
  bytes = bytes.substr(0, frame.length);
  certbridge::ByteReader head(bytes.substr(kKindAt, kFrameHead - kKindAt));
  const std::uint8_t kind = head.u8();
  const bool known = head.u8() == kVersion && head.u8() == 0 && head.u8() == 0 && kind >= 1 &&
                     kind <= static_cast<std::uint8_t>(FrameKind::kOpened);
  if (!known) return false;
  frame.kind = static_cast<FrameKind>(kind);
  frame.number = head.u64();
  frame.time = Timestamp(std::chrono::milliseconds(head.i64()));
  frame.previous = digest_from(bytes.substr(kNumberAt + 16, 32));
  frame.body = bytes.substr(kFrameHead, frame.length - kFrameOverhead);
  frame.hash = digest_from(bytes.substr(frame.length - 32));
  frame.intact = digest_of(bytes.substr(0, frame.length - 32)) == frame.hash;
  return true;
}

}  // namespace certbridge::host
