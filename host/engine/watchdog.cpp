#include "engine/watchdog.h"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace certbridge::host {
namespace {

// One endpoint whose probe hangs again and again must not gather threads without end.
constexpr std::size_t kMostProbers = 16;

void sleep(const std::stop_token& stop, std::chrono::milliseconds period) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, period, [] { return false; });
}

}  // namespace

Watchdog::Watchdog(EndpointSet& endpoints, OnHanging on_hanging, std::chrono::milliseconds period)
    : endpoints_(endpoints), on_hanging_(std::move(on_hanging)), period_(period) {
  thread_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
  pthread_setname_np(thread_.native_handle(), "watchdog");
}

Watchdog::~Watchdog() {
  thread_.request_stop();
  thread_.join();
  for (Prober& prober : probers_) prober.thread.request_stop();
}

void Watchdog::watch(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const std::set<std::thread::id> hanging = endpoints_.watch();
    on_hanging_(hanging);
    if (may_probe_) look_after_probes(hanging);
    sleep(stop, period_);
  }
}

void Watchdog::start_prober() {
  Prober& prober = probers_.emplace_back();
  prober.thread =
      std::jthread([this, &prober](const std::stop_token& stop) { probe(prober, stop); });
  pthread_setname_np(prober.thread.native_handle(), "probe");
}

// A thread that is in a probe that hangs is left to it and ends once it returns.
void Watchdog::look_after_probes(const std::set<std::thread::id>& hanging) {
  if (probers_.empty()) start_prober();
  Prober& current = probers_.back();
  if (hanging.contains(current.thread.get_id()) && probers_.size() < kMostProbers) {
    current.replaced = true;
    start_prober();
  }
  probers_.remove_if([](const Prober& prober) { return prober.replaced && prober.is_over; });
}

void Watchdog::probe(Prober& prober, const std::stop_token& stop) {
  while (!stop.stop_requested() && !prober.replaced) {
    endpoints_.probe();
    sleep(stop, period_);
  }
  prober.is_over = true;
}

}  // namespace certbridge::host
