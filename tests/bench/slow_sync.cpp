// Preloaded library that makes every sync take longer, as on a disk that is slower than this
// machine's: SLOW_SYNC_US=2000 LD_PRELOAD=slow_sync.so program
#include <dlfcn.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace {

using Sync = int (*)(int);

Sync real(const char* name) { return reinterpret_cast<Sync>(dlsym(RTLD_NEXT, name)); }

void wait_as_told() {
  static const char* const told = std::getenv("SLOW_SYNC_US");
  static const long microseconds = told == nullptr ? 0 : std::atol(told);
  if (microseconds <= 0) return;
  timespec left{microseconds / 1'000'000, microseconds % 1'000'000 * 1000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

}  // namespace

extern "C" {

int fsync(int file) {
  static const Sync next = real("fsync");
  wait_as_told();
  return next(file);
}

int fdatasync(int file) {
  static const Sync next = real("fdatasync");
  wait_as_told();
  return next(file);
}
}
