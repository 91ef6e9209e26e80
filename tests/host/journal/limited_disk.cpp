// pwrite and pwrite64 are both defined here, so neither may stand for the other.
#undef _FILE_OFFSET_BITS
#include "limited_disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <mutex>

namespace certbridge::host::testing {
namespace {

struct Limit {
  std::mutex mutex{};
  std::string folder{};
  std::uint64_t bytes = 0;
  std::string watched_folder{};
  std::string sign{};
};
Limit& limit() {
  static Limit* const only = new Limit;  // used until the process is gone
  return *only;
}

// Full from the moment at which the sign is seen until it is gone.
void follow_sign(Limit& now) {
  if (now.sign.empty()) return;
  const bool full = access(now.sign.c_str(), F_OK) == 0;
  if (full && now.folder.empty()) now.bytes = disk_used(now.watched_folder);
  now.folder = full ? now.watched_folder : std::string();
}

bool is_under(int file, const std::string& folder) {
  char path[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t length = readlink(link.c_str(), path, sizeof path);
  return length > 0 && std::string(path, static_cast<std::size_t>(length)).starts_with(folder);
}

}  // namespace

std::uint64_t disk_used(const std::string& folder) {
  std::uint64_t used = 0;
  std::error_code gone;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, gone)) {
    struct stat found {};
    if (stat(entry.path().c_str(), &found) == 0 && S_ISREG(found.st_mode)) {
      used += static_cast<std::uint64_t>(found.st_size);
    }
  }
  return used;
}

void limit_disk(const std::string& folder, std::uint64_t bytes) {
  Limit& now = limit();
  const std::lock_guard lock(now.mutex);
  now.folder = folder;
  now.bytes = bytes;
}

void limit_disk_while(const std::string& folder, const std::string& sign) {
  Limit& now = limit();
  const std::lock_guard lock(now.mutex);
  now.watched_folder = folder;
  now.sign = sign;
}

// Whether the file may grow to `end`; sets errno when not.
bool may_grow(int file, std::int64_t end) {
  Limit& now = limit();
  const std::lock_guard lock(now.mutex);
  follow_sign(now);
  struct stat found {};
  if (now.folder.empty() || fstat(file, &found) != 0 || !S_ISREG(found.st_mode)) return true;
  if (end <= found.st_size || !is_under(file, now.folder)) return true;
  if (disk_used(now.folder) + static_cast<std::uint64_t>(end - found.st_size) <= now.bytes) {
    return true;
  }
  errno = ENOSPC;
  return false;
}

}  // namespace certbridge::host::testing

using certbridge::host::testing::may_grow;

// Seen by the libraries of the program as well, which everything else here is not.
#pragma GCC visibility push(default)
extern "C" {

ssize_t pwrite64(int file, const void* bytes, size_t size, off_t at) {
  if (!may_grow(file, at + static_cast<off_t>(size))) return -1;
  return syscall(SYS_pwrite64, file, bytes, size, at);
}
ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
  return pwrite64(file, bytes, size, at);
}
ssize_t write(int file, const void* bytes, size_t size) {
  const off_t at = lseek(file, 0, SEEK_CUR);
  if (at >= 0 && !may_grow(file, at + static_cast<off_t>(size))) return -1;
  return syscall(SYS_write, file, bytes, size);
}
int posix_fallocate(int file, off_t at, off_t size) {
  if (!may_grow(file, at + size)) return ENOSPC;
  return ftruncate(file, at + size) == 0 ? 0 : errno;
}
int posix_fallocate64(int file, off_t at, off_t size) { return posix_fallocate(file, at, size); }

}  // extern "C"
#pragma GCC visibility pop
