// Frames of the access log and their bodies: what is read is written the same, to the byte.
#include "access/records/frame.h"
#include "access/records/marks.h"
#include "access/records/record_body.h"
#include "fuzz.h"

namespace certbridge::fuzz {
namespace {

using namespace host;

RecordBody sample_body() {
  RecordBody body;
  body.record.system = "window";
  body.record.purpose = "registration";
  body.record.sources = {{"library", "found"}};
  body.record.disclosed = {"holder", "location"};
  body.who.bytes = std::string(40, 'w');
  body.about.bytes = std::string(80, 'a');
  return body;
}

void check_body(std::string_view body, std::string_view input) {
  const auto record = decode_record_body(body);
  if (record.ok()) {
    require(encode(record.value()) == body, "a record has one form");
  } else {
    require_refusal(record.error(), input);
  }
  if (const auto mark = segment_mark(body))
    require(encode(*mark) == body, "a segment's mark has one form");
  if (const auto mark = opened_mark(body))
    require(encode(*mark) == body, "the note of a start has one form");
  if (const auto mark = checkpoint_mark(body)) {
    require(mark->signature.size() == kSignatureBytes, "a checkpoint has a signature");
  }
}

}  // namespace

std::vector<std::string> samples() {
  ChainEnd end;
  std::vector<std::string> frames;
  frames.push_back(make_frame(end, FrameKind::kSegment, Timestamp(),
                              encode(SegmentMark{"n", "2026-11-0001", "", 0})));
  frames.push_back(make_frame(end, FrameKind::kRecord, Timestamp(), encode(sample_body())));
  frames.push_back(make_frame(end, FrameKind::kOpened, Timestamp(), encode(OpenedMark{1, 2, {}})));
  frames.push_back(make_frame(end, FrameKind::kCheckpoint, Timestamp(), std::string(80, 'c')));
  frames.push_back(encode(sample_body()));
  return frames;
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::host;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  check_body(input, input);
  Frame frame;
  if (!read_frame(input, frame)) return 0;
  require(frame.length <= input.size() && frame.length == kFrameOverhead + frame.body.size(),
          "a frame has the length that it states");
  check_body(frame.body, input);
  ChainEnd end{frame.number - 1, 0, frame.time, frame.previous};
  const std::string written = make_frame(end, frame.kind, frame.time, frame.body);
  require((written == input.substr(0, frame.length)) == frame.intact,
          "an intact frame has one form");
  return 0;
}
