#include "engine/step_run.h"

#include <algorithm>

#include "certbridge/certificate.h"
#include "engine/certificate_file.h"
#include "engine/left_over.h"
#include "engine/reading.h"
#include "engine/terms.h"
#include "engine/withdrawal.h"

namespace certbridge::host {
namespace {

constexpr std::uint64_t kLargestInput = 1024UL * 1024;  // bytes
constexpr std::size_t kMostChildren =
    10'000;  // a case of a whole development has thousands of units

std::vector<Sm3Digest> file_digests(const Message& message) {
  std::vector<Sm3Digest> digests;
  for (const Attachment& file : message.attachments) {
    if (is_certificate_file(file)) digests.push_back(file.digest);
  }
  return digests;
}

std::string joined_rules(const std::vector<Finding>& findings) {
  std::string rules;
  for (const Finding& finding : findings) {
    if (finding.effect != RuleEffect::kWarn) continue;
    rules += (rules.empty() ? "" : ",") + finding.rule;
  }
  return rules;
}

}  // namespace

std::vector<Travelling> StepRun::travel() {
  Travelling start;
  start.message = accepted_.message;
  start.gate_verdicts = accepted_.gate_verdicts;
  Group group;
  group.push_back(std::move(start));
  return run_steps(route_.steps, std::move(group));
}

StepRun::Group StepRun::run_steps(const std::vector<CompiledStep>& steps, Group group) {
  for (const CompiledStep& step : steps) {
    Group next;
    for (Travelling& one : group) {
      Group made = run_step(step, std::move(one));
      if (failure_) return {};
      std::move(made.begin(), made.end(), std::back_inserter(next));
    }
    if (!pending_reviews_.empty()) return {};
    group = std::move(next);
  }
  return group;
}

StepRun::Group StepRun::run_step(const CompiledStep& step, Travelling one) {
  switch (step.step->kind) {
    case StepKind::kFilter:
      return filter(step, std::move(one));
    case StepKind::kChoose:
      return choose(step, std::move(one));
    case StepKind::kValidate:
      return check_rules(step, std::move(one));
    case StepKind::kProcess:
      return process(step, one);
    case StepKind::kCall:
      return call(step, std::move(one));
    case StepKind::kDeliver:
      return deliver(step, std::move(one));
    case StepKind::kReview:
      return review(step, std::move(one));
    case StepKind::kWithdraw:
      return withdraw(step, one);
    case StepKind::kLife:
      return life(step, one);
    case StepKind::kTypeVersion:
      return type_version(step, std::move(one));
  }
  return fail(*step.step, one.message, Error::fault("engine.step_kind", "unknown kind of step"));
}

StepRun::Group StepRun::filter(const CompiledStep& step, Travelling one) {
  auto holds = step.when->holds(one.message, accepted_.source);
  if (!holds) return fail(*step.step, one.message, holds.error());
  Group group;
  if (holds.value()) group.push_back(std::move(one));
  return group;
}

StepRun::Group StepRun::choose(const CompiledStep& step, Travelling one) {
  for (const CompiledBranch& branch : step.branches) {
    auto holds = branch.when->holds(one.message, accepted_.source);
    if (!holds) return fail(*step.step, one.message, holds.error());
    if (!holds.value()) continue;
    Group group;
    group.push_back(std::move(one));
    return run_steps(branch.steps, std::move(group));
  }
  return fail(*step.step, one.message,
              Error::permanent("route.no_branch", "no branch of <choose> takes this message"));
}

StepRun::Group StepRun::check_rules(const CompiledStep& step, Travelling one) {
  const auto began = services_.clock.steady();
  auto bytes = one.message.body == nullptr ? Result<std::string>(std::string())
                                           : read_all(*one.message.body, kLargestInput);
  if (!bytes) return fail(*step.step, one.message, bytes.error());
  auto certificate = parse_certificate(bytes.value());
  if (!certificate) return fail(*step.step, one.message, certificate.error());
  const auto findings = validate(certificate.value(), *step.rules, services_.configuration.issuers,
                                 local_day(services_.clock.now()));
  for (const Finding& finding : findings) {
    if (finding.effect != RuleEffect::kRefuse) continue;
    return fail(
        *step.step, one.message,
        Error::permanent("validation." + finding.rule, finding.field + ": " + finding.message));
  }
  const std::string warnings = joined_rules(findings);
  if (!warnings.empty()) one.message.headers["warnings"] = warnings;
  trace(*step.step, one.message, "ok", warnings.empty() ? "" : "warnings: " + warnings, began);
  Group group;
  group.push_back(std::move(one));
  return group;
}

Call StepRun::make_call(const Step& step, const Message& message) {
  const EndpointConfig* endpoint = find_endpoint(services_.configuration, step.endpoint);
  Call call;
  call.trace_id = accepted_.message.id;
  call.step_key = message.id + "/" + step.name;
  call.attempt = accepted_.attempts + 1;
  call.deadline = services_.clock.steady() +
                  (endpoint == nullptr ? std::chrono::milliseconds(30'000) : endpoint->timeout);
  call.stop = stop_;
  step_keys_.insert(call.step_key);
  return call;
}

// A step with an outside effect is asked once: its result is durable before the next step runs.
Result<std::vector<Message>> StepRun::ask_processor(const Step& step, const Message& message,
                                                    const Call& call) {
  Processor* processor = services_.endpoints.processor(step.endpoint);
  if (processor == nullptr) {
    return Error::fault("engine.no_processor", "endpoint " + step.endpoint + " is no processor");
  }
  // A record that is read again later gives another preparation: the key names what was prepared.
  std::string result_key = call.step_key;
  const auto record = message.headers.find("record-digest");
  if (record != message.headers.end()) result_key += "/" + record->second;
  if (step.outside_effect) {
    auto known = services_.store.step_result(result_key);
    if (!known) return known.error();
    if (known.value()) return std::move(known.value()->messages);
  }
  auto answer = processor->process(message, call);
  if (!answer || !step.outside_effect) return answer;
  Transition durable;
  durable.step_results.push_back({result_key, answer.value()});
  durable.memory = services_.memory.take(call.step_key);
  if (auto applied = services_.store.apply(std::move(durable)); !applied) return applied.error();
  return answer;
}

StepRun::Group StepRun::process(const CompiledStep& step, const Travelling& one) {
  const auto began = services_.clock.steady();
  auto answer = ask_processor(*step.step, one.message, make_call(*step.step, one.message));
  if (!answer) return fail(*step.step, one.message, answer.error());
  if (answer.value().size() > kMostChildren) {
    return fail(*step.step, one.message,
                Error::permanent("engine.too_many_children",
                                 "the step made " + std::to_string(answer.value().size()) +
                                     " messages, and 10,000 is the most of one event; what it is "
                                     "about must come in several cases"));
  }
  if (auto left = take_left_over(answer.value()); !left) {
    return fail(*step.step, one.message, left.error());
  }
  const std::string count = std::to_string(answer.value().size());
  trace(*step.step, one.message, "ok", answer.value().size() == 1 ? "" : count + " messages",
        began);
  if (!one.is_child && reading_.empty()) {
    Group made = adopt(step, one, std::move(answer).value());
    for (const Travelling& child : made) reading_.push_back(child.message);
    return made;
  }
  return adopt(step, one, std::move(answer).value());
}

// Takes it out of what the step made: it goes no further in this run.
Result<void> StepRun::take_left_over(std::vector<Message>& made) {
  const auto left = std::erase_if(
      made, [this](const Message& one) { return is_left_over(one, accepted_.message); });
  if (left == 0) return {};
  if (run_of(accepted_.message) >= kMostRuns) {
    return Error::permanent("engine.too_many_runs",
                            "a step has left something for another run 1000 times");
  }
  has_left_over_ = true;
  return {};
}

// Sets what the host alone may set on the messages that a step made.
StepRun::Group StepRun::adopt(const CompiledStep& step, const Travelling& parent,
                              std::vector<Message> messages) {
  const bool same_message = parent.is_child && messages.size() == 1;
  Group group;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    Travelling child;
    child.is_child = true;
    child.message = std::move(messages[i]);
    child.message.id =
        same_message ? parent.message.id : parent.message.id + "/" + std::to_string(i);
    child.message.order_number = accepted_.message.order_number;
    child.message.created = accepted_.message.created;
    child.message.source_key = accepted_.message.source_key;
    if (child.message.area.empty()) child.message.area = parent.message.area;
    child.deliveries = parent.deliveries;
    child.ends = parent.ends;
    child.code = parent.code;
    child.text = parent.text;
    child.collected_by = parent.collected_by;
    child.collects = parent.collects;
    child.bearing = parent.bearing;
    // A verdict holds for its digest, also behind the steps that follow.
    child.gate_verdicts =
        step.step->gives_verdict ? file_digests(child.message) : parent.gate_verdicts;
    group.push_back(std::move(child));
  }
  return group;
}

StepRun::Group StepRun::call(const CompiledStep& step, Travelling one) {
  const auto began = services_.clock.steady();
  Responder* responder = services_.endpoints.responder(step.step->endpoint);
  if (responder == nullptr) {
    return fail(*step.step, one.message,
                Error::fault("engine.no_responder",
                             "endpoint " + step.step->endpoint + " answers no questions"));
  }
  Message question = one.message;
  question.type = step.step->query;
  auto answer = responder->answer(question, make_call(*step.step, one.message));
  if (!answer) return fail(*step.step, one.message, answer.error());
  for (const auto& [name, value] : answer.value().headers) {
    one.message.headers[step.step->prefix + name] = value;
  }
  trace(*step.step, one.message, "ok", "", began);
  Group group;
  group.push_back(std::move(one));
  return group;
}

StepRun::Group StepRun::deliver(const CompiledStep& step, Travelling one) {
  PlannedDelivery planned;
  planned.name = step.step->name;
  planned.endpoint = step.step->endpoint;
  planned.route = route_.config->name;
  planned.after = step.step->after;
  // What waits for another delivery reports on it: it is not about the certificate itself.
  if (planned.after.empty()) planned.bearing = one.bearing;
  if (step.step->name == one.collected_by) planned.collects = one.collects;
  one.deliveries.push_back(std::move(planned));
  Group group;
  group.push_back(std::move(one));
  return group;
}

// A decision holds for what was seen: another preparation has another digest and is asked about
// anew.
StepRun::Group StepRun::review(const CompiledStep& step, Travelling one) {
  const auto began = services_.clock.steady();
  auto holds = step.when->holds(one.message, accepted_.source);
  if (!holds) return fail(*step.step, one.message, holds.error());
  auto digest = reviewed_digest(one.message);
  if (!digest) return fail(*step.step, one.message, digest.error());
  Group group;
  if (!holds.value() || !in_share(digest.value(), step.step->share)) {
    trace(*step.step, one.message, "ok", "not chosen for review", began);
    group.push_back(std::move(one));
    return group;
  }
  auto known = services_.store.desk().review_of(one.message.id, step.step->name, digest.value());
  if (!known) return fail(*step.step, one.message, known.error());
  const ReviewState state = known.value() ? known.value()->state : ReviewState::kWaiting;
  if (state == ReviewState::kReturned) {
    one.message.headers["review-reason"] = known.value()->reason;
    return fail(*step.step, one.message,
                Error::permanent("review.returned", "returned by a reviewer; why is in review " +
                                                        std::to_string(known.value()->id)));
  }
  if (state == ReviewState::kReleased) {
    trace(*step.step, one.message, "ok", "released in review " + std::to_string(known.value()->id),
          began);
    group.push_back(std::move(one));
    return group;
  }
  trace(*step.step, one.message, "in-review", "waits for a person", began);
  pending_reviews_.push_back({step.step->name, digest.value(), std::move(one.message)});
  return group;
}

StepRun::Group StepRun::withdraw(const CompiledStep& step, const Travelling& one) {
  const WithdrawalScope scope =
      scope_of(*step.step, *route_.config, services_.configuration.routes);
  auto plan = plan_withdrawal(services_.store, scope, accepted_, services_.clock.now());
  if (!plan) return fail(*step.step, one.message, plan.error());
  Withdrawal& found = plan.value();
  std::move(found.messages.begin(), found.messages.end(), std::back_inserter(effects_.messages));
  std::move(found.deliveries.begin(), found.deliveries.end(),
            std::back_inserter(effects_.delivery_changes));
  std::move(found.trace.begin(), found.trace.end(), std::back_inserter(effects_.trace));
  if (auto voided = void_unsent(found.unsent); !voided) {
    return fail(*step.step, one.message, voided.error());
  }
  std::move(found.reported.begin(), found.reported.end(), std::back_inserter(found.sent));
  return adopt(step, one, std::move(found.sent));
}

StepRun::Group StepRun::fail(const Step& step, const Message& message, Error error) {
  trace(step, message, error.code, error.message, services_.clock.steady());
  failure_ = StepFailure{std::move(error), step.name, message};
  return {};
}

void StepRun::trace(const Step& step, const Message& message, const std::string& outcome,
                    const std::string& text, std::chrono::steady_clock::time_point began) {
  const auto took =
      std::chrono::duration_cast<std::chrono::microseconds>(services_.clock.steady() - began);
  services_.metrics.observe("step_seconds", {{"step", step.name}, {"route", route_.config->name}},
                            static_cast<double>(took.count()) / 1e6);
  effects_.trace.push_back({message.id, services_.clock.now(), step.name, outcome, text, took});
}

}  // namespace certbridge::host
