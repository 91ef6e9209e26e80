#include "access/records/access_log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "access/records/access_index.h"
#include "access/records/access_writer.h"
#include "access/records/anchor_file.h"
#include "access/records/disk_error.h"
#include "access/records/holder_keys.h"
#include "access/records/personal_parts.h"
#include "journal/keyring.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::seconds kAnchorAgain{2};

Key key_of(const std::string& bytes) {
  if (bytes.size() != std::tuple_size_v<Key>) {
    throw Failure(Error::fault("access.key", "the master key has no 32 bytes"));
  }
  Key key{};
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

SignatureKey signing_key(const std::string& bytes) {
  auto key = SignatureKey::from_bytes(bytes);
  if (!key) throw Failure(key.error());
  return std::move(key).value();
}

// Keys are kept where they are wiped, and nowhere else.
AccessLogSettings without_keys(AccessLogSettings settings) {
  settings.signing_key.clear();
  settings.master_key.clear();
  return settings;
}

// Each level that is missing; their names are on the disk when it returns.
void make_folder(const std::filesystem::path& path) {
  if (path.empty() || std::filesystem::exists(path)) return;
  make_folder(path.parent_path());
  if (::mkdir(path.c_str(), 0700) != 0) {
    throw Failure(Error::fault("access.failed", disk_error(path.string()).error().message));
  }
  sync_access_folder(path.parent_path().string());
}

// Held by flock while a process writes the log.
class LogLock {
 public:
  explicit LogLock(const SegmentFolder& folder) {
    make_folder(folder.path());
    file_ = ::open(folder.lock_file().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file_ < 0)
      throw Failure(Error::fault("access.failed", disk_error(folder.path()).error().message));
    if (::flock(file_, LOCK_EX | LOCK_NB) == 0) return;
    ::close(file_);
    throw Failure(Error::fault("access.in_use",
                               "another process writes the access records in " + folder.path()));
  }
  ~LogLock() { ::close(file_); }
  LogLock(const LogLock&) = delete;
  LogLock& operator=(const LogLock&) = delete;

 private:
  int file_ = -1;
};

}  // namespace

class AccessLog::Parts {
 public:
  explicit Parts(const AccessLogSettings& settings)
      : settings_(without_keys(settings)),
        folder_(settings.folder),
        lock_(folder_),
        signing_key_(signing_key(settings.signing_key)),
        master_(key_of(settings.master_key)),
        index_key_(access_index_key(master_)),
        keys_(folder_, settings.node, master_, settings.suite),
        anchors_(settings.anchor_folder.empty()
                     ? nullptr
                     : std::make_unique<AnchorFollower>(settings.anchor_folder, kAnchorAgain)),
        writer_(settings_, signing_key_, anchors_.get()) {}
  ~Parts() {
    close();
    wipe(master_);
    wipe(index_key_);
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  void start() {
    const std::uint64_t anchored =
        settings_.anchor_folder.empty() ? 0 : last_anchored(settings_.anchor_folder);
    writer_.start(find_log_end(folder_, settings_.node, signing_key_.public_key(), anchored));
  }

  Result<AccessPlace> append(const AccessRecord& record) {
    if (const auto fits = check_size(record); !fits) return fits.error();
    const std::string month = month_of(settings_.clock->now());
    return writer_.append(encode(seal_record(record, settings_.node, month, index_key_, keys_)));
  }

  // The record names nobody: it would keep what is to be forgotten.
  Result<std::uint64_t> destroy_personal(const std::string& holder, AccessRecord why) {
    const HolderKeys found = keys_of_holder(folder_, settings_.node, keys_, holder);
    if (holder.empty() || found.keys.empty()) {
      return Error::permanent("access.no_such_holder", "no access record is of this holder");
    }
    why.kind = AccessKind::kKeysDestroyed;
    why.decision = AccessDecision::kAllowed;
    why.holder.clear();
    if (why.refers_to == 0) why.refers_to = found.first;
    why.result = std::to_string(found.records) + " records";
    why.asked = why.decided = settings_.clock->now();
    if (const auto recorded = append(why); !recorded) return recorded.error();
    for (const KeyPlace& key : found.keys) keys_.destroy(key);
    forget_access_index(folder_.path());
    return found.records;
  }

  AccessFigures figures() const {
    AccessFigures figures = writer_.figures();
    if (anchors_ == nullptr) return figures;
    figures.anchored_number = anchors_->anchored();
    const std::optional<Error> trouble = anchors_->trouble();
    figures.anchor_trouble = trouble ? trouble->code : std::string();
    figures.anchor_reason = trouble ? trouble->message : std::string();
    return figures;
  }

  void close() {
    writer_.stop();
    if (anchors_ != nullptr) anchors_->stop();
  }

 private:
  AccessLogSettings settings_;
  SegmentFolder folder_;
  LogLock lock_;
  SignatureKey signing_key_;
  Key master_;
  Key index_key_;
  PersonalKeys keys_;
  std::unique_ptr<AnchorFollower> anchors_;
  AccessWriter writer_;
};

AccessLog::AccessLog(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
AccessLog::~AccessLog() = default;

Result<std::unique_ptr<AccessLog>> AccessLog::open(const AccessLogSettings& settings) {
  try {
    auto parts = std::make_unique<Parts>(settings);
    parts->start();
    return std::unique_ptr<AccessLog>(new AccessLog(std::move(parts)));
  } catch (const Failure& failure) {
    return failure.error();
  }
}

Result<AccessPlace> AccessLog::append(const AccessRecord& record) {
  try {
    return parts_->append(record);
  } catch (const Failure& failure) {
    return failure.error();
  }
}

Result<std::uint64_t> AccessLog::destroy_personal(const std::string& holder,
                                                  const AccessRecord& why) {
  try {
    return parts_->destroy_personal(holder, why);
  } catch (const Failure& failure) {
    return failure.error();
  }
}

AccessFigures AccessLog::figures() const { return parts_->figures(); }
void AccessLog::close() { parts_->close(); }

}  // namespace certbridge::host
