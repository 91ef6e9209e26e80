#include "objections/objection_watch.h"

#include <pthread.h>

#include <condition_variable>
#include <mutex>

namespace certbridge::host {

ObjectionWatch::ObjectionWatch(Objections& objections, MetricsRegistry& metrics, Logger& logger,
                               std::chrono::milliseconds period)
    : objections_(objections), metrics_(metrics), logger_(logger), period_(period) {
  build();
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
  pthread_setname_np(thread_.native_handle(), "objections");
}

void ObjectionWatch::work(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    build();
    show(ObjectionKind::kObjection);
    show(ObjectionKind::kComplaint);
    never.wait_for(lock, stop, period_, [] { return false; });
  }
}

void ObjectionWatch::build() {
  if (!is_built_) is_built_ = objections_.build().ok();
}

void ObjectionWatch::show(ObjectionKind kind) {
  const auto figures = objections_.figures(kind);
  if (!figures) return;
  const MetricLabels labels{{"kind", to_text(kind)}};
  metrics_.gauge("objections_open", labels, static_cast<double>(figures->open));
  metrics_.gauge("objections_overdue", labels, static_cast<double>(figures->overdue));
  if (figures->overdue > overdue_[kind]) {
    logger_.log(LogLevel::kWarning, "objection.overdue",
                {{"kind", to_text(kind)}, {"overdue", std::to_string(figures->overdue)}});
  }
  overdue_[kind] = figures->overdue;
}

}  // namespace certbridge::host
