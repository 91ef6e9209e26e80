// The step <life> of a run: the register as this run sees it, and how its messages go on.
#include <algorithm>

#include "engine/life_step.h"
#include "engine/step_run.h"
#include "engine/withdrawal.h"

namespace certbridge::host {

// What an earlier message of this run changed counts already.
Result<std::optional<RegisteredCertificate>> StepRun::registered(const OrderKey& key) {
  for (const RegisterChange& pending : effects_.certificates) {
    if (pending.after.key == key) return std::optional(pending.after);
  }
  return services_.store.certificate(key);
}

void StepRun::change_register(RegisterChange change) {
  const auto same = std::find_if(
      effects_.certificates.begin(), effects_.certificates.end(),
      [&](const RegisterChange& pending) { return pending.after.key == change.after.key; });
  if (same == effects_.certificates.end()) {
    effects_.certificates.push_back(std::move(change));
  } else {
    *same = std::move(change);
  }
}

StepRun::Group StepRun::life(const CompiledStep& step, const Travelling& one) {
  const auto began = services_.clock.steady();
  auto result = apply_life(
      one.message, [this](const OrderKey& key) { return registered(key); },
      services_.configuration.life, services_.clock.now());
  if (!result) return fail(*step.step, one.message, result.error());
  LifeResult& found = result.value();
  if (found.change) change_register(*std::move(found.change));
  if (found.linked) effects_.linked.push_back(*std::move(found.linked));
  const std::string effect = to_text(found.outcome);
  services_.metrics.count("life_events_total", {{"effect", effect}}, 1);
  trace(*step.step, one.message, found.code.empty() ? effect : found.code, found.text, began);
  std::vector<Message> next;
  next.push_back(std::move(found.message));
  Group group = adopt(step, one, std::move(next));
  for (Travelling& child : group) {
    child.ends = found.ends;
    child.code = found.code;
    child.text = found.text;
    child.collects = found.collects;
    child.bearing = found.bearing;
    child.collected_by = step.step->collected_by;
  }
  return group;
}

// What was discarded before it was sent is never published: the register says so too.
Result<void> StepRun::void_unsent(const std::vector<Message>& unsent) {
  for (const Message& message : unsent) {
    auto known = registered(certificate_key_of(message));
    if (!known) return known.error();
    if (!known.value()) continue;
    auto result = apply_life(
        message, [this](const OrderKey& key) { return registered(key); },
        services_.configuration.life, services_.clock.now());
    if (!result) return result.error();
    if (result.value().change) change_register(*std::move(result.value().change));
  }
  return {};
}

}  // namespace certbridge::host
