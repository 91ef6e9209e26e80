#include "access/records/verify_log.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "access/records/anchor_stream.h"
#include "access/records/frame_reader.h"
#include "access/records/marks.h"
#include "access/records/record_body.h"
#include "access/records/renewal.h"
#include "access/records/segment_folder.h"
#include "journal/failure.h"
#include "journal/seeded_fault.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostFindings = 100;

std::string numbered(std::uint64_t first, std::uint64_t last) {
  return first == last ? "frame " + std::to_string(first) + " is"
                       : "frames " + std::to_string(first) + " to " + std::to_string(last) + " are";
}

class LogVerifier {
 public:
  LogVerifier(const SegmentFolder& folder, const std::vector<CheckingKey>& keys,
              std::vector<std::string> anchors)
      : folder_(folder), keys_(keys), anchors_(std::move(anchors)) {}

  AccessVerification verify() {
    const auto segments = folder_.segments();
    anchor_ = anchors_.next();
    read_all_renewals();
    for (const std::string& segment : segments) {
      verify_segment(segment, segment == segments.back());
      before_ = segment;
    }
    compare_anchors_up_to(UINT64_MAX);
    found_.segments = segments.size();
    found_.last_number = chain_.number;
    found_.unsigned_frames = chain_.number - std::min(chain_.number, found_.signed_number);
    return std::move(found_);
  }

 private:
  void say(const std::string& file, std::uint64_t at, const std::string& what) {
    if (found_.findings.size() < kMostFindings) {
      found_.findings.push_back({file, at, what});
    } else {
      ++found_.more_findings;
    }
  }
  void say(std::uint64_t offset, const std::string& what) {
    clean_ = false;
    say(segment_, offset, what);
  }
  void say(const Frame& frame, const std::string& what) {
    say(frame.offset, "frame " + std::to_string(frame.number) + " " + what);
  }

  void read_all_renewals() {
    std::vector<std::pair<std::string, std::string>> refused;
    renewals_ = read_renewals(folder_, keys_, refused);
    for (const auto& [file, reason] : refused)
      say(file, 0, "the renewal counts for nothing: " + reason);
  }

  // Whether a renewal vouches for this segment; says so where it is not as it was then.
  bool is_renewed(const std::string& segment) {
    bool vouched = false;
    std::optional<RenewedSegment> now;
    for (const Renewal& renewal : renewals_) {
      for (const RenewedSegment& then : renewal.segments) {
        if (then.name != segment) continue;
        if (!now) now = renewed_or_nothing(segment);
        const bool same = now->sm3 == then.sm3 && now->sha256 == then.sha256 &&
                          now->bytes == then.bytes && now->last_hash == then.last_hash;
        vouched = vouched || same;
        if (!same)
          say(renewal.file, 0, "segment " + segment + " is not as it was when it was signed anew");
      }
    }
    return vouched;
  }

  RenewedSegment renewed_or_nothing(const std::string& segment) const {
    try {
      return renewed(folder_, segment);
    } catch (const Failure&) {
      return {};  // damaged: said where it is read
    }
  }

  // Earlier segments lie in an archive: a renewal knows where they end.
  bool continues_archived(const Frame& frame) {
    for (const Renewal& renewal : renewals_) {
      for (const RenewedSegment& then : renewal.segments) {
        if (then.last + 1 != frame.number || then.last_hash != frame.previous) continue;
        before_ = then.name;
        archived_ = then.last;
        found_.remarks.push_back("frames 1 to " + std::to_string(then.last) +
                                 " are not here: they were archived");
        return true;
      }
    }
    return false;
  }

  void verify_segment(const std::string& segment, bool is_last) {
    segment_ = segment;
    is_vouched_ = is_renewed(segment);
    is_first_frame_ = true;
    last_kind_ = FrameKind::kSegment;
    FrameReader reader(folder_.segment_file(segment));
    Frame frame;
    for (FrameReading reading = reader.next(frame);; reading = reader.next(frame)) {
      // A host may have been writing it: once more.
      if (reading == FrameReading::kBroken) reading = reader.next(frame);
      if (reading == FrameReading::kEnd && reader.rest_size() > 0) {
        reading = FrameReading::kBroken;
      }
      if (reading != FrameReading::kFrame) {
        end_segment(reader, reading, is_last);
        return;
      }
      verify_frame(frame);
    }
  }

