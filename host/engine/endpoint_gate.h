// Decides for one endpoint whether it is delivered to just now: breaker, the counterpart's own wish
// (Retry-After), quota, rate, opening hours, maintenance. What waits uses up no attempts.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <set>

#include "engine/breaker.h"
#include "engine/contact.h"
#include "engine/engine_services.h"
#include "engine/quota.h"
#include "engine/token_bucket.h"

namespace certbridge::host {

// What may be picked for the endpoint now.
struct GateRoom {
  std::size_t most = 0;
  std::set<std::int64_t> avoid{};           // deliveries whose probe failed: others go first
  std::chrono::milliseconds look_again{0};  // when `most` is limited, at the latest
};

// Every transition is a metric, a log line and a row of the journal, which /health/ready shows. Any
// thread.
class EndpointGate {
 public:
  EndpointGate(const EndpointConfig& endpoint, EngineServices services);

  // Takes up what the journal knows from before a restart. Before anything else.
  void restore();
  GateRoom room();
  // Nothing limits it: no pause, no rate, no quota, breaker closed.
  bool is_wide_open();
  // So many were picked and will each enter() or be dropped(). Neither waits.
  void picked(std::size_t count);
  // One that was picked is not run after all.
  void dropped();
  // Nothing but what a probe failed with is due: it may be tried again.
  void forget_failed_probes();
  // Right before a run; one that is not allowed is to be picked again later.
  Pass enter();
  void leave(std::int64_t delivery, const Pass& pass, const Contact& contact);

 private:
  using Moment = std::chrono::steady_clock::time_point;

  void restore_pause(const Pause& pause);
  bool is_closed(Timestamp now, Moment steady);
  void look_at_calendar(Timestamp now);
  void look_at_quota(Timestamp now);
  void look_at_wish(Moment steady);
  void note_wish(const Error& error);
  void note_breaker(BreakerState before, const Error& error);
  void begin(Pause pause);
  void end(PauseCause cause);
  void set(bool on, Pause pause);
  void save(const Pause& pause);
  void show_breaker();

  const EndpointConfig& endpoint_;
  EngineServices services_;
  std::atomic<std::int64_t> queued_{0};  // picked, neither entered nor dropped
  // Guards what follows; held while the journal is asked, so nobody takes it on a thread of that.
  std::mutex mutex_{};
  Breaker breaker_;
  TokenBucket bucket_;
  Quota quota_;
  std::map<PauseCause, Pause> pauses_{};
  Moment wished_until_{};
  std::set<std::int64_t> failed_probes_{};
};

}  // namespace certbridge::host
