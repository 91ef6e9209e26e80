// Looks after calls that hang, and probes endpoints that are down, on threads of its own: the main
// thread stays free for signals whatever a plugin does.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <set>
#include <thread>

#include "plugins/endpoints.h"

namespace certbridge::host {

// Owns the threads "watchdog" and "probe". When a probe hangs, another thread probes the other
// endpoints. Destroying it waits for probes under way.
class Watchdog {
 public:
  // Called by the watchdog with the threads that are in calls that hang.
  using OnHanging = std::function<void(const std::set<std::thread::id>& threads)>;

  // Watches from now on. `endpoints` and what `on_hanging` uses outlive it.
  Watchdog(EndpointSet& endpoints, OnHanging on_hanging, std::chrono::milliseconds period);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // Once sources listen: before that the main thread itself makes and starts components.
  void probe_from_now_on() { may_probe_ = true; }

 private:
  struct Prober {
    std::atomic<bool> is_over{false};
    std::atomic<bool> replaced{false};
    std::jthread thread{};  // last: it uses the others
  };

  void watch(const std::stop_token& stop);
  void look_after_probes(const std::set<std::thread::id>& hanging);
  void start_prober();
  void probe(Prober& prober, const std::stop_token& stop);

  EndpointSet& endpoints_;
  OnHanging on_hanging_;
  std::chrono::milliseconds period_;
  std::atomic<bool> may_probe_{false};
  std::list<Prober> probers_{};  // the watchdog's thread only
  std::jthread thread_{};
};

}  // namespace certbridge::host
