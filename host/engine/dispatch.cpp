// What is taken up next, at the steps and at each endpoint; on the dispatcher's thread.
#include <algorithm>

#include "engine/engine.h"

namespace certbridge::host {

// What is in flight in the first lane, and what in the others.
template <class Id>
std::pair<std::vector<Id>, std::vector<Id>> Engine::parted(const std::map<Id, Lane>& in_flight) {
  const std::lock_guard lock(mutex_);
  std::pair<std::vector<Id>, std::vector<Id>> parts;
  for (const auto& [id, lane] : in_flight) {
    (lane == Lane::kRevocation ? parts.first : parts.second).push_back(id);
  }
  return parts;
}

// False when its run has ended meanwhile.
template <class Id>
bool Engine::is_moved_forward(std::map<Id, Lane>& in_flight, const Id& id) {
  const std::lock_guard lock(mutex_);
  const auto found = in_flight.find(id);
  if (found != in_flight.end()) found->second = Lane::kRevocation;
  return found != in_flight.end();
}

void Engine::dispatch_messages() {
  if (rests(messages_rest_until_)) return;
  hurry_messages();
  std::vector<std::string> exclude;
  {
    const std::lock_guard lock(mutex_);
    // A window that is half full is not worth a query.
    messages_behind_ = true;
    if (messages_in_flight_.size() > message_window_ / 2) return;
    for (const auto& [id, lane] : messages_in_flight_) exclude.push_back(id);
  }
  const std::size_t most = message_window_ - exclude.size();
  auto due = services_.store.due_messages(services_.clock.now(), most, exclude, Lane::kBulk);
  if (!due) return rest(messages_rest_until_, due.error());
  {
    const std::lock_guard lock(mutex_);
    messages_behind_ = due.value().size() >= most;
  }
  for (StoredMessage& stored : due.value()) take_up(std::move(stored));
}

// At most a window of them on top of what is in flight.
void Engine::hurry_messages() {
  const auto [urgent, picked] = parted(messages_in_flight_);
  if (urgent.size() + picked.size() == 0 || urgent.size() >= message_window_) return;
  auto due = services_.store.due_messages(services_.clock.now(), message_window_ - urgent.size(),
                                          urgent, Lane::kRevocation);
  if (!due) return rest(messages_rest_until_, due.error());
  for (StoredMessage& stored : due.value()) {
    const std::string id = stored.message.id;
    if (std::find(picked.begin(), picked.end(), id) == picked.end()) {
      take_up(std::move(stored));
    } else if (is_moved_forward(messages_in_flight_, id)) {
      step_pool_->hurry(id, static_cast<int>(Lane::kRevocation));
    }
  }
}

void Engine::take_up(StoredMessage stored) {
  const std::string id = stored.message.id;
  const Lane lane = stored.lane;
  {
    const std::lock_guard lock(mutex_);
    if (!messages_in_flight_.emplace(id, lane).second) return;  // handed over meanwhile
  }
  step_pool_->submit([this, stored = std::move(stored)] { run_message(stored); },
                     static_cast<int>(lane), id);
}

// At most what the gate has room for; of an endpoint that is probed, one that has not failed yet.
Result<std::vector<StoredDelivery>> Engine::pick(const std::string& endpoint, Outlet& outlet) {
  std::set<std::int64_t> exclude;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, lane] : outlet.in_flight) exclude.insert(id);
  }
  const GateRoom room = outlet.gate->room();
  outlet.look_again = room.look_again;
  const std::size_t free = outlet.window - std::min(outlet.window, exclude.size());
  const std::size_t most = std::min(free, room.most);
  if (most == 0) return std::vector<StoredDelivery>{};
  exclude.insert(room.avoid.begin(), room.avoid.end());
  auto due = services_.store.due_deliveries(endpoint, services_.clock.now(), most,
                                            {exclude.begin(), exclude.end()}, Lane::kBulk);
  if (due && due.value().empty() && !room.avoid.empty()) {
    outlet.gate->forget_failed_probes();
    outlet.look_again = std::chrono::milliseconds(1);
  }
  if (due) {
    const std::lock_guard lock(mutex_);
    outlet.behind = due.value().size() >= most;
  }
  return due;
}

void Engine::dispatch_deliveries(const std::string& endpoint, Outlet& outlet) {
  outlet.look_again = kLongestSleep;
  if (rests(outlet.rests_until)) return;
  hurry_deliveries(endpoint, outlet);
  {
    const std::lock_guard lock(mutex_);
    outlet.behind = true;
    if (outlet.in_flight.size() > outlet.window / 2) return;
  }
  auto due = pick(endpoint, outlet);
  if (!due) return rest(outlet.rests_until, due.error());
  outlet.gate->picked(due.value().size());
  for (const StoredDelivery& delivery : due.value()) take_up(endpoint, outlet, delivery);
}

// What is in flight is only moved forward; beyond that, at most a window and what the gate has room
// for.
void Engine::hurry_deliveries(const std::string& endpoint, Outlet& outlet) {
  const auto [urgent, picked] = parted(outlet.in_flight);
  if (urgent.size() + picked.size() == 0 || urgent.size() >= outlet.window) return;
  auto due = services_.store.due_deliveries(
      endpoint, services_.clock.now(), outlet.window - urgent.size(), urgent, Lane::kRevocation);
  if (!due) return rest(outlet.rests_until, due.error());
  std::size_t room = due.value().empty() ? 0 : outlet.gate->room().most;
  for (const StoredDelivery& delivery : due.value()) {
    if (std::find(picked.begin(), picked.end(), delivery.id) != picked.end()) {
      if (!is_moved_forward(outlet.in_flight, delivery.id)) continue;
      outlet.pool->hurry(std::to_string(delivery.id), static_cast<int>(Lane::kRevocation));
    } else if (room > 0) {
      --room;
      outlet.gate->picked(1);
      take_up(endpoint, outlet, delivery);
    }
  }
}

void Engine::take_up(const std::string& endpoint, Outlet& outlet, const StoredDelivery& delivery) {
  {
    const std::lock_guard lock(mutex_);
    outlet.in_flight.emplace(delivery.id, delivery.lane);
  }
  outlet.pool->submit([this, endpoint, delivery] { run_delivery(endpoint, delivery); },
                      static_cast<int>(delivery.lane), std::to_string(delivery.id));
}

}  // namespace certbridge::host
