#include <future>

#include "engine_fixture.h"

namespace certbridge::host {
namespace {

using testing::ElementsAre;

class DeliveryTest : public EngineTest {
 protected:
  DeliveryTest() { add_route("issue", "SHANZHENG", {deliver("library")}); }
  ScriptedSink& library() { return add_sink("library"); }
};

Confirmation confirmed(Confirmation::State state) {
  Confirmation confirmation;
  confirmation.state = state;
  return confirmation;
}

TEST_F(DeliveryTest, ALostAnswerIsConfirmedAndNotSentAgain) {
  library().on_send = [](const Message&, const Call&) -> Result<Receipt> {
    return Error::retryable("http.timeout", "no answer in time");
  };
  library().on_confirm = [](const Message&, const Call&) -> Result<Confirmation> {
    Confirmation present = confirmed(Confirmation::State::kPresent);
    present.receipt = Receipt{};
    present.receipt->remote_id = "there";
    return present;
  };
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered));
  EXPECT_EQ(library().sent().size(), 1U);
  EXPECT_EQ(delivery(id, "library")->receipt->remote_id, "there");
}

// What was learned from a counterpart before may be old after each of these.
TEST_F(DeliveryTest, WhatWasSentAndEachVerdictIsCounted) {
  std::atomic<bool> lost{true};
  library().on_send = [&](const Message&, const Call&) -> Result<Receipt> {
    if (lost.exchange(false)) return Error::retryable("http.timeout", "no answer in time");
    Receipt open;
    open.state = Receipt::State::kOpen;
    open.correlation = "batch-1";
    return open;
  };
  endpoint("library").settle_time = std::chrono::milliseconds(1);
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(eventually([&] { return deliveries_ > 0; })) << "also when its outcome is unknown";
  ASSERT_TRUE(delivery_becomes(id, "library", DeliveryState::kOpen));
  const std::uint64_t before = deliveries_;
  EXPECT_GT(before, 1U);
  IntakeLimit limit(configuration_.intake, *store_, clock_, *logger_, metrics_);
  HostReceiver receiver("outbox", limit, *store_, hand_over(), metrics_, *logger_, clock_,
                        &deliveries_);
  Outcome accepted;
  accepted.when = clock_.now();
  ASSERT_TRUE(receiver.settle({"library", "batch-1"}, accepted).ok());
  EXPECT_GT(deliveries_, before);
}

TEST_F(DeliveryTest, AbsentIsBelievedOnlyAfterTheSettleTime) {
  endpoint("library").settle_time = std::chrono::milliseconds(300);
  std::atomic<int> sends{0};
  std::atomic<std::int64_t> first{0};
  std::atomic<std::int64_t> second{0};
  library().on_send = [&](const Message&, const Call&) -> Result<Receipt> {
    const auto now =
        std::chrono::steady_clock::now().time_since_epoch() / std::chrono::milliseconds(1);
    if (++sends > 1) {
      second = now;
      return Receipt{};
    }
    first = now;
    return Error::retryable("http.closed", "closed");
  };
  start();
  ASSERT_TRUE(delivery_becomes(accept(event("e1")).id, "library", DeliveryState::kDelivered));
  EXPECT_EQ(sends, 2);
  EXPECT_GE(second - first, 295);  // milliseconds; the two clocks may differ by rounding
  EXPECT_GE(library().confirmed(), 1);
}

// An attempt of several calls may lose the last of them long after it began.
TEST_F(DeliveryTest, TheSettleTimeCountsFromTheEndOfTheLostAttempt) {
  endpoint("library").settle_time = std::chrono::milliseconds(300);
  std::promise<void> never;
  std::shared_future<void> long_call = never.get_future().share();
  std::atomic<int> sends{0};
  std::chrono::steady_clock::time_point lost{};
  std::chrono::steady_clock::time_point again{};
  library().on_send = [&](const Message&, const Call&) -> Result<Receipt> {
    if (++sends > 1) {
      again = std::chrono::steady_clock::now();
      return Receipt{};
    }
    long_call.wait_for(std::chrono::milliseconds(400));  // longer than the settle time
    lost = std::chrono::steady_clock::now();
    return Error::retryable("http.closed", "closed");
  };
  start();
  ASSERT_TRUE(delivery_becomes(accept(event("e1")).id, "library", DeliveryState::kDelivered));
  EXPECT_EQ(sends, 2);
  EXPECT_GE((again - lost) / std::chrono::milliseconds(1), 295);
}

