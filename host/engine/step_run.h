// One run of one message through a route; private to the step runner.
#pragma once

#include <set>

#include "engine/compiled_route.h"
#include "engine/engine_services.h"

namespace certbridge::host {

// A message on its way through the steps, with what it has collected.
struct Travelling {
  Message message{};
  bool is_child = false;  // made by a step; otherwise the accepted message itself
  std::vector<Sm3Digest> gate_verdicts{};
  std::vector<PlannedDelivery> deliveries{};
  // Behind <life>: where and why the message ends, and which delivery says that its library has it.
  MessageState ends = MessageState::kDone;
  std::string code{};
  std::string text{};
  std::string collected_by{};
  Collects collects{};
  Bearing bearing{};
};

// A prepared certificate that waits for a person; its digest says what he is asked about.
struct PendingReview {
  std::string step{};
  Sm3Digest digest{};
  Message message{};
};

// Why a run ended early: the error and the step that it came from.
struct StepFailure {
  Error error{};
  std::string step{};
  Message message{};  // as far as it came
};

class StepRun {
 public:
  StepRun(EngineServices services, const CompiledRoute& route, const StoredMessage& accepted,
          std::stop_token stop)
      : services_(services), route_(route), accepted_(accepted), stop_(std::move(stop)) {}

  // All messages at the end of the route; none when a filter ended them.
  std::vector<Travelling> travel();
  const std::optional<StepFailure>& failure() const { return failure_; }
  // What a person has to decide about before the run can go on; none when it ended otherwise.
  const std::vector<PendingReview>& pending_reviews() const { return pending_reviews_; }
  // What the first processor made of the accepted message; empty when it did not come so far.
  const std::vector<Message>& reading() const { return reading_; }
  // Whether a step has left something for another run (left_over.h).
  bool has_left_over() const { return has_left_over_; }
  // Withdrawals, memory and trace of this run, to be committed with its outcome.
  Transition& effects() { return effects_; }
  const std::set<std::string>& step_keys() const { return step_keys_; }

 private:
  using Group = std::vector<Travelling>;
  Group run_steps(const std::vector<CompiledStep>& steps, Group group);
  Group run_step(const CompiledStep& step, Travelling one);
  Group filter(const CompiledStep& step, Travelling one);
  Group choose(const CompiledStep& step, Travelling one);
  Group check_rules(const CompiledStep& step, Travelling one);
  Group process(const CompiledStep& step, const Travelling& one);
  Group call(const CompiledStep& step, Travelling one);
  Group deliver(const CompiledStep& step, Travelling one);
  Group review(const CompiledStep& step, Travelling one);
  Group withdraw(const CompiledStep& step, const Travelling& one);
  Group life(const CompiledStep& step, const Travelling& one);
  Group type_version(const CompiledStep& step, Travelling one);
  Result<std::optional<RegisteredCertificate>> registered(const OrderKey& key);
  void change_register(RegisterChange change);
  Result<void> void_unsent(const std::vector<Message>& unsent);

  Result<std::vector<Message>> ask_processor(const Step& step, const Message& message,
                                             const Call& call);
  Result<void> take_left_over(std::vector<Message>& made);
  Group adopt(const CompiledStep& step, const Travelling& parent, std::vector<Message> messages);
  Call make_call(const Step& step, const Message& message);
  Group fail(const Step& step, const Message& message, Error error);
  void trace(const Step& step, const Message& message, const std::string& outcome,
             const std::string& text, std::chrono::steady_clock::time_point began);

  EngineServices services_;
  const CompiledRoute& route_;
  const StoredMessage& accepted_;
  std::stop_token stop_;
  std::optional<StepFailure> failure_{};
  std::vector<PendingReview> pending_reviews_{};
  std::vector<Message> reading_{};
  bool has_left_over_ = false;
  Transition effects_{};
  std::set<std::string> step_keys_{};
};

}  // namespace certbridge::host
