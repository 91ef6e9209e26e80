#include "access/records/access_source.h"

#include <algorithm>

#include "access/records/frame_reader.h"
#include "access/records/opened_access.h"
#include "journal/failure.h"

namespace certbridge::host {

std::vector<std::string> access_digests(const Key& index_key, const AccessRecord& record) {
  std::vector<std::string> digests;
  const auto add = [&](AccessTerm kind, const std::string& value) {
    if (!value.empty()) digests.push_back(access_digest(index_key, kind, value));
  };
  add(AccessTerm::kPerson, record.person);
  add(AccessTerm::kHolder, record.holder);
  add(AccessTerm::kCertificate, record.certificate_number);
  if (record.certificate != record.certificate_number) {
    add(AccessTerm::kCertificate, record.certificate);
  }
  add(AccessTerm::kCase, record.ground);
  if (record.kind == AccessKind::kObjection || record.kind == AccessKind::kComplaint ||
      record.kind == AccessKind::kObjectionStep) {
    add(AccessTerm::kKind, kObjectionTerm);
  }
  return digests;
}

AccessSource::AccessSource(const SegmentFolder& folder, const std::string& node, const Key& master,
                           const std::string& index_folder)
    : folder_(folder),
      node_(node),
      index_key_(access_index_key(master)),
      keys_(folder, node, master, Suite::kAes256Gcm),
      places_(folder, index_folder) {}

AccessSource::~AccessSource() { wipe(index_key_); }

std::string AccessSource::digest(const SearchTerm&) const { return {}; }

std::string AccessSource::identity() const {
  return keyed_digest(Suite::kSm4CtrHmacSm3, index_key_, "access index of " + node_).substr(0, 16);
}

Result<std::int64_t> AccessSource::newest() {
  try {
    return static_cast<std::int64_t>(places_.update());
  } catch (const Failure& failure) {
    return failure.error();
  }
}

std::optional<Frame> AccessSource::frame_at(const FramePlace& place, std::uint64_t number) const {
  FrameReader reader(folder_.segment_file(place.segment), place.offset);
  Frame frame;
  if (reader.next(frame) != FrameReading::kFrame || frame.number != number) return {};
  return frame;
}

std::optional<ReadAccess> AccessSource::record(std::uint64_t number) {
  auto place = places_.of(number);
  if (!place) return {};
  auto frame = frame_at(*place, number);
  if (!frame) {
    places_.forget(place->segment);
    places_.update();
    place = places_.of(number);
    frame = place ? frame_at(*place, number) : std::nullopt;
  }
  if (!frame || frame->kind != FrameKind::kRecord) return {};
  return opened_access(place->segment, *frame, node_, keys_);
}

Result<std::vector<SearchEntry>> AccessSource::entries(const NumberRange& range,
                                                       std::size_t limit) {
  try {
    std::vector<SearchEntry> found;
    const auto last = std::min(range.high, static_cast<std::int64_t>(places_.update()));
    auto number = static_cast<std::uint64_t>(range.low);
    while (static_cast<std::int64_t>(number) <= last && found.size() < limit) {
      const auto place = places_.of(number);
      if (!place) {  // before the first segment that is there
        ++number;
        continue;
      }
      const std::uint64_t began = number;
      FrameReader reader(folder_.segment_file(place->segment), place->offset);
      Frame frame;
      while (found.size() < limit && static_cast<std::int64_t>(number) <= last &&
             reader.next(frame) == FrameReading::kFrame && frame.number == number) {
        ++number;
        if (frame.kind != FrameKind::kRecord) continue;
        const ReadAccess read = opened_access(place->segment, frame, node_, keys_);
        found.push_back({static_cast<std::int64_t>(frame.number), frame.time,
                         access_digests(index_key_, read.record)});
      }
      if (number == began) ++number;  // what is damaged there is the verifier's business
    }
    return found;
  } catch (const Failure& failure) {
    return failure.error();
  }
}

Result<std::vector<std::int64_t>> AccessSource::numbers(const SearchFilter&, const NumberRange&,
                                                        std::size_t) {
  return std::vector<std::int64_t>{};
}
Result<std::vector<FoundMessage>> AccessSource::fitting(const std::vector<std::int64_t>&,
                                                        const SearchFilter&, std::size_t) {
  return std::vector<FoundMessage>{};
}

}  // namespace certbridge::host
