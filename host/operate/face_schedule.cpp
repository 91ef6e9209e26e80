#include "operate/face_schedule.h"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>

#include "engine/opening_hours.h"
#include "engine/type_catalogue.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::milliseconds kPauseOfFaces{500};
constexpr std::chrono::seconds kLongestFetch{20};
constexpr std::chrono::minutes kFirstRetry{1};
constexpr std::chrono::minutes kLastRetry{30};

std::chrono::minutes retry_after(int failures) {
  std::chrono::minutes pause = kFirstRetry;
  for (int i = 1; i < failures && pause < kLastRetry; ++i) pause *= 2;
  return std::min(pause, kLastRetry);
}

std::chrono::sys_days day_in_zone(Timestamp when, std::chrono::minutes zone) {
  return std::chrono::floor<std::chrono::days>(when + zone);
}

}  // namespace

FaceSchedule::FaceSchedule(const EngineServices& services) : services_(services) {
  const CatalogueConfig& config = services_.configuration.catalogue;
  if (!config.given) return;
  last_ = last_faces(services_.store);
  if (last_) show(*last_);
  if (!config.scheduled) return;
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
  pthread_setname_np(thread_.native_handle(), "faces");
}

void FaceSchedule::work(const std::stop_token& stop) {
  const std::stop_callback end(stop, [this] { stop_.request_stop(); });
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    if (is_due()) fetch_when_due();
    never.wait_for(lock, stop, kPauseOfFaces, [] { return false; });
  }
}

void FaceSchedule::fetch_when_due() {
  const auto began = services_.clock.steady();
  const auto found = fetch();
  failures_ = found && count_not_asked(found.value()) == 0 ? 0 : failures_ + 1;
  if (failures_ > 0) next_try_ = began + retry_after(failures_);
}

// What could not be kept is not known after a restart: it is fetched once more.
bool FaceSchedule::is_due() {
  const DeliveryPolicy& calendar = services_.configuration.catalogue.calendar;
  const Timestamp now = services_.clock.now();
  if (!is_open(calendar, now)) return false;
  if (failures_ > 0) return services_.clock.steady() >= next_try_;
  const std::lock_guard lock(fetching_);
  return !last_ || count_not_asked(*last_) > 0 ||
         day_in_zone(last_->when, calendar.zone) < day_in_zone(now, calendar.zone);
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
  if (last_) found = with_known_differences(std::move(found), *last_);
  show(found);
  last_ = found;
  if (auto kept = keep_faces(services_.store, found); !kept) {
    services_.logger.log(LogLevel::kWarning, "journal.failed",
                         {{"code", kept.error().code}, {"reason", kept.error().message}});
    return kept.error();
  }
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
  services_.metrics.gauge("faces_not_asked", {}, static_cast<double>(count_not_asked(found)));
}

}  // namespace certbridge::host
