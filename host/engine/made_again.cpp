#include "engine/made_again.h"

#include <algorithm>

#include "engine/reading.h"

namespace certbridge::host {
namespace {

constexpr const char* kCodeCorrected = "message.corrected";

bool may_run_again(const Step& step) {
  const bool itself = step.kind == StepKind::kFilter || step.kind == StepKind::kChoose ||
                      step.kind == StepKind::kValidate || step.kind == StepKind::kCall ||
                      step.kind == StepKind::kDeliver ||
                      (step.kind == StepKind::kProcess && !step.outside_effect);
  return itself && !step.gives_verdict &&
         std::all_of(step.branches.begin(), step.branches.end(),
                     [](const Branch& branch) { return can_be_made_again(branch.steps); });
}

// The number behind the identifier that steps give a child: 1 without one, 0 for another child.
int number_of(const std::string& id, const std::string& base) {
  if (id == base) return 1;
  if (!id.starts_with(base + "-")) return 0;
  const std::string number = id.substr(base.size() + 1);
  const bool digits =
      !number.empty() && number.size() < 7 &&
      std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits ? std::stoi(number) : 0;
}

const StoredMessage* latest(const std::vector<StoredMessage>& children, const std::string& base) {
  const StoredMessage* found = nullptr;
  for (const StoredMessage& child : children) {
    const int number = number_of(child.message.id, base);
    if (number > (found == nullptr ? 0 : number_of(found->message.id, base))) found = &child;
  }
  return found;
}

DeliveryChange superseded(const StoredDelivery& delivery, const std::string& by, Timestamp now) {
  DeliveryChange change;
  change.id = delivery.id;
  change.expected = {delivery.state};
  change.state = DeliveryState::kSuperseded;
  change.attempts = delivery.attempts;
  change.next_at = now;
  change.error_code = kCodeCorrected;
  change.error_message = "message " + by + " brings it as its source has it by now";
  return change;
}

// One that was refused, or that tells somebody what became of it.
bool is_about(const PlannedDelivery& planned, const std::vector<StoredDelivery>& refused) {
  return std::any_of(refused.begin(), refused.end(), [&](const StoredDelivery& delivery) {
    const auto& after = planned.after;
    return planned.name == delivery.name ||
           std::find(after.begin(), after.end(), delivery.name) != after.end();
  });
}

// True: `one` goes on in place of what was refused.
Result<bool> takes_the_place(const EngineServices& services, const StoredMessage& earlier,
                             const std::string& root, Travelling& one, Transition& transition) {
  auto deliveries = services.store.deliveries(earlier.message.id);
  if (!deliveries) return deliveries.error();
  auto& refused = deliveries.value();
  std::erase_if(refused, [](const StoredDelivery& delivery) { return !is_refused(delivery); });
  if (refused.empty()) return false;
  const auto found = differences({earlier.message}, {one.message});
  const Timestamp now = services.clock.now();
  transition.trace.push_back(
      {root, now, "read again", found.empty() ? "same" : "changed", in_words(found), {}});
  if (found.empty()) return false;
  one.message.id += "-" + std::to_string(number_of(earlier.message.id, one.message.id) + 1);
  std::erase_if(one.deliveries,
                [&](const PlannedDelivery& planned) { return !is_about(planned, refused); });
  for (const StoredDelivery& delivery : refused) {
    transition.delivery_changes.push_back(superseded(delivery, one.message.id, now));
  }
  return true;
}

}  // namespace

bool can_be_made_again(const std::vector<Step>& steps) {
  return std::all_of(steps.begin(), steps.end(), &may_run_again);
}

bool is_refused(const StoredDelivery& delivery) {
  const bool set_aside =
      delivery.state == DeliveryState::kParked || delivery.state == DeliveryState::kRepair;
  return set_aside && delivery.reach == Reach::kRefused;
}

Result<void> keep_what_is_new(const EngineServices& services, const StoredMessage& accepted,
                              std::vector<Travelling>& arrived, Transition& transition) {
  const auto children = services.store.children(accepted.message.id);
  if (!children) return children.error();
  std::vector<Travelling> kept;
  for (Travelling& one : arrived) {
    const StoredMessage* earlier =
        one.is_child ? latest(children.value(), one.message.id) : nullptr;
    if (earlier != nullptr) {
      const auto takes = takes_the_place(services, *earlier, accepted.message.id, one, transition);
      if (!takes) return takes.error();
      if (!takes.value()) continue;
    }
    kept.push_back(std::move(one));
  }
  arrived = std::move(kept);
  return {};
}

}  // namespace certbridge::host
