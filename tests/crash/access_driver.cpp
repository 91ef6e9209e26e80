// access_driver FOLDER FROM COUNT: appends made-up records from two threads and says on standard
// output what was recorded, one write for each: "recorded INDEX NUMBER HASH". Made to be killed.
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>

#include "access_crash.h"
#include "access_sample.h"
#include "crash_support.h"

namespace {

using namespace certbridge;
using namespace certbridge::host;

void work(AccessLog& log, int from, int until) {
  for (int index = from; index < until; index += 2) {
    AccessRecord record = access_test::record_of(index);
    // Every kind but references, which are found in the place of something else.
    record.kind = static_cast<AccessKind>(1 + index % (static_cast<int>(kLastAccessKind) - 1));
    const auto place = log.append(record);
    if (!place) continue;
    const std::string line = "recorded " + std::to_string(index) + " " +
                             std::to_string(place.value().number) + " " +
                             to_hex(place.value().hash) + "\n";
    if (write(1, line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::abort();
  }
}

}  // namespace

int main(int, char** arguments) {
  const crash::SystemClock clock;
  const auto log = AccessLog::open(crash::access_settings(arguments[1], clock));
  if (!log) return 3;
  const int from = std::atoi(arguments[2]);
  const int until = from + std::atoi(arguments[3]);
  std::thread second([&] { work(*log.value(), from + 1, until); });
  work(*log.value(), from, until);
  second.join();
  log.value()->close();
  return 0;
}
