// What is known already is not looked up: a message that was just accepted goes to the steps, and
// what the steps made goes to its counterpart, both as they are in memory. Only while nothing waits
// before them in the journal: otherwise whoever came later would be first.
#include <algorithm>

#include "engine/engine.h"
#include "engine/type_lanes.h"
#include "journal/seeded_fault.h"

namespace certbridge::host {
namespace {

// Its deliveries are sent as it is in memory: without files, which the seal gate is asked about.
StoredMessage as_stored(const Message& message, const StoredMessage& stored) {
  StoredMessage one;
  one.message = message;
  one.message.order_number = stored.message.order_number;
  one.source = stored.source;
  one.lane = stored.lane;
  one.state = MessageState::kRouted;
  return one;
}

template <class Each>
void for_each_planned(const Transition& transition, const StoredMessage& stored, const Each& each) {
  for (const PlannedDelivery& planned : transition.deliveries) each(planned, stored.message);
  for (const RoutedChild& child : transition.children) {
    for (const PlannedDelivery& planned : child.deliveries) each(planned, child.message);
  }
}

}  // namespace

std::vector<StoredMessage> messages_of(const Transition& transition, const StoredMessage& stored) {
  std::vector<StoredMessage> messages;
  if (!transition.deliveries.empty()) messages.push_back(as_stored(stored.message, stored));
  for (const RoutedChild& child : transition.children) {
    if (!child.deliveries.empty()) messages.push_back(as_stored(child.message, stored));
  }
  return messages;
}

void Engine::hand_over(std::vector<StoredMessage> ready) {
  bool left = false;
  for (StoredMessage& stored : ready) {
    bool room = false;
    {
      const std::lock_guard lock(mutex_);
      room = !stopping_ && !messages_behind_ && messages_in_flight_.size() < message_window_;
      if (!room) messages_behind_ = true;
    }
    if (room) {
      take_up(std::move(stored));
    } else {
      left = true;
    }
  }
  if (left) wake();
}

// With the lock held.
bool Engine::may_send_at_once(const PlannedDelivery& planned, const Message& message) {
  if (!message.attachments.empty() || !planned.after.empty()) return false;
  const auto found = outlets_.find(planned.endpoint);
  if (found == outlets_.end() || stopping_) return false;
  const Outlet& outlet = found->second;
  return !outlet.behind && outlet.in_flight.size() + outlet.promised < outlet.workers &&
         std::chrono::steady_clock::now() >= outlet.rests_until;
}

// Its type's lane at the endpoint is held.
bool Engine::waits_for_type(const std::string& endpoint, const Message& message) {
  return services_.type_lanes != nullptr && services_.type_lanes->would_hold(endpoint, message);
}

// How many of its deliveries may be sent at once, by endpoint: a worker of it waits for each.
std::map<std::string, std::size_t> Engine::promise_places(const Transition& transition,
                                                          const StoredMessage& stored) {
  std::map<std::string, std::size_t> places;
  if (seeded_fault("no-sending-mark")) return places;
  std::set<std::string> not_now;
  for_each_planned(transition, stored, [&](const PlannedDelivery& planned, const Message& message) {
    const auto outlet = outlets_.find(planned.endpoint);
    const bool open = outlet != outlets_.end() && outlet->second.gate->is_wide_open() &&
                      !is_held(planned.endpoint, planned.route) &&
                      !waits_for_type(planned.endpoint, message);
    const std::lock_guard lock(mutex_);
    if (!open || !may_send_at_once(planned, message)) {
      not_now.insert(planned.endpoint);
      return;
    }
    ++outlet->second.promised;
    ++places[planned.endpoint];
  });
  for (const std::string& endpoint : not_now) {
    const auto found = places.find(endpoint);
    if (found == places.end()) continue;
    const std::lock_guard lock(mutex_);
    outlets_.at(endpoint).promised -= found->second;
    places.erase(found);
  }
  return places;
}

void Engine::keep_promises(const std::map<std::string, std::size_t>& places,
                           std::vector<StoredDelivery> begun,
                           const std::vector<StoredMessage>& of) {
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [endpoint, count] : places) outlets_.at(endpoint).promised -= count;
    for (const StoredDelivery& delivery : begun) {
      outlets_.at(delivery.endpoint).in_flight.emplace(delivery.id, delivery.lane);
    }
  }
  for (StoredDelivery& delivery : begun) {
    const auto message = std::find_if(of.begin(), of.end(), [&](const StoredMessage& one) {
      return one.message.id == delivery.message_id;
    });
    send_begun(std::move(delivery), *message);
  }
}

void Engine::send_begun(StoredDelivery delivery, StoredMessage message) {
  Outlet& outlet = outlets_.at(delivery.endpoint);
  outlet.gate->picked(1);
  const int rank = static_cast<int>(delivery.lane);
  const std::string name = std::to_string(delivery.id);
  outlet.pool->submit([this, delivery = std::move(delivery),
                       message = std::move(message)] { run_begun(delivery, message); },
                      rank, name);
}

// What was put on hold or stopped by the gate since it was marked is ready again, to be picked.
void Engine::run_begun(const StoredDelivery& delivery, const StoredMessage& message) {
  Outlet& outlet = outlets_.at(delivery.endpoint);
  const bool held = is_held(delivery.endpoint, delivery.route);
  Pass pass;
  if (held) {
    outlet.gate->dropped();
  } else {
    pass = outlet.gate->enter();
  }
  if (pass.allowed) {
    outlet.gate->leave(delivery.id, pass,
                       deliveries_.run_begun(delivery, message, pass, stop_.get_token()));
  } else {
    deliveries_.give_back(delivery);
  }
  settle_delivery(outlet, delivery, pass.allowed);
}

}  // namespace certbridge::host