  void end_segment(FrameReader& reader, FrameReading reading, bool is_last) {
    if (reading == FrameReading::kBroken) {
      say(reader.offset(), std::to_string(reader.rest_size()) +
                               " bytes are no frame: changed, or cut off while it was written");
      is_lost_ = true;
      is_count_lost_ = true;
      return;
    }
    if (is_first_frame_) say(0, "the segment is empty");
    if (!is_last && last_kind_ != FrameKind::kCheckpoint) {
      say(reader.offset(), "the segment does not end with a checkpoint: its end was cut off");
    }
  }

  void verify_frame(const Frame& frame) {
    ++found_.frames;
    if (frame.intact) {
      verify_whole(frame);
      chain_.number = frame.number;
      chain_.time = std::max(chain_.time, frame.time);
    } else {
      // What it says of itself is not believed.
      say(frame.offset, "frame " + std::to_string(chain_.number + 1) +
                            " was changed: its digest is not that of its bytes");
      chain_.number += 1;
      is_count_lost_ = true;
    }
    chain_.hash = frame.hash;
    is_first_frame_ = false;
    is_lost_ = false;
    last_kind_ = frame.kind;
  }

  void verify_whole(const Frame& frame) {
    verify_chain(frame);
    if (is_first_frame_ != (frame.kind == FrameKind::kSegment)) {
      say(frame, is_first_frame_ ? "is not the first of a segment"
                                 : "begins a segment within another one");
    }
    verify_body(frame);
    compare_anchors_up_to(frame.number);
    compare_anchor(frame);
  }

  // What an earlier finding has lost is not found missing again.
  void verify_chain(const Frame& frame) {
    if (frame.time < chain_.time) say(frame, "is older than the frame before it");
    if (is_lost_) return;
    const std::uint64_t expected = chain_.number + 1;
    if (found_.frames == 1 && frame.number > 1 && continues_archived(frame)) {
      is_count_lost_ = true;
    } else if (frame.number > expected) {
      is_count_lost_ = true;
      say(frame.offset, numbered(expected, frame.number - 1) + " missing before frame " +
                            std::to_string(frame.number));
    } else if (frame.number < expected) {
      say(frame, "stands behind frame " + std::to_string(expected - 1) +
                     ": repeated, or in another order");
    } else if (frame.previous != chain_.hash && !seeded_fault("broken_chain_accepted")) {
      say(frame, "does not continue the frame before it: one of them was changed");
    }
  }

  void verify_body(const Frame& frame) {
    switch (frame.kind) {
      case FrameKind::kSegment:
        return verify_segment_mark(frame);
      case FrameKind::kRecord:
        ++chain_.records;
        ++found_.records;
        if (!decode_record_body(frame.body)) say(frame, "is no access record");
        return;
      case FrameKind::kCheckpoint:
        return verify_checkpoint(frame);
      case FrameKind::kOpened:
        return note_opened(frame);
    }
  }

  void verify_segment_mark(const Frame& frame) {
    const auto mark = segment_mark(frame.body);
    if (!mark) return say(frame, "is not the beginning of a segment of this format");
    if (node_.empty()) node_ = mark->node;
    if (mark->node != node_) say(frame, "is of node " + mark->node + ", not of " + node_);
    if (mark->segment != segment_) say(frame, "begins segment " + mark->segment);
    if (!is_lost_ && mark->before != before_) {
      say(frame, "continues segment `" + mark->before + "`, not `" + before_ + "`");
    }
    verify_count(frame, mark->records);
  }

  void verify_count(const Frame& frame, std::uint64_t records) {
    if (std::exchange(is_count_lost_, false)) chain_.records = records;
    if (records == chain_.records) return;
    say(frame, "counts other records than there are");
    chain_.records = records;
  }

  void verify_checkpoint(const Frame& frame) {
    ++found_.checkpoints;
    const auto mark = checkpoint_mark(frame.body);
    if (!mark) return say(frame, "is no checkpoint of this format");
    verify_count(frame, mark->records);
    if (!is_signed(frame, *mark)) return;
    // A later checkpoint does not mend what was found before it.
    if (!clean_) return;
    found_.signed_number = frame.number;
    found_.signed_until = frame.time;
  }

