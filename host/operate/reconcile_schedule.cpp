#include "operate/reconcile_schedule.h"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>

#include "engine/opening_hours.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::milliseconds kPause{500};
constexpr std::chrono::milliseconds kFirstSweep{60'000};  // after the start, at the latest
constexpr std::chrono::minutes kAfterFailure{10};

std::uint64_t total(const LastBooks& books) {
  std::uint64_t sum = 0;
  for (const auto& [sort, number] : books.differences) sum += number;
  return sum;
}

}  // namespace

ReconcileSchedule::ReconcileSchedule(const EngineServices& services, Reconciler& reconciler)
    : services_(services), reconciler_(reconciler) {
  const ReconcileConfig& config = services_.configuration.reconcile;
  if (const auto last = last_comparison(services_.store)) show(*last);
  if (const auto last = last_sweep(services_.store)) {
    services_.metrics.gauge("arrivals_missing", {}, static_cast<double>(last->missing));
  }
  if (!config.scheduled && !config.sweep) return;
  if (config.sweep) {
    next_sweep_ = services_.clock.steady() + std::min(kFirstSweep, config.sweep->every);
  }
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
  pthread_setname_np(thread_.native_handle(), "reconcile");
}

void ReconcileSchedule::work(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    compare_when_due();
    sweep_when_due();
    never.wait_for(lock, stop, kPause, [] { return false; });
  }
}

void ReconcileSchedule::compare_when_due() {
  const ReconcileConfig& config = services_.configuration.reconcile;
  const Timestamp now = services_.clock.now();
  if (!config.scheduled || !is_open(config.calendar, now)) return;
  if (next_try_ && services_.clock.steady() < *next_try_) return;
  const auto day = due_day(last_comparison(services_.store), now, config.calendar.zone);
  if (day) compare(*day);
}

void ReconcileSchedule::compare(std::chrono::sys_days day) {
  const auto found = reconciler_.compare(std::chrono::year_month_day(day), "");
  next_try_.reset();
  if (!found) {
    // A person compares at this moment: it is tried again soon.
    const bool busy = found.error().code == "reconcile.busy";
    next_try_ =
        services_.clock.steady() + (busy ? kPause : std::chrono::milliseconds(kAfterFailure));
    if (busy) return;
    services_.logger.log(LogLevel::kError, "reconcile.failed",
                         {{"day", to_iso8601(day).substr(0, 10)},
                          {"code", found.error().code},
                          {"reason", found.error().message}});
    return;
  }
  const LastComparison last = last_of(found.value(), day, services_.clock.now());
  report(last, found.value());
  show(last);
  if (auto kept = keep(services_.store, last); !kept) {
    next_try_ = services_.clock.steady() + kAfterFailure;
    services_.logger.log(LogLevel::kError, "reconcile.not_kept",
                         {{"code", kept.error().code}, {"reason", kept.error().message}});
  }
}

void ReconcileSchedule::report(const LastComparison& last, const Comparison& comparison) {
  const std::string day = to_iso8601(last.day).substr(0, 10);
  std::uint64_t differences = 0;
  for (std::size_t i = 0; i < last.books.size(); ++i) {
    const LastBooks& books = last.books[i];
    differences += total(books);
    if (!books.asked) {
      services_.logger.log(
          LogLevel::kError, "reconcile.not_asked",
          {{"day", day}, {"books", books.books}, {"reason", comparison.asked[i].reason}});
    }
    for (const auto& [sort, number] : books.differences) {
      services_.logger.log(LogLevel::kError, "reconcile.differs",
                           {{"day", day},
                            {"books", books.books},
                            {"sort", to_word(sort)},
                            {"number", std::to_string(number)}});
    }
  }
  services_.logger.log(LogLevel::kInfo, "reconcile.compared",
                       {{"day", day},
                        {"differences", std::to_string(differences)},
                        {"complete", last.complete ? "yes" : "no"}});
}

void ReconcileSchedule::show(const LastComparison& last) {
  for (const LastBooks& one : last.books) {
    services_.metrics.gauge("reconcile_asked", {{"books", one.books}}, one.asked ? 1 : 0);
    for (const DifferenceSort sort : all_sorts()) {
      const auto found = one.differences.find(sort);
      services_.metrics.gauge(
          "reconcile_differences", {{"books", one.books}, {"sort", to_word(sort)}},
          found == one.differences.end() ? 0 : static_cast<double>(found->second));
    }
  }
  const auto seconds = std::chrono::seconds(last.day.time_since_epoch()).count();
  services_.metrics.gauge("reconcile_last_day_seconds", {}, static_cast<double>(seconds));
}

void ReconcileSchedule::sweep_when_due() {
  if (!next_sweep_ || services_.clock.steady() < *next_sweep_) return;
  const SweepConfig& sweep = *services_.configuration.reconcile.sweep;
  const auto found = reconciler_.never_arrived(sweep.older_than, sweep.days);
  next_sweep_ = services_.clock.steady() + sweep.every;
  const auto before = last_sweep(services_.store).value_or(LastSweep{});
  LastSweep last{services_.clock.now(), found.ok(), before.missing};
  if (found) last.missing = found.value().size();
  services_.metrics.gauge("arrivals_missing", {}, static_cast<double>(last.missing));
  if (!found && !swept_in_vain_) {
    services_.logger.log(LogLevel::kError, "arrivals.not_asked",
                         {{"code", found.error().code}, {"reason", found.error().message}});
  }
  swept_in_vain_ = !found;
  if (last.missing != before.missing) {
    services_.logger.log(last.missing > 0 ? LogLevel::kError : LogLevel::kInfo, "arrivals.missing",
                         {{"cases", std::to_string(last.missing)}});
  }
  if (auto kept = keep(services_.store, last); !kept) {
    services_.logger.log(LogLevel::kError, "reconcile.not_kept",
                         {{"code", kept.error().code}, {"reason", kept.error().message}});
  }
}

}  // namespace certbridge::host
