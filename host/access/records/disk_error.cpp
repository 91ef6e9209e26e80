#include "access/records/disk_error.h"

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

}  // namespace certbridge::host
