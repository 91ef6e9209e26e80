#include "access_crash.h"

#include <map>
#include <sstream>

#include "access/records/access_reader.h"
#include "access/records/anchor_file.h"
#include "access/records/verify_log.h"
#include "access_sample.h"
#include "crash_support.h"

namespace certbridge::host::crash {
namespace {

struct Promise {
  int index = 0;
  std::string hash{};
};

std::map<std::uint64_t, Promise> promises_of(const std::vector<std::string>& acknowledged) {
  std::map<std::uint64_t, Promise> promises;
  for (const std::string& line : acknowledged) {
    std::istringstream words(line);
    std::string recorded;
    std::uint64_t number = 0;
    Promise promise;
    words >> recorded >> promise.index >> number >> promise.hash;
    promises[number] = promise;
  }
  return promises;
}

std::vector<std::string> verified(const AccessLogSettings& settings) {
  const auto key = SignatureKey::from_bytes(settings.signing_key);
  const auto found = verify_access_log(settings.folder, {key.value().public_key()},
                                       anchor_files(settings.anchor_folder));
  if (!found) return {found.error().message};
  std::vector<std::string> wrong;
  for (const AccessFinding& finding : found.value().findings) {
    wrong.push_back(finding.file + " at " + std::to_string(finding.at) + ": " + finding.what);
  }
  if (found.value().unsigned_frames > 0) wrong.push_back("the end is not signed");
  return wrong;
}

}  // namespace

AccessLogSettings access_settings(const std::string& folder, const Clock& clock) {
  AccessLogSettings settings;
  settings.folder = folder + "/test-1";
  settings.node = "test-1";
  settings.anchor_folder = folder + "/second/test-1";
  settings.signing_key = std::string(31, '\x21') + "k";
  settings.master_key = std::string(32, 'm');
  settings.clock = &clock;
  settings.checkpoint_after = std::chrono::milliseconds(5);
  settings.frames_per_checkpoint = 7;
  settings.segment_bytes = 16 << 10;
  settings.room_bytes = 8 << 10;
  return settings;
}

std::vector<std::string> check_access_log(const std::string& folder,
                                          const std::vector<std::string>& acknowledged) {
  const SystemClock clock;
  const AccessLogSettings settings = access_settings(folder, clock);
  const auto log = AccessLog::open(settings);
  if (!log) return {"the log does not open: " + log.error().message};
  log.value()->close();
  std::vector<std::string> wrong = verified(settings);
  auto promises = promises_of(acknowledged);
  const auto reader = AccessReader::open(settings.folder, settings.node, settings.master_key);
  const auto read = reader.value()->each(1, [&](const ReadAccess& access) {
    const auto promise = promises.extract(access.place.number);
    if (promise.empty()) return true;
    const AccessRecord sent = access_test::record_of(promise.mapped().index);
    if (to_hex(access.place.hash) != promise.mapped().hash || access.record.person != sent.person ||
        access.record.inputs != sent.inputs || access.record.holder != sent.holder) {
      wrong.push_back("record " + std::to_string(access.place.number) + " is another one");
    }
    return true;
  });
  if (!read) wrong.push_back("the records cannot be read: " + read.error().message);
  for (const auto& [number, promise] : promises) {
    wrong.push_back("record " + std::to_string(number) + " was acknowledged and is lost");
  }
  return wrong;
}

}  // namespace certbridge::host::crash
