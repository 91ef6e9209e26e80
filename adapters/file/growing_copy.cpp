#include "growing_copy.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace certbridge::file {
namespace {

// Whether the name still leads to the open file: another copy may have taken its own name since.
bool is_named(const Descriptor& file, const Spot& spot) {
  struct stat open {};
  struct stat named {};
  return ::fstat(file.number(), &open) == 0 &&
         ::fstatat(spot.folder.number(), spot.name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

}  // namespace

Result<GrowingCopy> GrowingCopy::begin(const std::string& base, const std::string& path) {
  auto spot = find_spot(base, path);
  if (!spot && spot.error().code == "file.absent") return no_folder_for(path);
  if (!spot) return spot.error();
  Descriptor file(::openat(spot.value().folder.number(), spot.value().name.c_str(),
                           O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, kFileMode));
  if (file.number() < 0 && errno == ENOENT) return no_folder_for(path);
  if (file.number() < 0) return system_error(errno, "create", path);
  GrowingCopy copy(std::move(spot).value(), std::move(file), path);
  if (auto claimed = copy.claim(); !claimed) return claimed.error();
  return copy;
}

// A file system without locks is believed: two that move one file at once are no rule.
Result<void> GrowingCopy::claim() {
  const bool locked = ::flock(file_.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  if (locked || !is_named(file_, spot_))
    return Error::retryable("file.busy", "another copy to " + path_ + " is being made");
  if (::ftruncate(file_.number(), 0) != 0) return system_error(errno, "write", path_);
  return {};
}

Result<void> GrowingCopy::add(std::span<const std::byte> bytes) {
  return write_all(file_.number(), path_, bytes);
}

Result<void> GrowingCopy::finish() {
  if (::fsync(file_.number()) != 0) return system_error(errno, "sync", path_);
  return {};
}

void GrowingCopy::give_up() {
  static_cast<void>(::unlinkat(spot_.folder.number(), spot_.name.c_str(), 0));
}

}  // namespace certbridge::file
