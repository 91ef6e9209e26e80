#include "journal/stop_point.h"

#ifdef CERTBRIDGE_STOP_POINTS

#include <csignal>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <string>

#include "journal/seeded_fault.h"

namespace certbridge::host {
namespace {

struct StopAt {
  std::string name{};
  long arrival = 1;
};

StopAt read_environment() {
  StopAt stop;
  const char* wanted = std::getenv("CERTBRIDGE_STOP_AT");
  if (wanted == nullptr) return stop;
  stop.name = wanted;
  if (const auto colon = stop.name.rfind(':'); colon != std::string::npos) {
    stop.arrival = std::strtol(stop.name.c_str() + colon + 1, nullptr, 10);
    stop.name.resize(colon);
  }
  return stop;
}

const StopAt& stop_at() {
  static const StopAt stop = read_environment();
  return stop;
}

}  // namespace

void stop_point(const char* name) {
  static std::atomic<long> arrivals{0};
  if (stop_at().name.empty() || stop_at().name != name) return;
  if (++arrivals == stop_at().arrival) std::raise(SIGKILL);
}

bool seeded_fault(const char* name) {
  static const char* const seeded = std::getenv("CERTBRIDGE_FAULT");
  return seeded != nullptr && std::strcmp(seeded, name) == 0;
}

}  // namespace certbridge::host

#endif
