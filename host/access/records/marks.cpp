#include "access/records/marks.h"

#include <algorithm>

#include "certbridge/bytes.h"

namespace certbridge::host {
namespace {

constexpr std::string_view kSegmentWords = "certbridge access records";
constexpr std::string_view kCheckpointWords = "certbridge access checkpoint";
constexpr std::uint32_t kFormat = 1;
constexpr std::size_t kKeyBytes = std::tuple_size_v<SigningKeyId>;
constexpr std::size_t kCheckpointBody = kCheckpointFrame - kFrameOverhead;

template <class Bytes>
std::string_view raw(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string signed_text(std::string_view head, std::string_view body_without_signature) {
  return std::string(kCheckpointWords).append(head).append(body_without_signature);
}

}  // namespace

std::string encode(const SegmentMark& mark) {
  certbridge::ByteWriter body;
  body.text(kSegmentWords);
  body.u32(kFormat);
  body.text(mark.node);
  body.text(mark.segment);
  body.text(mark.before);
  body.u64(mark.records);
  return body.take();
}

std::optional<SegmentMark> segment_mark(std::string_view body) {
  certbridge::ByteReader in(body);
  const bool known = in.text() == kSegmentWords && in.u32() == kFormat;
  SegmentMark mark;
  mark.node = in.text();
  mark.segment = in.text();
  mark.before = in.text();
  mark.records = in.u64();
  if (!known || !in.finish()) return {};
  return mark;
}

std::string encode(const OpenedMark& mark) {
  certbridge::ByteWriter body;
  body.u64(mark.unsigned_frames);
  body.u64(mark.cut_bytes);
  body.append(raw(mark.cut_digest));
  return body.take();
}

std::optional<OpenedMark> opened_mark(std::string_view body) {
  OpenedMark mark;
  if (body.size() != 16 + mark.cut_digest.size()) return {};
  certbridge::ByteReader in(body);
  mark.unsigned_frames = in.u64();
  mark.cut_bytes = in.u64();
  std::copy(body.begin() + 16, body.end(), mark.cut_digest.begin());
  return mark;
}

std::optional<CheckpointMark> checkpoint_mark(std::string_view body) {
  if (body.size() != kCheckpointBody) return {};
  certbridge::ByteReader in(body);
  CheckpointMark mark;
  mark.records = in.u64();
  std::copy_n(body.begin() + 8, kKeyBytes, mark.key.begin());
  mark.signature = body.substr(8 + kKeyBytes);
  return mark;
}

std::string make_checkpoint(ChainEnd& end, Timestamp time, const SignatureKey& key) {
  certbridge::ByteWriter body;
  body.u64(end.records);
  body.append(raw(key.id()));
  const std::string head = frame_head(end, FrameKind::kCheckpoint, time, kCheckpointBody);
  body.append(key.sign(signed_text(head, body.bytes())));
  return make_frame(end, FrameKind::kCheckpoint, time, body.bytes());
}

bool is_signed_by(const Frame& frame, const CheckpointMark& mark, const CheckingKey& key) {
  const ChainEnd before{frame.number - 1, 0, frame.time, frame.previous};
  const std::string head =
      frame_head(before, FrameKind::kCheckpoint, frame.time, frame.body.size());
  const std::string_view body(frame.body);
  return key.signed_this(signed_text(head, body.substr(0, body.size() - kSignatureBytes)),
                         mark.signature);
}

}  // namespace certbridge::host
