#include "access/records/access_reader.h"

#include <algorithm>

#include "access/records/frame_reader.h"
#include "access/records/opened_access.h"
#include "journal/failure.h"

namespace certbridge::host {
namespace {

Error no_such_record(std::uint64_t number) {
  return Error::permanent("access.no_such_record",
                          "no access record has the number " + std::to_string(number));
}

}  // namespace

class AccessReader::Parts {
 public:
  Parts(const std::string& folder, std::string node, const Key& master)
      : folder_(folder), node_(node), keys_(folder_, std::move(node), master, Suite::kAes256Gcm) {}

  using Visit = std::function<bool(const ReadAccess&)>;

  void each(std::uint64_t from, const Visit& visit) const {
    each_fitting([from](const Frame& frame) { return frame.number >= from; }, visit);
  }
  void each_since(Timestamp from, const Visit& visit) const {
    each_fitting([from](const Frame& frame) { return frame.time >= from; }, visit);
  }

 private:
  // `fits` is false up to some frame and true from there on.
  template <class Fits>
  void each_fitting(const Fits& fits, const Visit& visit) const {
    const auto segments = folder_.segments();
    for (auto at = first_of(segments, fits); at != segments.end(); ++at) {
      FrameReader reader(folder_.segment_file(*at));
      Frame frame;
      while (reader.next(frame) == FrameReading::kFrame) {
        if (frame.kind != FrameKind::kRecord || !fits(frame)) continue;
        if (!visit(opened_access(*at, frame, node_, keys_))) return;
      }
    }
  }

  // The last segment whose first frame does not fit: what fits begins in it or behind it.
  template <class Fits>
  std::vector<std::string>::const_iterator first_of(const std::vector<std::string>& segments,
                                                    const Fits& fits) const {
    auto at = segments.begin();
    for (auto next = at; next != segments.end() && !begins_fitting(*next, fits); ++next) at = next;
    return at;
  }

  template <class Fits>
  bool begins_fitting(const std::string& segment, const Fits& fits) const {
    FrameReader reader(folder_.segment_file(segment));
    Frame frame;
    return reader.next(frame) != FrameReading::kFrame || fits(frame);
  }

  SegmentFolder folder_;
  std::string node_;
  PersonalKeys keys_;
};

AccessReader::AccessReader(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
AccessReader::~AccessReader() = default;

Result<std::unique_ptr<AccessReader>> AccessReader::open(const std::string& folder,
                                                         const std::string& node,
                                                         const std::string& master_key) {
  Key master{};
  if (master_key.size() != master.size()) {
    return Error::fault("access.key", "the master key has no 32 bytes");
  }
  std::copy(master_key.begin(), master_key.end(), master.begin());
  return std::unique_ptr<AccessReader>(
      new AccessReader(std::make_unique<Parts>(folder, node, master)));
}

Result<void> AccessReader::each(std::uint64_t from,
                                const std::function<bool(const ReadAccess&)>& visit) const {
  try {
    parts_->each(from, visit);
    return {};
  } catch (const Failure& failure) {
    return failure.error();
  }
}

Result<void> AccessReader::each_since(Timestamp from,
                                      const std::function<bool(const ReadAccess&)>& visit) const {
  try {
    parts_->each_since(from, visit);
    return {};
  } catch (const Failure& failure) {
    return failure.error();
  }
}

Result<ReadAccess> AccessReader::record(std::uint64_t number) const {
  std::optional<ReadAccess> found;
  const auto read = each(number, [&](const ReadAccess& access) {
    if (access.place.number == number) found = access;
    return false;
  });
  if (!read) return read.error();
  if (!found) return no_such_record(number);
  return *found;
}

}  // namespace certbridge::host
