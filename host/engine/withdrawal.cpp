#include "engine/withdrawal.h"

#include <algorithm>

#include "engine/beside.h"
#include "engine/certificate_file.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostWithdrawn = 10'000;

bool before_steps(MessageState state) {
  return state == MessageState::kAccepted || state == MessageState::kIncomplete ||
         state == MessageState::kInReview || state == MessageState::kParked;
}

bool never_sent(const StoredDelivery& delivery) {
  const bool waits =
      delivery.state == DeliveryState::kWaiting || delivery.state == DeliveryState::kReady;
  return waits && delivery.attempts == 0;
}

bool has_file(const Message& message) {
  return std::any_of(message.attachments.begin(), message.attachments.end(), &is_certificate_file);
}

// The message that tells a counterpart to void what it was sent.
Message voiding(const Message& issued, const Message& event, const std::string& type) {
  Message message = issued;
  message.type = type;
  message.attachments.clear();
  message.headers.erase("type-version");  // it issues nothing: no lane of its type holds it
  const auto when = event.headers.find("occurred-at");
  if (when != event.headers.end()) message.headers["occurred-at"] = when->second;
  return message;
}

MessageChange withdrawn(const StoredMessage& earlier, const StoredMessage& event, Timestamp now) {
  MessageChange change;
  change.id = earlier.message.id;
  change.expected = {earlier.state};
  change.state = MessageState::kWithdrawn;
  change.attempts = earlier.attempts;
  change.next_at = now;
  change.route = earlier.route;
  change.error_code = kCodeWithdrawn;
  change.error_message = "withdrawn by message " + event.message.id;
  return change;
}

DeliveryChange discarded(const StoredDelivery& delivery, const StoredMessage& event,
                         Timestamp now) {
  DeliveryChange change;
  change.id = delivery.id;
  change.expected = {delivery.state};
  change.state = DeliveryState::kDiscarded;
  change.next_at = now;
  change.error_code = kCodeWithdrawn;
  change.error_message = "withdrawn by message " + event.message.id + " before it was sent";
  return change;
}

// One under way: what it has planned so far.
struct Planning {
  Store& store;
  const WithdrawalScope& scope;
  const StoredMessage& event;
  Timestamp now{};
  Withdrawal plan{};
};

// Without what the way that it was made for takes it by: nobody takes it up in its place.
Message reported(const Message& told, const Message& event, const std::string& type) {
  Message message = voiding(told, event, type);
  message.body = nullptr;
  message.media_type.clear();
  message.headers.erase("for-route");
  message.headers[kReportedMessage] = told.id;
  return message;
}

// Refused for good is not there; asked for and found absent neither. What waits for another
// delivery only tells of it.
bool may_be_there(const StoredDelivery& delivery) {
  if (!delivery.after.empty()) return false;
  const bool set_aside =
      delivery.state == DeliveryState::kParked || delivery.state == DeliveryState::kRepair;
  if (set_aside) return delivery.reach == Reach::kUnknown;
  return delivery.state != DeliveryState::kDiscarded &&
         delivery.state != DeliveryState::kSuperseded && delivery.state != DeliveryState::kNotHeld;
}

// Discards what never left, and answers the others. Reports to the registration system wait with
// `after` and still go: they say what came of it.
std::vector<StoredDelivery> discard_unsent(const std::vector<StoredDelivery>& deliveries,
                                           Planning& planning) {
  std::vector<StoredDelivery> left;
  for (const StoredDelivery& delivery : deliveries) {
    if (never_sent(delivery) && delivery.after.empty()) {
      planning.plan.deliveries.push_back(discarded(delivery, planning.event, planning.now));
    } else {
      left.push_back(delivery);
    }
  }
  return left;
}

// One message that was routed: discards what never left and hands on what may be held.
Result<void> plan_routed(const StoredMessage& earlier, bool beside, Planning& planning) {
  const auto deliveries = planning.store.deliveries(earlier.message.id);
  if (!deliveries) return deliveries.error();
  const auto left = discard_unsent(deliveries.value(), planning);
  const Message& event = planning.event.message;
  const Step& step = planning.scope.step;
  if (has_file(earlier.message)) {
    const bool sent = std::any_of(left.begin(), left.end(), [&](const StoredDelivery& delivery) {
      return planning.scope.told.contains(delivery.endpoint) &&
             delivery.state != DeliveryState::kDiscarded &&
             delivery.state != DeliveryState::kSuperseded;
    });
    (sent ? planning.plan.sent : planning.plan.unsent)
        .push_back(voiding(earlier.message, event, step.withdraw_type));
  } else if (beside && !step.reported_type.empty() &&
             std::any_of(left.begin(), left.end(), &may_be_there)) {
    planning.plan.reported.push_back(reported(earlier.message, event, step.reported_type));
  }
  planning.plan.trace.push_back(
      {earlier.message.id, planning.now, "withdraw", "ok", "withdrawn by message " + event.id, {}});
  return {};
}

// Everything that was accepted before the event and shares the key.
Result<void> plan_key(const OrderKey& key, bool beside, Planning& planning) {
  auto sharing = planning.store.messages_with_key(key, kMostWithdrawn);
  if (!sharing) return sharing.error();
  for (const StoredMessage& earlier : sharing.value()) {
    if (earlier.message.order_number >= planning.event.message.order_number) continue;
    if (before_steps(earlier.state)) {
      planning.plan.messages.push_back(withdrawn(earlier, planning.event, planning.now));
    } else if (auto planned = plan_routed(earlier, beside, planning); !planned) {
      return planned;
    }
  }
  return {};
}

void collect_told(const std::vector<Step>& steps, std::set<std::string>& told) {
  for (const Step& step : steps) {
    if (step.kind == StepKind::kDeliver && step.after.empty()) told.insert(step.endpoint);
    for (const Branch& branch : step.branches) collect_told(branch.steps, told);
  }
}

}  // namespace

OrderKey certificate_key_of(const Message& message) {
  for (const OrderKey& key : message.order_keys) {
    if (key.kind == "certificate") return key;
  }
  return {};
}

std::set<std::string> told_of_withdrawal(const RouteConfig& route) {
  std::set<std::string> told;
  collect_told(route.steps, told);
  told.erase(route.report_refusal);
  return told;
}

WithdrawalScope scope_of(const Step& step, const RouteConfig& route,
                         const std::vector<RouteConfig>& routes) {
  WithdrawalScope scope{step, told_of_withdrawal(route), {}};
  for (const RouteConfig& other : routes) {
    if (other.beside) scope.beside.push_back(other.name);
  }
  return scope;
}

Result<Withdrawal> plan_withdrawal(Store& store, const WithdrawalScope& scope,
                                   const StoredMessage& event, Timestamp now) {
  Planning planning{store, scope, event, now, {}};
  for (const OrderKey& key : event.message.order_keys) {
    if (key.kind != scope.step.key_kind) continue;
    if (auto planned = plan_key(key, false, planning); !planned) return planned.error();
    for (const std::string& route : scope.beside) {
      const OrderKey theirs{key_kind_beside(route, key.kind), key.value};
      if (auto planned = plan_key(theirs, true, planning); !planned) return planned.error();
    }
  }
  return std::move(planning.plan);
}

}  // namespace certbridge::host
