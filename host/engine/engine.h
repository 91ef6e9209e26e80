// Picks what is due from the journal and gives it to bounded pools: one for the steps, one for
// each endpoint that is delivered to.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <thread>
#include <vector>

#include "engine/compiled_route.h"
#include "engine/delivery_runner.h"
#include "engine/endpoint_gate.h"
#include "engine/engine_services.h"
#include "engine/step_runner.h"
#include "engine/worker_pool.h"

namespace certbridge::host {

// The messages that have deliveries in a transition, as they will be stored.
std::vector<StoredMessage> messages_of(const Transition& transition, const StoredMessage& stored);

// start() once, then stop() once, from one thread.
class Engine {
 public:
  Engine(EngineServices services, std::vector<CompiledRoute> routes);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void start();
  // Takes up nothing new and waits for what runs; false when calls are still running at `until`
  // (then the process must end without destroying the engine).
  bool stop(std::chrono::steady_clock::time_point until);

  // Runs the steps of what the journal has just accepted, without a look into it. What there is no
  // room for is left to be found there. Any thread, from start() on.
  void hand_over(std::vector<StoredMessage> ready);

  // Threads that are in calls that hang: others take over their share of the steps. An endpoint's
  // own threads have no stand-ins: when all hang, it is down. Any thread, between start and stop.
  void stand_in(const std::set<std::thread::id>& hanging) { step_pool_->stand_in(hanging); }

 private:
  static constexpr std::chrono::milliseconds kLongestSleep{1000};

  // Deliveries to one endpoint on their own threads, so that a slow one holds up no other.
  struct Outlet {
    std::unique_ptr<WorkerPool> pool{};
    std::unique_ptr<EndpointGate> gate{};
    std::chrono::milliseconds look_again{0};   // dispatcher only
    std::map<std::int64_t, Lane> in_flight{};  // in which lane it was picked
    std::size_t window = 0;
    std::size_t workers = 0;
    std::size_t promised = 0;  // places for what is being routed
    bool behind = true;        // the journal may have more that is due than was picked
    std::chrono::steady_clock::time_point rests_until{};
  };

  void dispatch();
  void dispatch_messages();
  void dispatch_deliveries(const std::string& endpoint, Outlet& outlet);
  // What is of the first lane by now goes before what was picked earlier.
  void hurry_messages();
  void hurry_deliveries(const std::string& endpoint, Outlet& outlet);
  // Defined in dispatch.cpp, their only user.
  template <class Id>
  std::pair<std::vector<Id>, std::vector<Id>> parted(const std::map<Id, Lane>& in_flight);
  template <class Id>
  bool is_moved_forward(std::map<Id, Lane>& in_flight, const Id& id);
  void take_up(StoredMessage stored);
  void take_up(const std::string& endpoint, Outlet& outlet, const StoredDelivery& delivery);
  Result<std::vector<StoredDelivery>> pick(const std::string& endpoint, Outlet& outlet);
  // handover.cpp: what has just been routed is sent without being picked.
  std::map<std::string, std::size_t> promise_places(const Transition& transition,
                                                    const StoredMessage& stored);
  bool waits_for_type(const std::string& endpoint, const Message& message);
  bool may_send_at_once(const PlannedDelivery& planned, const Message& message);
  void keep_promises(const std::map<std::string, std::size_t>& places,
                     std::vector<StoredDelivery> begun, const std::vector<StoredMessage>& of);
  void send_begun(StoredDelivery delivery, StoredMessage message);
  void run_begun(const StoredDelivery& delivery, const StoredMessage& message);
  void settle_delivery(Outlet& outlet, const StoredDelivery& delivery, bool ran);
  void add_outlet(const EndpointConfig& endpoint);
  void note_holds();
  void forget_pauses_of_others();
  // A message whose steps have run, until the journal has what came of them.
  struct Routing {
    StoredMessage stored{};
    std::map<std::string, std::size_t> places{};
    std::vector<StoredMessage> of{};
  };
  void run_message(const StoredMessage& stored);
  void end_routing(const std::shared_ptr<Routing>& routing,
                   Result<std::vector<StoredDelivery>> routed);
  void forget_message(const std::string& id, bool look_again);
  bool wait_routed(std::chrono::steady_clock::time_point until);
  bool is_held(const std::string& endpoint, const std::string& route);
  void run_delivery(const std::string& endpoint, const StoredDelivery& delivery);
  // False when it is to be picked again later.
  bool run_allowed(Outlet& outlet, const StoredDelivery& delivery);
  void settle_run(const StoredMessage& stored, const Error& error);
  void wake();
  // After the journal failed: nothing is taken up there before a pause is over.
  void rest(std::chrono::steady_clock::time_point& until, const Error& error);
  bool rests(const std::chrono::steady_clock::time_point& until);
  std::chrono::milliseconds until_next_due(Timestamp looked_at);
  bool is_woken();
  // Until something may have become due, at most so long.
  void sleep(std::chrono::milliseconds longest);

  EngineServices services_;
  std::vector<CompiledRoute> routes_;
  StepRunner steps_;
  DeliveryRunner deliveries_;
  std::stop_source stop_{};
  std::mutex mutex_{};  // guards what is in flight, times of rest, wake_
  std::condition_variable woken_{};
  bool wake_ = false;
  bool stopping_ = false;
  std::chrono::steady_clock::time_point messages_rest_until_{};
  std::map<std::string, Lane> messages_in_flight_{};
  std::size_t message_window_ = 0;
  std::size_t routing_ = 0;  // whose results the journal is storing
  std::condition_variable routed_{};
  bool messages_behind_ = true;  // the journal may have more that may run than was picked
  std::unique_ptr<WorkerPool> step_pool_{};
  std::map<std::string, Outlet> outlets_{};
  std::vector<Hold> known_holds_{};  // dispatcher only
  std::thread dispatcher_{};
};

}  // namespace certbridge::host
