#include "engine/supersede.h"

#include <algorithm>

namespace certbridge::host {
namespace {

constexpr std::size_t kMostSuperseded = 1'000;
constexpr const char* kCode = "message.superseded";

bool is_made_needless(const StoredMessage& other, const StoredMessage& by,
                      const RouteConfig& route) {
  return other.state == MessageState::kParked && other.parent.empty() &&
         other.route == route.name && other.source == by.source &&
         other.message.order_number < by.message.order_number;
}

void give_up(Transition& transition, const StoredMessage& other, const StoredMessage& by,
             Timestamp now) {
  MessageChange change;
  change.id = other.message.id;
  change.expected = {MessageState::kParked};
  change.state = MessageState::kSuperseded;
  change.attempts = other.attempts;
  change.next_at = now;
  change.route = other.route;
  change.error_code = kCode;
  change.error_message = "message " + by.message.id + " came through with a newer reading";
  transition.trace.push_back({other.message.id, now, "supersede", kCode, change.error_message, {}});
  transition.messages.push_back(std::move(change));
}

}  // namespace

Result<Transition> superseded_by(const EngineServices& services, const RouteConfig& route,
                                 const StoredMessage& accepted) {
  Transition transition;
  for (const OrderKey& key : accepted.message.order_keys) {
    if (route.supersedes.empty() || key.kind != route.supersedes) continue;
    const auto sharing = services.store.messages_with_key(key, kMostSuperseded);
    if (!sharing) return sharing.error();
    for (const StoredMessage& other : sharing.value()) {
      if (is_made_needless(other, accepted, route)) {
        give_up(transition, other, accepted, services.clock.now());
      }
    }
  }
  return transition;
}

}  // namespace certbridge::host
