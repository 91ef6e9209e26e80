#include "operate/face_schedule.h"

#include <pthread.h>

#include <condition_variable>

#include "engine/opening_hours.h"
#include "engine/type_catalogue.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::milliseconds kPauseOfFaces{500};
constexpr std::chrono::seconds kLongestFetch{20};

std::chrono::sys_days day_in_zone(Timestamp when, std::chrono::minutes zone) {
  return std::chrono::floor<std::chrono::days>(when + zone);
}

}  // namespace

FaceSchedule::FaceSchedule(const EngineServices& services) : services_(services) {
  const CatalogueConfig& config = services_.configuration.catalogue;
  if (!config.given) return;
  if (const auto last = last_faces(services_.store)) show(*last);
  if (!config.scheduled) return;
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
  pthread_setname_np(thread_.native_handle(), "faces");
}

// A fetch of the day that could not be kept is made again; that it failed was logged.
void FaceSchedule::work(const std::stop_token& stop) {
  const std::stop_callback end(stop, [this] { stop_.request_stop(); });
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    if (is_due()) static_cast<void>(fetch());
    never.wait_for(lock, stop, kPauseOfFaces, [] { return false; });
  }
}

bool FaceSchedule::is_due() const {
  const DeliveryPolicy& calendar = services_.configuration.catalogue.calendar;
  const Timestamp now = services_.clock.now();
  if (!is_open(calendar, now)) return false;
  const auto last = last_faces(services_.store);
  return !last || day_in_zone(last->when, calendar.zone) < day_in_zone(now, calendar.zone);
}

Result<FaceReport> FaceSchedule::fetch() {
  if (services_.types == nullptr) {
    return Error::permanent("catalogue.missing",
                            "the configuration has no <catalogue> of certificate types");
  }
  const std::lock_guard lock(fetching_);
  const auto types = services_.types->types();
  FaceReport found =
      compare_faces(services_.configuration, services_.endpoints, *types, services_.clock,
                    services_.clock.steady() + kLongestFetch, stop_.get_token());
  report(found);
  show(found);
  if (auto kept = keep_faces(services_.store, found); !kept) return kept.error();
  return found;
}

void FaceSchedule::report(const FaceReport& found) {
  for (const FaceAsked& one : found.asked) {
    if (one.outcome == "compared" || one.outcome == "not-offered") continue;
    services_.logger.log(LogLevel::kError, "faces.not_asked",
                         {{"endpoint", one.endpoint}, {"type", one.type}, {"reason", one.outcome}});
  }
  for (const FaceDifference& one : found.differences) {
    services_.logger.log(
        LogLevel::kError, "faces.differ",
        {{"endpoint", one.endpoint}, {"type", one.type}, {"field", one.field}, {"what", one.what}});
  }
}

void FaceSchedule::show(const FaceReport& found) {
  services_.metrics.gauge("face_differences", {}, static_cast<double>(found.differences.size()));
}

}  // namespace certbridge::host
