// What the engine does while the journal cannot read or write: nothing is sent twice, nothing is
// given up, and what it will never take is set aside.
#include "engine_fixture.h"

namespace certbridge::host {
namespace {

using ::testing::SizeIs;

class JournalTrouble : public EngineTest {
 protected:
  // This error for the first `times` changes that move a delivery to this state.
  void fail_moves_to(DeliveryState state, int times, const Error& error) {
    left_ = times;
    store_->before_apply = [this, state, error](const Transition& wanted) -> Result<void> {
      const bool moves =
          !wanted.delivery_changes.empty() && wanted.delivery_changes.front().state == state;
      if (!moves || left_.fetch_sub(1) <= 0) return {};
      return error;
    };
  }
  static Error away() { return Error::retryable("journal.failed", "the disk is away"); }
  // A route that delivers to a library.
  ScriptedSink& library() {
    ScriptedSink& sink = add_sink("library");
    add_route("issue", "SHANZHENG", {deliver("library")});
    return sink;
  }
  // The same, limited: each of its deliveries is picked from the journal and marked then.
  ScriptedSink& limited_library() {
    ScriptedSink& sink = library();
    endpoint("library").delivery.limits.per_second = 1000;
    endpoint("library").delivery.limits.burst = 1000;
    return sink;
  }
  std::atomic<int> left_{0};
};

TEST_F(JournalTrouble, AResultThatCannotBeStoredIsStoredLaterAndNothingIsSentAgain) {
  ScriptedSink& sink = library();
  fail_moves_to(DeliveryState::kDelivered, 2, away());
  start();
  const std::string id = accept(event("e1")).id;
  EXPECT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered));
  EXPECT_LT(left_, 1);
  EXPECT_THAT(sink.sent(), SizeIs(1));
  EXPECT_EQ(sink.confirmed(), 0);
}

// The journal is away, or says that somebody else was first.
class MarkTrouble : public JournalTrouble, public ::testing::WithParamInterface<Error> {};

TEST_P(MarkTrouble, NothingLeavesBeforeItsMarkIsStored) {
  ScriptedSink& sink = limited_library();
  std::atomic<bool> early{false};
  sink.on_send = [&](const Message& message, const Call&) -> Result<Receipt> {
    if (delivery(message.id, "library")->state != DeliveryState::kSending) early = true;
    return Receipt{};
  };
  fail_moves_to(DeliveryState::kSending, 2, GetParam());
  start();
  const std::string id = accept(event("e1")).id;
  EXPECT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered));
  EXPECT_LT(left_, 1);
  EXPECT_FALSE(early);
  EXPECT_THAT(sink.sent(), SizeIs(1));
}
INSTANTIATE_TEST_SUITE_P(
    Errors, MarkTrouble,
    ::testing::Values(Error::retryable("journal.failed", "the disk is away"),
                      Error::permanent("journal.state_changed", "not any more")),
    [](const auto& one) { return one.param.severity == Severity::kRetryable ? "Away" : "Late"; });

TEST_F(JournalTrouble, AMessageThatCannotBeReadNowIsNotParked) {
  ScriptedSink& sink = limited_library();
  left_ = 2;
  store_->before_message = [this](const std::string&) -> Result<void> {
    if (left_.fetch_sub(1) <= 0) return {};
    return Error::retryable("journal.busy", "not now");
  };
  start();
  const std::string id = accept(event("e1")).id;
  EXPECT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered));
  EXPECT_LT(left_, 1);
  EXPECT_THAT(sink.sent(), SizeIs(1));
}

TEST_F(JournalTrouble, WhatItWillNeverTakeIsParkedAndRunOnce) {
  library();
  auto& read = add_processor("read");
  add_route("other", "DENGBU", {process("read"), deliver("library")});
  store_->before_apply = [](const Transition& wanted) -> Result<void> {
    if (wanted.children.empty()) return {};
    return Error::fault("journal.child_id", "this is no child");
  };
  start();
  const std::string id = accept(event("e1", "DENGBU")).id;
  ASSERT_TRUE(message_becomes(id, MessageState::kParked));
  EXPECT_EQ(message(id).error_code, "journal.child_id");
  EXPECT_EQ(read.calls, 1);
}

TEST_F(JournalTrouble, StepsThatCannotBeStoredHoldUpNoDelivery) {
  ScriptedSink& sink = library();
  add_processor("read");
  add_route("other", "DENGBU", {process("read"), deliver("library")});
  std::atomic<bool> away{true};
  store_->before_apply = [&](const Transition& wanted) -> Result<void> {
    if (wanted.children.empty() || !away) return {};
    return Error::retryable("journal.failed", "the disk is away");
  };
  // The first attempt asks for another one: that one must come while the steps still fail.
  sink.on_send = [&](const Message&, const Call& call) -> Result<Receipt> {
    if (call.attempt == 1) return Error::retryable("x.y", "not now");
    return Receipt{};
  };
  start();
  const std::string first = accept(event("e1", "SHANZHENG", "C1")).id;
  const std::string second = accept(event("e2", "DENGBU", "C2")).id;
  EXPECT_TRUE(delivery_becomes(first, "library", DeliveryState::kDelivered));
  EXPECT_EQ(message(second).state, MessageState::kAccepted);
  away = false;
  EXPECT_TRUE(message_becomes(second, MessageState::kDone));
}

}  // namespace
}  // namespace certbridge::host