// The answer "absent" may be old when it arrives: what counts is when the question was asked.
TEST_F(DeliveryTest, AnAnswerThatWasAskedForBeforeTheSettleTimeIsNotBelieved) {
  endpoint("library").settle_time = std::chrono::milliseconds(1500);
  std::promise<void> never;
  std::shared_future<void> slow_answer = never.get_future().share();
  std::atomic<int> sends{0};
  std::atomic<int> asked{0};
  library().on_send = [&](const Message&, const Call&) -> Result<Receipt> {
    if (++sends > 1) return Receipt{};
    return Error::retryable("http.closed", "closed");
  };
  library().on_confirm = [&](const Message&, const Call&) -> Result<Confirmation> {
    if (++asked == 1) slow_answer.wait_for(std::chrono::milliseconds(1700));
    return confirmed(Confirmation::State::kAbsent);
  };
  start();
  ASSERT_TRUE(delivery_becomes(accept(event("e1")).id, "library", DeliveryState::kDelivered));
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(sends, 2);
}

TEST_F(DeliveryTest, SomethingElseUnderTheIdentifierIsParked) {
  library().on_send = [](const Message&, const Call&) -> Result<Receipt> {
    return Error::retryable("x.y", "lost");
  };
  library().on_confirm = [](const Message&, const Call&) -> Result<Confirmation> {
    return confirmed(Confirmation::State::kDifferent);
  };
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(delivery_becomes(id, "library", DeliveryState::kParked));
  EXPECT_EQ(delivery(id, "library")->error_code, "delivery.different");
  EXPECT_TRUE(message_becomes(id, MessageState::kDone));
}

TEST_F(DeliveryTest, WhoCannotTellIsParkedOrResentByPolicy) {
  auto& other = add_sink("other");
  endpoint("other").unknown = UnknownPolicy::kResend;
  add_route("other", "FAZHENG", {deliver("other")});
  const auto cannot_tell = [](const Message&, const Call&) -> Result<Confirmation> {
    return confirmed(Confirmation::State::kCannotTell);
  };
  library().on_send = [](const Message&, const Call&) -> Result<Receipt> {
    return Error::retryable("x.y", "lost");
  };
  library().on_confirm = cannot_tell;
  other.on_confirm = cannot_tell;
  other.on_send = [&other](const Message&, const Call&) -> Result<Receipt> {
    if (other.sent().size() < 2) return Error::retryable("x.y", "lost");
    return Receipt{};
  };
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(delivery_becomes(id, "library", DeliveryState::kParked));
  EXPECT_EQ(delivery(id, "library")->error_code, "delivery.cannot_tell");
  EXPECT_EQ(library().sent().size(), 1U);
  ASSERT_TRUE(delivery_becomes(accept(event("e2", "FAZHENG", "C9")).id, "other",
                               DeliveryState::kDelivered));
  EXPECT_EQ(other.sent().size(), 2U);
}

TEST_F(DeliveryTest, InProgressIsAskedAgain) {
  library().on_send = [](const Message&, const Call&) -> Result<Receipt> {
    return Error::retryable("x.y", "lost");
  };
  library().on_confirm = [this](const Message&, const Call&) -> Result<Confirmation> {
    return confirmed(library().confirmed() < 3 ? Confirmation::State::kInProgress
                                               : Confirmation::State::kPresent);
  };
  start();
  ASSERT_TRUE(delivery_becomes(accept(event("e1")).id, "library", DeliveryState::kDelivered));
  EXPECT_EQ(library().sent().size(), 1U);
}

TEST_F(DeliveryTest, ARefusalIsParkedAtOnce) {
  library().on_send = [](const Message&, const Call&) -> Result<Receipt> {
    return Error::permanent("municipal.refused", "issuer not known");
  };
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(delivery_becomes(id, "library", DeliveryState::kParked));
  EXPECT_EQ(library().sent().size(), 1U);
  EXPECT_EQ(library().confirmed(), 0);
}

TEST_F(DeliveryTest, AttemptsAreUsedUp) {
  endpoint("library").settle_time = std::chrono::milliseconds(1);
  library().on_send = [](const Message&, const Call&) -> Result<Receipt> {
    return Error::retryable("x.y", "lost");
  };
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(delivery_becomes(id, "library", DeliveryState::kParked));
  EXPECT_EQ(delivery(id, "library")->error_code, "delivery.attempts_used_up");
  EXPECT_EQ(library().sent().size(), 5U);
}

