#include "access/records/personal_keys.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <filesystem>

#include "access/records/disk_error.h"
#include "access/records/segment_file.h"
#include "certbridge/bytes.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kRow = 96;
constexpr std::size_t kRowHead = 4;  // state, suite, zeros
constexpr std::uint8_t kThere = 1;
constexpr std::uint8_t kDestroyed = 2;
constexpr std::uint32_t kSupply = 256;
constexpr std::size_t kLowSupply = 128;  // then more are made, while the others are given away
constexpr std::size_t kMostRemembered = 65'536;
constexpr std::string_view kHead = "CBAK\1";  // in place of row 0

class OpenFile {
 public:
  OpenFile(const std::string& path, int flags)
      : file_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~OpenFile() {
    if (file_ >= 0) ::close(file_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int handle() const { return file_; }

 private:
  int file_;
};

std::string month_text(std::uint32_t month) {
  const std::string digits = std::to_string(month);
  return digits.size() == 6 ? digits.substr(0, 4) + "-" + digits.substr(4) : "0000-00";
}

std::uint32_t month_number(const std::string& month) {
  return static_cast<std::uint32_t>(std::stoul(month.substr(0, 4) + month.substr(5)));
}

Failure no_such_key() {
  return Failure(Error::fault("access.damaged",
                              "a key of personal parts is not in its file; lay the .keys files of "
                              "these records beside them"));
}

}  // namespace

PersonalKeys::PersonalKeys(SegmentFolder folder, std::string node, const Key& master, Suite suite)
    : folder_(std::move(folder)),
      node_(std::move(node)),
      wrap_(derive_key(Suite::kSm4CtrHmacSm3, master, "certbridge access wrap")),
      suite_(suite) {}

PersonalKeys::~PersonalKeys() {
  wipe(wrap_);
  for (auto& [subject, key] : used_) wipe(key.key);
  for (auto& [slot, key] : supply_) wipe(key);
}

std::string PersonalKeys::place_text(const KeyPlace& place) const {
  return "access key|" + node_ + "|" + month_text(place.month) + "|" + std::to_string(place.slot);
}

std::string PersonalKeys::row_of(const KeyPlace& place, const Key& key) const {
  const std::string nonce = new_nonce(suite_);
  const std::string plain(key.begin(), key.end());
  std::string row{static_cast<char>(kThere), static_cast<char>(suite_), '\0', '\0'};
  row += nonce + encrypt(suite_, wrap_, nonce, place_text(place), plain);
  row.resize(kRow, '\0');
  return row;
}

std::optional<Key> PersonalKeys::key_in(const std::string& row, const KeyPlace& place) const {
  if (row.size() != kRow) throw no_such_key();
  const auto state = static_cast<std::uint8_t>(row[0]);
  const auto suite_number = static_cast<std::uint8_t>(row[1]);
  if (state == kDestroyed) return {};
  if (state != kThere || !is_suite(suite_number)) throw no_such_key();
  const auto suite = static_cast<Suite>(suite_number);
  const std::size_t nonce = nonce_size(suite);
  std::string plain;
  const std::string_view sealed = std::string_view(row).substr(kRowHead);
  if (!decrypt(suite, wrap_, sealed.substr(0, nonce), place_text(place),
               sealed.substr(nonce, 32 + tag_size(suite)), plain)) {
    throw Failure(Error::fault("access.wrong_key",
                               "the keys of personal parts were not written under this master key, "
                               "or their file was changed"));
  }
  Key key{};
  std::copy(plain.begin(), plain.end(), key.begin());
  return key;
}

// What an earlier process had in supply stays unused: nobody knows what it gave away.
PersonalKeys::Supply PersonalKeys::make_supply(const std::string& month) const {
  const std::string path = folder_.keys_file(month);
  const bool is_new = !std::filesystem::exists(path);
  const OpenFile file(path, O_RDWR | O_CREAT);
  struct stat found {};
  if (file.handle() < 0 || ::fstat(file.handle(), &found) != 0) throw disk_error(path);
  const auto rows = static_cast<std::uint32_t>(static_cast<std::size_t>(found.st_size) / kRow);
  const std::uint32_t first = std::max<std::uint32_t>(rows, 1);
  std::string bytes;
  if (rows == 0) {
    bytes = kHead;
    bytes.resize(kRow, '\0');
  }
  Supply made;
  for (std::uint32_t slot = first; slot < first + kSupply; ++slot) {
    const std::string random = random_bytes(32);
    std::copy(random.begin(), random.end(), made[slot].begin());
    bytes += row_of({month_number(month), slot}, made[slot]);
  }
  write_all_at(file.handle(), (rows == 0 ? 0 : first) * kRow, bytes, path);
  if (::fdatasync(file.handle()) != 0) throw disk_error(path);
  if (is_new) sync_access_folder(folder_.path());
  return made;
}

void PersonalKeys::renew_supply(std::unique_lock<std::mutex>& lock) {
  if (making_) return made_.wait(lock, [this] { return !making_; });
  making_ = true;
  const std::string month = month_;
  Supply made;
  std::exception_ptr failed;
  lock.unlock();
  try {
    made = make_supply(month);
  } catch (...) {
    failed = std::current_exception();
  }
  lock.lock();
  making_ = false;
  if (month == month_) supply_.merge(made);
  made_.notify_all();
  if (failed) std::rethrow_exception(failed);
}

PersonalKey PersonalKeys::key_for(const std::string& month, const std::string& subject) {
  std::unique_lock lock(mutex_);
  while (true) {
    if (month != month_) {
      used_.clear();
      supply_.clear();
      month_ = month;
    }
    const auto known = used_.find(subject);
    if (known != used_.end()) return known->second;
    if (!supply_.empty()) break;
    renew_supply(lock);
  }
  if (used_.size() >= kMostRemembered) used_.clear();
  const auto next = supply_.begin();
  const PersonalKey key{{month_number(month), next->first}, next->second};
  supply_.erase(next);
  used_[subject] = key;
  if (supply_.size() != kLowSupply || making_) return key;
  try {
    renew_supply(lock);
  } catch (const Failure&) {  // NOLINT(bugprone-empty-catch): told to whoever finds none left
  }
  return key;
}

std::optional<Key> PersonalKeys::key_at(const KeyPlace& place) const {
  const std::string path = folder_.keys_file(month_text(place.month));
  const OpenFile file(path, O_RDONLY);
  std::string row(kRow, '\0');
  const ssize_t got =
      place.slot == 0 || file.handle() < 0
          ? -1
          : ::pread(file.handle(), row.data(), kRow, static_cast<off_t>(place.slot * kRow));
  if (got != static_cast<ssize_t>(kRow)) throw no_such_key();
  return key_in(row, place);
}

void PersonalKeys::destroy(const KeyPlace& place) {
  const std::lock_guard lock(mutex_);
  std::erase_if(used_, [&](const auto& entry) { return entry.second.place == place; });
  const std::string path = folder_.keys_file(month_text(place.month));
  const OpenFile file(path, O_RDWR);
  struct stat found {};
  if (file.handle() < 0 || ::fstat(file.handle(), &found) != 0 || place.slot == 0 ||
      static_cast<std::size_t>(found.st_size) < (place.slot + 1ULL) * kRow) {
    throw no_such_key();
  }
  std::string row(kRow, '\0');
  row[0] = static_cast<char>(kDestroyed);
  write_all_at(file.handle(), place.slot * kRow, row, path);
  if (::fdatasync(file.handle()) != 0) throw disk_error(path);
}

}  // namespace certbridge::host
