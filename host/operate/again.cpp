// A counterpart has lost, or changed by itself, what it had taken.
#include "operate/operation_lists.h"
#include "operate/parked_parts.h"
#include "operate/parts.h"

namespace certbridge::host {
namespace {

constexpr std::uint64_t kLargestAgain = 64ULL << 20;

// What is sent is what was stored: after the retention there is nothing to send.
Result<void> check_content(const StoredMessage& stored) {
  if (stored.message.body == nullptr) return {};
  const auto body = read_all(*stored.message.body, kLargestAgain);
  if (body) return {};
  return Error::permanent("deliveries.no_content",
                          stored.message.id + " cannot be sent again: " + body.error().message +
                              "; the registration system makes a new revision");
}

Result<OperationAnswer> deliver_again(const OperationCall& call) {
  Store& store = call.services.store;
  const std::string endpoint = call.text("endpoint");
  const auto stored = store.message(call.text("message"));
  if (!stored) return stored.error();
  const auto deliveries = store.deliveries(stored.value().message.id);
  if (!deliveries) return deliveries.error();
  if (auto there = check_content(stored.value()); !there) return there.error();
  Transition transition;
  for (const StoredDelivery& one : deliveries.value()) {
    if (one.endpoint != endpoint || one.state != DeliveryState::kDelivered) continue;
    transition.delivery_changes.push_back(taking_up(one, false, call.services.clock.now()));
    transition.actions.push_back(
        action_of(call, "deliveries again", one.message_id, "delivery " + one.name));
  }
  if (transition.delivery_changes.empty()) {
    return Error::permanent("deliveries.not_delivered",
                            stored.value().message.id + ": nothing of it was delivered to " +
                                endpoint + "; what is parked is replayed");
  }
  const std::size_t count = transition.delivery_changes.size();
  if (auto applied = store.apply(std::move(transition)); !applied) return applied.error();
  OperationAnswer answer;
  answer.values = {{"message", stored.value().message.id}, {"deliveries", count_field(count)}};
  return answer;
}

}  // namespace

std::vector<Operation> again_operations() {
  return {
      {"deliveries",
       "again",
       Effect::kChanges,
       kOperators,
       "a counterpart lost what it had taken: ask it, and send again what it does not have",
       {kMessage, {"endpoint", ParameterType::kText, true, false, "the counterpart's"}, kReason},
       &deliver_again},
  };
}

}  // namespace certbridge::host