TEST_F(DeliveryTest, EventsOfOneKeyArriveInOrderWhateverFails) {
  endpoint("library").settle_time = std::chrono::milliseconds(1);
  endpoint("library").workers = 8;
  std::mutex mutex;
  std::vector<std::string> held;
  std::mt19937 random(7);
  library().on_send = [&](const Message& message, const Call& call) -> Result<Receipt> {
    const std::lock_guard lock(mutex);
    if (call.attempt < 3 && random() % 3 == 0) return Error::retryable("x.y", "failed");
    held.push_back(message.id);
    return Receipt{};
  };
  start();
  std::vector<std::string> accepted;
  for (int i = 0; i < 30; ++i) accepted.push_back(accept(event("e" + std::to_string(i))).id);
  ASSERT_TRUE(eventually([&] {
    const std::lock_guard lock(mutex);
    return held.size() == 30;
  }));
  EXPECT_EQ(held, accepted);
}

TEST_F(DeliveryTest, AnotherKeyIsNotHeldUpByAFailingOne) {
  library().on_send = [](const Message& message, const Call&) -> Result<Receipt> {
    if (message.source_key == "slow") return Error::retryable("x.y", "failed");
    return Receipt{};
  };
  library().on_confirm = [](const Message&, const Call&) -> Result<Confirmation> {
    return confirmed(Confirmation::State::kInProgress);
  };
  start();
  const std::string slow = accept(event("slow", "SHANZHENG", "C1")).id;
  const std::string behind = accept(event("behind", "SHANZHENG", "C1")).id;
  const std::string other = accept(event("other", "SHANZHENG", "C2")).id;
  ASSERT_TRUE(delivery_becomes(other, "library", DeliveryState::kDelivered));
  // Its steps run when those before it of its key have run, whatever else was quicker.
  ASSERT_TRUE(delivery_becomes(behind, "library", DeliveryState::kWaiting));
  EXPECT_NE(delivery(slow, "library")->state, DeliveryState::kDelivered);
}

TEST_F(DeliveryTest, AnOpenReceiptIsSettledByItsVerdict) {
  library().on_send = [](const Message&, const Call&) -> Result<Receipt> {
    Receipt open;
    open.state = Receipt::State::kOpen;
    open.correlation = "R-1";
    return open;
  };
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(delivery_becomes(id, "library", DeliveryState::kOpen));
  Outcome outcome;
  outcome.remote_id = "held-1";
  ASSERT_TRUE(store_->settle({"library", "R-1"}, outcome).ok());
  ASSERT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered));
  EXPECT_TRUE(message_becomes(id, MessageState::kDone));
}

Receipt open_receipt(Timestamp expected_by) {
  Receipt open;
  open.state = Receipt::State::kOpen;
  open.correlation = "R-1";
  open.expected_by = expected_by;
  return open;
}

TEST_F(DeliveryTest, AnOverdueVerdictIsAskedForAndNeverTakenForGranted) {
  library().on_send = [this](const Message&, const Call&) -> Result<Receipt> {
    return open_receipt(clock_.now());
  };
  library().on_confirm = [this](const Message&, const Call&) -> Result<Confirmation> {
    if (library().confirmed() == 1) return Error::permanent("x.y", "no such question");
    Confirmation present = confirmed(Confirmation::State::kPresent);
    // That it is open still, and until when, is no verdict: the alarm stays.
    present.receipt =
        library().confirmed() == 2 ? open_receipt(clock_.now() + std::chrono::hours(1)) : Receipt{};
    return present;
  };
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered));
  EXPECT_GE(library().confirmed(), 3);
  EXPECT_EQ(library().sent().size(), 1U);
}

TEST_F(DeliveryTest, ARejectionThatIsAskedForIsTheVerdict) {
  library().on_send = [this](const Message&, const Call&) -> Result<Receipt> {
    return open_receipt(clock_.now());
  };
  library().on_confirm = [](const Message&, const Call&) -> Result<Confirmation> {
    return Error::permanent(kCodeRejected, "code 1000, no such unit");
  };
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(delivery_becomes(id, "library", DeliveryState::kParked));
  EXPECT_EQ(delivery(id, "library")->error_code, "delivery.rejected");
  EXPECT_EQ(delivery(id, "library")->error_message, "code 1000, no such unit");
  EXPECT_NE(logged().find("delivery.parked"), std::string::npos);
  EXPECT_EQ(logged().find("no such unit"), std::string::npos) << "it may name people";
  EXPECT_EQ(library().confirmed(), 1);
  EXPECT_EQ(library().sent().size(), 1U);
}