  bool is_signed(const Frame& frame, const CheckpointMark& mark) {
    const auto key = std::find_if(keys_.begin(), keys_.end(),
                                  [&](const CheckingKey& given) { return given.id() == mark.key; });
    if (key == keys_.end() && is_vouched_) return true;
    if (key == keys_.end()) {
      say(frame, "is signed with a key that was not given");
      return false;
    }
    if (is_signed_by(frame, mark, *key)) return true;
    say(frame,
        "has no valid signature: the records since the checkpoint before, or it, were changed");
    return false;
  }

  void note_opened(const Frame& frame) {
    const auto mark = opened_mark(frame.body);
    if (!mark) return say(frame, "is no note of a start");
    if (mark->unsigned_frames == 0 && mark->cut_bytes == 0) return;
    found_.remarks.push_back(
        "frame " + std::to_string(frame.number) + ": the start after a crash found " +
        std::to_string(mark->unsigned_frames) + " frames not signed yet, and cut off " +
        std::to_string(mark->cut_bytes) + " bytes that were no whole frame");
  }

  bool anchor_is_signed(const PlacedAnchor& anchor) const {
    const auto mark = checkpoint_mark(anchor.frame.body);
    return mark && std::any_of(keys_.begin(), keys_.end(), [&](const CheckingKey& key) {
             return key.id() == mark->key && is_signed_by(anchor.frame, *mark, key);
           });
  }

  void say_of(const PlacedAnchor& anchor, const std::string& what) {
    say(anchor.file, anchor.line, what);
  }

  // Those that the log has no frame for; false at the first that is not before `number`.
  void compare_anchors_up_to(std::uint64_t number) {
    std::uint64_t beyond = 0;
    std::optional<PlacedAnchor> last;
    for (; anchor_ && (anchor_->damaged || anchor_->frame.number < number);
         anchor_ = anchors_.next()) {
      if (anchor_->damaged) {
        say_of(*anchor_, "the line is no anchor, or not behind the one before it");
      } else if (anchor_->frame.number <= archived_) {
        continue;
      } else if (!anchor_is_signed(*anchor_)) {
        say_of(*anchor_, "the anchor has no valid signature of a key that was given");
      } else {
        ++beyond;
        last = anchor_;
      }
    }
    if (beyond == 0) return;
    say_of(*last, "the log has no frame " + std::to_string(last->frame.number) +
                      ", which an anchor knows" +
                      (number == UINT64_MAX ? ": its end was cut off" : ""));
  }

  void compare_anchor(const Frame& frame) {
    if (!anchor_ || anchor_->damaged || anchor_->frame.number != frame.number) return;
    if (anchor_->frame.hash != frame.hash) {
      say_of(*anchor_, anchor_is_signed(*anchor_)
                           ? "frame " + std::to_string(frame.number) +
                                 " of the log is not the checkpoint that the anchor knows"
                           : "the anchor has no valid signature of a key that was given");
    } else {
      ++found_.anchors;
      found_.anchored_number = frame.number;
    }
    anchor_ = anchors_.next();
  }

  const SegmentFolder& folder_;
  const std::vector<CheckingKey>& keys_;
  AnchorStream anchors_;
  std::vector<Renewal> renewals_{};
  std::optional<PlacedAnchor> anchor_{};
  AccessVerification found_{};
  ChainEnd chain_{};
  std::string node_{};
  std::string segment_{};
  std::string before_{};
  FrameKind last_kind_ = FrameKind::kSegment;
  bool is_first_frame_ = true;
  std::uint64_t archived_ = 0;  // frames up to it lie in an archive
  bool is_vouched_ = false;     // a renewal signs this segment
  bool is_lost_ = false;        // behind something unreadable, until the next frame
  bool is_count_lost_ = false;  // likewise, until the next frame that counts records
  bool clean_ = true;           // no finding in the log so far
};

}  // namespace

Result<AccessVerification> verify_access_log(const std::string& folder,
                                             const std::vector<CheckingKey>& keys,
                                             std::vector<std::string> anchors) {
  const SegmentFolder segments(folder);
  if (segments.segments().empty()) {
    return Error::permanent("access.no_log", folder + " holds no access records (*.records)");
  }
  try {
    return LogVerifier(segments, keys, std::move(anchors)).verify();
  } catch (const Failure& failure) {
    return failure.error();
  }
}

}  // namespace certbridge::host
