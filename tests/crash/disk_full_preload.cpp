// Preloaded into a program: its disk is full while a file exists, without root and without a disk.
//   CERTBRIDGE_DISK_FOLDER  where there is no room then, absolute
//   CERTBRIDGE_DISK_FULL    the file, elsewhere
#include <cstdlib>

#include "limited_disk.h"

namespace {

const bool ready = [] {
  const char* folder = std::getenv("CERTBRIDGE_DISK_FOLDER");
  const char* sign = std::getenv("CERTBRIDGE_DISK_FULL");
  if (folder == nullptr || sign == nullptr) return false;
  certbridge::host::testing::limit_disk_while(folder, sign);
  return true;
}();

}  // namespace
