#include "access/records/holder_keys.h"

#include "access/records/frame_reader.h"
#include "access/records/holder_code.h"
#include "access/records/personal_parts.h"
#include "journal/failure.h"

namespace certbridge::host {

HolderKeys keys_of_holder(const SegmentFolder& folder, const std::string& node,
                          const PersonalKeys& keys, const std::string& holder) {
  HolderKeys found;
  const std::string wanted = comparable_code(holder);
  for (const std::string& segment : folder.segments()) {
    FrameReader reader(folder.segment_file(segment));
    Frame frame;
    while (reader.next(frame) == FrameReading::kFrame) {
      if (frame.kind != FrameKind::kRecord) continue;
      const auto body = decode_record_body(frame.body);
      if (!body) throw Failure(body.error());
      if (comparable_code(open_record(body.value(), node, keys).record.holder) != wanted) continue;
      found.keys.insert(body.value().about.key);
      ++found.records;
      if (found.first == 0) found.first = frame.number;
    }
  }
  return found;
}

}  // namespace certbridge::host
