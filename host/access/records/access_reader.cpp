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

  void each(std::uint64_t from, const std::function<bool(const ReadAccess&)>& visit) const {
    const auto segments = folder_.segments();
    for (auto at = first_of(segments, from); at != segments.end(); ++at) {
      FrameReader reader(folder_.segment_file(*at));
      Frame frame;
      while (reader.next(frame) == FrameReading::kFrame) {
        if (frame.kind != FrameKind::kRecord || frame.number < from) continue;
        if (!visit(opened_access(*at, frame, node_, keys_))) return;
      }
    }
  }

  std::uint64_t begin_of(Timestamp from) const {
    std::uint64_t number = 1;
    for (const std::string& segment : folder_.segments()) {
      FrameReader reader(folder_.segment_file(segment));
      Frame frame;
      if (reader.next(frame) != FrameReading::kFrame || frame.time > from) break;
      number = frame.number;
    }
    return number;
  }

 private:
  // The last segment that does not begin behind that number.
  std::vector<std::string>::const_iterator first_of(const std::vector<std::string>& segments,
                                                    std::uint64_t number) const {
    auto at = segments.begin();
    for (auto next = at; next != segments.end() && begins(*next) <= number; ++next) at = next;
    return at;
  }

  std::uint64_t begins(const std::string& segment) const {
    FrameReader reader(folder_.segment_file(segment));
    Frame frame;
    return reader.next(frame) == FrameReading::kFrame ? frame.number : UINT64_MAX;
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

Result<std::uint64_t> AccessReader::begin_of(Timestamp from) const {
  try {
    return parts_->begin_of(from);
  } catch (const Failure& failure) {
    return failure.error();
  }
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
