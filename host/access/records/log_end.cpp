#include "access/records/log_end.h"

#include <fstream>

#include "access/records/disk_error.h"
#include "access/records/frame_reader.h"
#include "journal/cipher.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostTorn = kMostGroupBytes + kLargestFrame;

Failure damaged(const std::string& where, const std::string& what) {
  return Failure(Error::fault(
      "access.damaged",
      where + ": " + what +
          ". This is not what a crash leaves; nothing was changed and nothing is answered. Run "
          "`certbridge access verify`, keep a copy of the folder, and lay the records back from "
          "the archive or another copy"));
}

bool continues(const Frame& frame, const ChainEnd& end) {
  return frame.intact && frame.number == end.number + 1 && frame.previous == end.hash &&
         frame.time >= end.time;
}

class EndFinder {
 public:
  EndFinder(const SegmentFolder& folder, const std::string& node, const CheckingKey& key)
      : folder_(folder), node_(node), key_(key) {}

  LogEnd find(const std::string& segment) {
    found_.segment = segment;
    FrameReader reader(folder_.segment_file(segment));
    read_first(reader);
    Frame frame;
    FrameReading reading = reader.next(frame);
    while (reading == FrameReading::kFrame && continues(frame, found_.chain)) {
      take(frame);
      found_.offset = reader.offset();
      reading = reader.next(frame);
    }
    found_.opened.unsigned_frames = found_.chain.number - last_signed_;
    if (reading != FrameReading::kEnd || reader.rest_size() > 0) take_torn();
    return found_;
  }

 private:
  std::string where() const {
    return found_.segment + ", behind frame " + std::to_string(found_.chain.number);
  }

  // It was made durable before it got its name: no crash breaks it.
  void read_first(FrameReader& reader) {
    Frame frame;
    const bool whole = reader.next(frame) == FrameReading::kFrame && frame.intact &&
                       frame.kind == FrameKind::kSegment;
    const auto mark = whole ? segment_mark(frame.body) : std::nullopt;
    if (!mark) throw damaged(found_.segment, "its first frame is not that of a segment");
    if (mark->node != node_ || mark->segment != found_.segment) {
      throw damaged(found_.segment, "it is segment " + mark->segment + " of node " + mark->node);
    }
    found_.chain = {frame.number, mark->records, frame.time, frame.hash};
    found_.offset = reader.offset();
    last_signed_ = frame.number - 1;  // the segment before ends with a checkpoint
  }

  void take(const Frame& frame) {
    found_.chain.number = frame.number;
    found_.chain.time = frame.time;
    found_.chain.hash = frame.hash;
    if (frame.kind == FrameKind::kRecord) ++found_.chain.records;
    if (frame.kind != FrameKind::kCheckpoint) return;
    last_signed_ = frame.number;
    found_.signed_number = frame.number;
  }

  void take_torn() {
    FrameReader reader(folder_.segment_file(found_.segment), found_.offset);
    if (reader.rest_size() > kMostTorn) {
      throw damaged(where(), "more follows than can have been on its way to the disk");
    }
    const std::string torn = reader.rest(kMostTorn);
    if (has_checkpoint(torn)) throw damaged(where(), "a signed checkpoint follows what is broken");
    Sm3 sm3;
    sm3.add(torn);
    found_.opened.cut_bytes = torn.size();
    found_.opened.cut_digest = sm3.finish();
    std::ofstream copy(folder_.torn_file(found_.segment, found_.offset), std::ios::binary);
    copy << torn;  // for whoever is curious: no promise is bound to it
  }

  // A checkpoint is written once everything before it is durable: behind a break there is none.
  bool has_checkpoint(std::string_view bytes) const {
    Frame frame;
    for (; bytes.size() >= kFrameOverhead; bytes.remove_prefix(1)) {
      if (frame_length(bytes) != kCheckpointFrame) continue;
      if (!read_frame(bytes, frame) || !frame.intact) continue;
      const auto mark = checkpoint_mark(frame.body);
      if (frame.kind == FrameKind::kCheckpoint && mark && is_signed_by(frame, *mark, key_))
        return true;
    }
    return false;
  }

  const SegmentFolder& folder_;
  const std::string& node_;
  const CheckingKey& key_;
  LogEnd found_{};
  std::uint64_t last_signed_ = 0;
};

}  // namespace

std::optional<LogEnd> find_log_end(const SegmentFolder& folder, const std::string& node,
                                   const CheckingKey& key, std::uint64_t anchored) {
  const auto segments = folder.segments();
  std::optional<LogEnd> end;
  if (!segments.empty()) end = EndFinder(folder, node, key).find(segments.back());
  const std::uint64_t last = end ? end->chain.number : 0;
  if (anchored > last) {
    throw damaged(folder.path(), "it ends with frame " + std::to_string(last) +
                                     ", and the second place knows of frame " +
                                     std::to_string(anchored));
  }
  return end;
}

}  // namespace certbridge::host
