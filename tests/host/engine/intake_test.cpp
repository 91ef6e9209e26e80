// When too much waits, sources are told to come back later, and why; what waits is not in memory.
#include "engine_fixture.h"

namespace certbridge::host {
namespace {

// Each look is later than the one before, so that the limit counts anew for each message.
class RestlessClock final : public Clock {
 public:
  Timestamp now() const override { return {}; }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point(std::chrono::seconds(++looks_));
  }

 private:
  mutable std::atomic<std::int64_t> looks_{0};
};

class Intake : public EngineTest {
 protected:
  Intake() {
    add_sink("library").on_send = [this](const Message&, const Call&) -> Result<Receipt> {
      if (library_is_away_) return Error::retryable("library.away", "it does not answer");
      return Receipt{};
    };
    add_route("issue", "SHANZHENG", {deliver("library")}).steps[0].retry->attempts = 1'000'000;
  }
  void limit_to(std::uint64_t unrouted, std::uint64_t undelivered, const Clock& clock) {
    limit_ = std::make_unique<IntakeLimit>(IntakeConfig{unrouted, undelivered}, *store_, clock,
                                           *logger_, metrics_);
  }
  Acceptance offer() {
    HostReceiver receiver("outbox", *limit_, *store_, hand_over(), metrics_, *logger_, clock_,
                          nullptr);
    const std::string key = "e" + std::to_string(++offered_);
    return receiver.accept({event(key, "SHANZHENG", "case of " + key)}).front();
  }
  bool is_taken() { return offer().verdict == Acceptance::Verdict::kAccepted; }
  std::string code_of_refusal() {
    const Acceptance answer = offer();
    if (answer.verdict != Acceptance::Verdict::kBusy) return "taken";
    EXPECT_GE(answer.retry_after, std::chrono::seconds(1));
    return answer.code;
  }
  double slowed() {
    const std::string text = metrics_.prometheus_text();
    const std::string name = "\ncertbridge_intake_slowed ";
    const auto at = text.find(name);
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size()));
  }
  void give_up(const std::string& id) {
    Transition transition;
    MessageChange change;
    change.id = id;
    change.state = MessageState::kDiscarded;
    transition.messages.push_back(change);
    ASSERT_TRUE(store_->apply(std::move(transition)));
  }

  std::atomic<bool> library_is_away_{false};
  RestlessClock restless_{};
  std::unique_ptr<IntakeLimit> limit_{};
  int offered_ = 0;
};

TEST_F(Intake, MessagesWhoseStepsDoNotKeepUpSlowTheSourcesUntilTheyDo) {
  limit_to(8, 1000, clock_);
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(is_taken()) << i;
  EXPECT_EQ(code_of_refusal(), "intake.unrouted");
  EXPECT_EQ(slowed(), 1);
  start();
  EXPECT_TRUE(eventually([this] { return is_taken(); }));
  EXPECT_EQ(slowed(), 0);
}

TEST_F(Intake, DeliveriesThatWaitSlowTheSourcesUntilTheCounterpartIsBack) {
  library_is_away_ = true;
  limit_to(1000, 4, restless_);
  start();
  EXPECT_TRUE(eventually([this] { return code_of_refusal() == "intake.undelivered"; }));
  EXPECT_GE(offered_, 5);
  EXPECT_EQ(code_of_refusal(), "intake.undelivered");
  library_is_away_ = false;
  EXPECT_TRUE(eventually([this] { return is_taken(); }));
}

TEST_F(Intake, AnEighthIsWorkedOffBeforeMoreIsTaken) {
  limit_to(16, 1000, restless_);
  std::vector<std::string> ids;
  for (int i = 0; i < 16; ++i) ids.push_back(offer().id);
  EXPECT_EQ(code_of_refusal(), "intake.unrouted");
  give_up(ids[0]);
  give_up(ids[1]);
  EXPECT_EQ(code_of_refusal(), "intake.unrouted") << "14 of 16 wait";
  give_up(ids[2]);
  EXPECT_TRUE(is_taken());
}

TEST_F(Intake, WhatWasTakenSinceTheLastCountCountsAsWell) {
  limit_to(3, 1000, clock_);
  HostReceiver receiver("outbox", *limit_, *store_, hand_over(), metrics_, *logger_, clock_,
                        nullptr);
  EXPECT_EQ(receiver.accept({event("a"), event("b"), event("c")}).front().verdict,
            Acceptance::Verdict::kAccepted);
  EXPECT_EQ(code_of_refusal(), "intake.unrouted");
}

// As many workers as the configuration allows, and a queue that would hold everything.
TEST_F(Intake, AtMost4096DeliveriesOfAnEndpointAreInMemory) {
  endpoint("library").workers = 256;
  endpoint("library").queue = 99'999;
  start();
  EXPECT_TRUE(eventually([this] { return store_->most_asked > 0; }));
  EXPECT_EQ(store_->most_asked, 4096U);
}

TEST_F(Intake, NoMoreThanItsQueueIsInMemory) {
  endpoint("library").queue = 10;
  start();
  EXPECT_TRUE(eventually([this] { return store_->most_asked > 0; }));
  EXPECT_EQ(store_->most_asked, 10U);
}

}  // namespace
}  // namespace certbridge::host
