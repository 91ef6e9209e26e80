#include "journal/reserve.h"

#include <fcntl.h>
#include <unistd.h>

namespace certbridge::host {

void Reserve::renew() {
  if (bytes_ == 0) return;
  const std::lock_guard lock(mutex_);
  const int file = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  const bool taken =
      file >= 0 && posix_fallocate(file, 0, static_cast<off_t>(bytes_)) == 0 &&
      ftruncate(file, static_cast<off_t>(bytes_)) == 0;  // a larger one from before shrinks
  // Half a reserve would take the room that the deliveries still have.
  if (!taken && file >= 0 && ftruncate(file, 0) != 0) unlink(file_.c_str());
  if (file >= 0) ::close(file);
  spent_ = !taken;
}

bool Reserve::give_up() {
  if (bytes_ == 0) return false;
  const std::lock_guard lock(mutex_);
  if (spent_.exchange(true)) return false;
  return truncate(file_.c_str(), 0) == 0;
}

}  // namespace certbridge::host
