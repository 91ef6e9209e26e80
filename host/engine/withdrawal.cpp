#include "engine/withdrawal.h"

#include <algorithm>

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

// One message that was routed: discards what never left and hands on what may be held.
Result<void> plan_routed(Store& store, const Step& step, const std::set<std::string>& told,
                         const StoredMessage& earlier, const StoredMessage& event, Timestamp now,
                         Withdrawal& plan) {
  auto deliveries = store.deliveries(earlier.message.id);
  if (!deliveries) return deliveries.error();
  bool sent = false;
  for (const StoredDelivery& delivery : deliveries.value()) {
    // Reports to the registration system wait with `after` and still go: they say what came of it.
    const bool report = !delivery.after.empty();
    if (never_sent(delivery) && !report) {
      plan.deliveries.push_back(discarded(delivery, event, now));
    } else if (told.contains(delivery.endpoint) && delivery.state != DeliveryState::kDiscarded &&
               delivery.state != DeliveryState::kSuperseded) {
      sent = true;
    }
  }
  if (has_file(earlier.message)) {
    (sent ? plan.sent : plan.unsent)
        .push_back(voiding(earlier.message, event.message, step.withdraw_type));
  }
  plan.trace.push_back(
      {earlier.message.id, now, "withdraw", "ok", "withdrawn by message " + event.message.id, {}});
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

Result<Withdrawal> plan_withdrawal(Store& store, const Step& step,
                                   const std::set<std::string>& told, const StoredMessage& event,
                                   Timestamp now) {
  Withdrawal plan;
  for (const OrderKey& key : event.message.order_keys) {
    if (key.kind != step.key_kind) continue;
    auto sharing = store.messages_with_key(key, kMostWithdrawn);
    if (!sharing) return sharing.error();
    for (const StoredMessage& earlier : sharing.value()) {
      if (earlier.message.order_number >= event.message.order_number) continue;
      if (before_steps(earlier.state)) {
        plan.messages.push_back(withdrawn(earlier, event, now));
      } else if (auto planned = plan_routed(store, step, told, earlier, event, now, plan);
                 !planned) {
        return planned.error();
      }
    }
  }
  return plan;
}

}  // namespace certbridge::host
