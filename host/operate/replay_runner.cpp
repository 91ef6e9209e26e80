#include "operate/replay_runner.h"

#include <pthread.h>

#include <algorithm>

#include "operate/parked_parts.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::milliseconds kShortPause{20};
constexpr std::chrono::milliseconds kLongPause{500};
constexpr std::size_t kMostAtOnce = 100;

}  // namespace

ReplayRunner::ReplayRunner(Store& store, const Clock& clock, Logger& logger)
    : store_(store), clock_(clock), logger_(logger) {
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "replay");
}

ReplayRunner::~ReplayRunner() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

bool ReplayRunner::pause() {
  std::unique_lock lock(mutex_);
  return !stopped_.wait_for(lock, busy_ ? kShortPause : kLongPause, [this] { return stopping_; });
}

void ReplayRunner::run() {
  do {
    const auto jobs = store_.desk().running_replays();
    busy_ = jobs && !jobs.value().empty();
    for (const ReplayJob& job : jobs ? jobs.value() : std::vector<ReplayJob>{}) go_on(job);
  } while (pause());
}

// As many as the rate allows since the last look; a host that was slow does not catch up in a
// burst.
void ReplayRunner::go_on(const ReplayJob& job) {
  const auto step = std::chrono::nanoseconds(1'000'000'000 / std::max(job.rate, 1));
  const SteadyTime now = clock_.steady();
  SteadyTime& next = next_at_.try_emplace(job.id, now).first->second;
  next = std::max(next, now - kLongPause);
  if (next > now) return;
  const auto due = static_cast<std::size_t>((now - next) / step) + 1;
  const auto items =
      store_.desk().replay_items(job.id, ReplayItemState::kWaiting, std::min(due, kMostAtOnce));
  if (!items) return;
  for (const ReplayItem& item : items.value()) {
    if (!take(job, item)) return;
    next += step;
  }
}

bool ReplayRunner::take(const ReplayJob& job, const ReplayItem& item) {
  auto transition = plan(job, item);
  auto applied =
      transition ? store_.apply(std::move(transition).value()) : Result<void>(transition.error());
  if (applied) return true;
  // Somebody paused the job, or was at the same thing meanwhile: it is looked at anew.
  if (applied.error().code != "journal.state_changed") {
    logger_.log(LogLevel::kWarning, "replay.not_recorded",
                {{"message", item.message_id},
                 {"code", applied.error().code},
                 {"reason", applied.error().message}});
  }
  return false;
}

Result<Transition> ReplayRunner::plan(const ReplayJob& job, const ReplayItem& item) {
  Transition transition;
  auto planned =
      item.delivery_id == 0 ? plan_message(item, transition) : plan_delivery(job, item, transition);
  if (!planned) return planned.error();
  const bool nothing = transition.messages.empty() && transition.delivery_changes.empty();
  transition.replay_progress = ReplayProgress{
      job.id, item.item, nothing ? ReplayItemState::kSkipped : ReplayItemState::kReplayed};
  if (!nothing) {
    transition.trace.push_back({item.message_id,
                                clock_.now(),
                                "replay",
                                "ok",
                                "replay " + std::to_string(job.id) + " by " + job.person,
                                {}});
  }
  return transition;
}

Result<void> ReplayRunner::plan_message(const ReplayItem& item, Transition& transition) {
  const auto stored = store_.message(item.message_id);
  if (!stored) return stored.error();
  if (may_run_anew(stored.value())) transition.messages.push_back(running_anew(stored.value()));
  return {};
}

Result<void> ReplayRunner::plan_delivery(const ReplayJob& job, const ReplayItem& item,
                                         Transition& transition) {
  const auto deliveries = store_.deliveries(item.message_id);
  if (!deliveries) return deliveries.error();
  for (const StoredDelivery& one : deliveries.value()) {
    if (one.id != item.delivery_id || !is_set_aside(one.state)) continue;
    transition.delivery_changes.push_back(taking_up(one, job.unconfirmed, clock_.now()));
  }
  return {};
}

}  // namespace certbridge::host
