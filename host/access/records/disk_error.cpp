#include "access/records/disk_error.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace certbridge::host {

Failure disk_error(const std::string& path) {
  const int why = errno;
  if (why == ENOSPC || why == EDQUOT) {
    return Failure(Error::retryable(
        "access.full",
        "no room on the disk for access records (" + path +
            "): nothing is answered until there is; free some, or move other files"));
  }
  return Failure(Error::retryable("access.failed", path + ": " + std::strerror(why)));
}

void write_all_at(int file, std::uint64_t offset, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t done = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) throw disk_error(path);
    offset += static_cast<std::uint64_t>(done);
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
}

}  // namespace certbridge::host
