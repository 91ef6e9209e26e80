#include "engine/alarm_watch.h"

#include <pthread.h>

#include <condition_variable>
#include <mutex>

namespace certbridge::host {
namespace {

constexpr std::size_t kToldAtOnce = 100;

std::chrono::milliseconds settle_time(const Configuration& configuration,
                                      const std::string& endpoint) {
  const EndpointConfig* config = find_endpoint(configuration, endpoint);
  return config == nullptr ? EndpointConfig{}.settle_time : config->settle_time;
}

}  // namespace

AlarmWatch::AlarmWatch(EngineServices services, std::chrono::milliseconds period)
    : services_(services),
      period_(period),
      thread_([this](const std::stop_token& stop) { work(stop); }) {
  pthread_setname_np(thread_.native_handle(), "alarms");
}

void AlarmWatch::work(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    park_verdicts();
    tell_parked_verdicts();
    tell_waiting();
    never.wait_for(lock, stop, period_, [] { return false; });
  }
}

// A journal that fails says so elsewhere; the next look tries again.
void AlarmWatch::park_verdicts() {
  const Timestamp now = services_.clock.now();
  const auto alarms = services_.store.verdict_alarms(now);
  if (!alarms) return;
  for (const VerdictAlarms& one : alarms.value()) {
    const Timestamp until = now - settle_time(services_.configuration, one.endpoint);
    if (!one.oldest_unmatched || *one.oldest_unmatched > until) continue;
    static_cast<void>(services_.store.park_verdicts(one.endpoint, until));
  }
}

// What the counterpart said in its own words stays in the journal.
void AlarmWatch::tell_parked_verdicts() {
  const auto parked = services_.store.desk().parked_verdicts(last_told_, kToldAtOnce);
  if (!parked) return;
  for (const ParkedVerdict& one : parked.value()) {
    last_told_ = one.id;
    services_.logger.log(LogLevel::kError, "verdict.parked",
                         {{"verdict", std::to_string(one.id)},
                          {"endpoint", one.endpoint},
                          {"message", one.message_id},
                          {"code", one.contradicts ? "verdict.contradicts" : "verdict.unknown"}});
  }
}

void AlarmWatch::tell_waiting() {
  const Timestamp until = services_.clock.now() - services_.configuration.waiting_limit;
  const auto alarms = services_.store.waiting_alarms(until, 1);
  if (!alarms) return;
  std::map<std::string, std::string> now;
  for (const WaitingAlarm& one : alarms.value()) {
    now[one.endpoint] = waiting_text(one.oldest);
    if (waiting_.contains(one.endpoint)) continue;
    services_.logger.log(LogLevel::kError, "waiting.too_long",
                         {{"endpoint", one.endpoint},
                          {"message", one.oldest.message_id},
                          {"reason", now[one.endpoint]}});
  }
  for (const auto& [endpoint, text] : waiting_) {
    if (now.contains(endpoint)) continue;
    services_.logger.log(LogLevel::kInfo, "waiting.over", {{"endpoint", endpoint}});
  }
  waiting_ = std::move(now);
}

}  // namespace certbridge::host