TEST_F(DeliveryTest, WhatVanishedAfterAReceiptIsParkedAndNotSentAgain) {
  library().on_send = [this](const Message&, const Call&) -> Result<Receipt> {
    return open_receipt(clock_.now());
  };
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(delivery_becomes(id, "library", DeliveryState::kParked));
  EXPECT_EQ(delivery(id, "library")->error_code, "delivery.vanished");
  EXPECT_EQ(library().sent().size(), 1U);
}

TEST_F(EngineTest, ADeliveryAfterAnotherIsToldWhatItCameTo) {
  auto& library = add_sink("library");
  auto& reporter = add_sink("reporter");
  library.on_send = [](const Message& message, const Call&) -> Result<Receipt> {
    if (message.source_key == "bad") return Error::permanent("municipal.refused", "no such issuer");
    Receipt receipt;
    receipt.remote_id = "L-1";
    return receipt;
  };
  add_route("issue", "SHANZHENG", {deliver("library"), deliver("reporter", {"library"})});
  start();
  const std::string good = accept(event("good")).id;
  ASSERT_TRUE(delivery_becomes(good, "reporter", DeliveryState::kDelivered));
  const std::string bad = accept(event("bad", "SHANZHENG", "C2")).id;
  ASSERT_TRUE(delivery_becomes(bad, "reporter", DeliveryState::kDelivered));
  const auto calls = reporter.calls();
  ASSERT_EQ(calls.size(), 2U);
  ASSERT_EQ(calls[0].earlier.size(), 1U);
  EXPECT_EQ(calls[0].earlier[0].state, "delivered");
  EXPECT_EQ(calls[0].earlier[0].remote_id, "L-1");
  EXPECT_EQ(calls[1].earlier[0].state, "parked");
  EXPECT_EQ(calls[1].earlier[0].error_code, "municipal.refused");
}

TEST_F(DeliveryTest, StoppingGivesUpOnAHungCallAtTheDeadline) {
  std::promise<void> entered;
  std::promise<void> release;
  library().on_send = [&](const Message&, const Call&) -> Result<Receipt> {
    entered.set_value();
    release.get_future().wait();
    return Receipt{};
  };
  start();
  accept(event("e1"));
  entered.get_future().wait();
  EXPECT_FALSE(stop(std::chrono::milliseconds(50)));
  release.set_value();
}

TEST_F(DeliveryTest, AfterARestartAnAttemptThatWasUnderWayIsConfirmedFirst) {
  // The state that a crash leaves: an attempt marked as begun and never recorded as ended.
  library().on_send = [](const Message&, const Call&) -> Result<Receipt> {
    return Error::retryable("x.y", "lost");
  };
  library().on_confirm = [](const Message&, const Call&) -> Result<Confirmation> {
    return Error::retryable("x.y", "not now");
  };
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(delivery_becomes(id, "library", DeliveryState::kUnknown));
  ASSERT_TRUE(stop());
  engine_.reset();
  const auto left = delivery(id, "library");
  DeliveryChange sending;
  sending.id = left->id;
  sending.state = DeliveryState::kSending;
  sending.attempts = left->attempts;
  sending.last_attempt = left->last_attempt;
  Transition transition;
  transition.delivery_changes.push_back(sending);
  ASSERT_TRUE(store_->apply(std::move(transition)).ok());
  store_->close();
  StoreSettings settings;
  settings.folder = folder_.string();
  settings.master_key = std::string(32, 'k');
  settings.master_key_id = "test";
  settings.clock = &clock_;
  store_.reset();
  store_ = std::make_unique<FaultyStore>(std::move(open_sqlite_store(settings)).value());
  EXPECT_EQ(delivery(id, "library")->state, DeliveryState::kUnknown);
  // When the attempt was lost is not known: the settle time counts from the restart.
  EXPECT_GT(*delivery(id, "library")->last_attempt, *left->last_attempt);
}

}  // namespace
}  // namespace certbridge::host
