// The gate of one endpoint over a real journal, with a clock that a test moves.
#include "engine/endpoint_gate.h"

#include "engine_fixture.h"

namespace certbridge::host {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

// Wall and steady time are moved apart: a jump of the wall clock leaves the steady one alone.
class MovedClock final : public Clock {
 public:
  Timestamp now() const override { return wall; }
  std::chrono::steady_clock::time_point steady() const override { return still; }
  void pass(milliseconds time) {
    wall += time;
    still += time;
  }
  // Tuesday 2026-11-24, 10:00 in the zone +08:00.
  Timestamp wall{milliseconds(1'795'485'600'000)};
  std::chrono::steady_clock::time_point still{hours(1)};
};

class GateTest : public EngineTest {
 protected:
  GateTest() {
    endpoint("library").delivery.breaker = {3, 1s, 60s};
    config_ = &endpoint("library");
  }
  DeliveryPolicy& policy() { return endpoint("library").delivery; }
  void make() {
    gate_ = std::make_unique<EndpointGate>(
        *config_,
        EngineServices{configuration_, *store_, endpoints_, *memory_, moved_, metrics_, *logger_});
    gate_->restore();
  }
  std::size_t room() { return gate_->room().most; }
  bool run(Contact::Outcome outcome, std::optional<milliseconds> wish = {}, bool sent = true) {
    gate_->picked(1);
    const Pass pass = gate_->enter();
    if (!pass.allowed) return false;
    Contact contact;
    contact.outcome = outcome;
    contact.sent = sent;
    contact.error = Error::retryable("library.busy", "come later");
    contact.error.retry_after = wish;
    gate_->leave(++delivery_, pass, contact);
    return true;
  }
  void answered() { EXPECT_TRUE(run(Contact::Outcome::kAnswered)); }
  void failed(std::optional<milliseconds> wish = {}) {
    EXPECT_TRUE(run(Contact::Outcome::kFailed, wish));
  }
  std::string paused() {
    std::string causes;
    const auto pauses = store_->pauses();
    for (const Pause& pause : pauses.value()) causes += to_text(pause.cause) + " ";
    return causes;
  }
  double metric(const std::string& name, const std::string& cause = "") {
    MetricLabels labels{{"endpoint", "library"}};
    if (!cause.empty()) labels.emplace_back("cause", cause);
    return metrics_.value(name, labels);
  }

  MovedClock moved_{};
  EndpointConfig* config_ = nullptr;
  std::unique_ptr<EndpointGate> gate_{};
  std::int64_t delivery_ = 0;
};

TEST_F(GateTest, OpensAndProbesAndClosesAndSaysSoEveryTime) {
  make();
  for (int i = 0; i < 3; ++i) failed();
  EXPECT_EQ(room(), 0u);
  EXPECT_EQ(paused(), "breaker ");
  EXPECT_EQ(metric("breaker_state"), 2);
  EXPECT_EQ(metric("endpoint_paused", "breaker"), 1);
  EXPECT_EQ(store_->pauses().value()[0].reason, "library.busy: come later");
  EXPECT_EQ(store_->pauses().value()[0].until, moved_.now() + 1s);
  moved_.pass(1s);
  EXPECT_EQ(room(), 1u);
  failed();
  EXPECT_EQ(store_->pauses().value()[0].until, moved_.now() + 2s);
  moved_.pass(2s);
  answered();
  EXPECT_EQ(paused(), "");
  EXPECT_EQ(metric("breaker_state"), 0);
  EXPECT_EQ(metric("endpoint_paused", "breaker"), 0);
  EXPECT_GT(room(), 100u);
}

TEST_F(GateTest, OnlyOneProbeIsUnderWay) {
  make();
  for (int i = 0; i < 3; ++i) failed();
  moved_.pass(1s);
  gate_->picked(2);
  EXPECT_EQ(room(), 0u) << "what is queued already is enough";
  EXPECT_TRUE(gate_->enter().probe);
  EXPECT_FALSE(gate_->enter().allowed);
}

TEST_F(GateTest, AnotherDeliveryProbesAfterOneThatFailed) {
  make();
  for (int i = 0; i < 3; ++i) failed();
  moved_.pass(1s);
  failed();
  const std::int64_t probe = delivery_;
  moved_.pass(2s);
  EXPECT_TRUE(gate_->room().avoid.contains(probe));
  gate_->forget_failed_probes();
  EXPECT_TRUE(gate_->room().avoid.empty());
}

TEST_F(GateTest, AnOpenBreakerIsOpenAfterARestart) {
  make();
  for (int i = 0; i < 3; ++i) failed();
  moved_.pass(1s);
  failed();
  moved_.pass(500ms);
  make();
  EXPECT_EQ(room(), 0u);
  EXPECT_EQ(metric("breaker_state"), 2);
  moved_.pass(1500ms);
  EXPECT_EQ(room(), 1u);
  failed();
  moved_.pass(3999ms);
  EXPECT_EQ(room(), 0u) << "pauses go on doubling where they were";
  moved_.pass(1ms);
  answered();
  make();
  EXPECT_GT(room(), 1u);
}

TEST_F(GateTest, AJumpOfTheWallClockMovesNoProbe) {
  make();
  for (int i = 0; i < 3; ++i) failed();
  moved_.wall += hours(10'000);
  EXPECT_EQ(room(), 0u);
  moved_.wall -= hours(20'000);
  moved_.still += 1s;
  EXPECT_EQ(room(), 1u);
}

TEST_F(GateTest, TheWishOfTheCounterpartHoldsForTheWholeEndpoint) {
  make();
  failed(90s);
  EXPECT_EQ(room(), 0u);
  EXPECT_EQ(paused(), "retry-after ");
  moved_.pass(30s);
  make();
  EXPECT_EQ(room(), 0u) << "also after a restart";
  moved_.pass(59s);
  EXPECT_EQ(room(), 0u);
  EXPECT_EQ(gate_->room().look_again, 1s);
  moved_.pass(1s);
  EXPECT_GT(room(), 1u);
  EXPECT_EQ(paused(), "");
}

TEST_F(GateTest, AWishForAYearIsHonouredForADay) {
  make();
  failed(hours(24 * 365));
  moved_.pass(hours(24));
  EXPECT_GT(room(), 0u);
}

TEST_F(GateTest, QuotasCountSendsAndNothingElse) {
  policy().limits.per_hour = 3;
  make();
  answered();
  EXPECT_TRUE(run(Contact::Outcome::kAnswered, {}, false)) << "a question sends nothing";
  EXPECT_EQ(room(), 2u);
  answered();
  answered();
  EXPECT_EQ(room(), 0u);
  EXPECT_EQ(paused(), "quota ");
  moved_.pass(hours(1));
  EXPECT_EQ(room(), 3u);
  EXPECT_EQ(paused(), "");
}

TEST_F(GateTest, ARateLetsTheBurstPassAndThenItsShare) {
  policy().limits.per_second = 10;
  policy().limits.burst = 2;
  make();
  EXPECT_EQ(room(), 2u);
  gate_->picked(1);
  EXPECT_EQ(room(), 1u) << "what is queued has its token";
  gate_->dropped();
  answered();
  answered();
  EXPECT_EQ(room(), 0u);
  EXPECT_EQ(gate_->room().look_again, 100ms);
  gate_->picked(1);
  EXPECT_FALSE(gate_->enter().allowed);
  moved_.pass(100ms);
  EXPECT_EQ(room(), 1u);
}

TEST_F(GateTest, OpeningHoursAndMaintenancePauseAndSayUntilWhen) {
  policy().hours.windows = {{0x7F, 8 * 60, 11 * 60}};
  policy().maintenance = {{moved_.wall + hours(22) + 30min, moved_.wall + hours(23)}};
  make();
  EXPECT_GT(room(), 0u);
  moved_.pass(hours(1));
  EXPECT_EQ(room(), 0u);
  EXPECT_EQ(paused(), "hours ");
  EXPECT_EQ(store_->pauses().value()[0].until, moved_.wall + hours(21));
  moved_.pass(hours(21));
  EXPECT_GT(room(), 0u);
  EXPECT_EQ(metric("endpoint_paused", "hours"), 0);
  moved_.pass(30min);
  EXPECT_EQ(room(), 0u);
  EXPECT_EQ(paused(), "maintenance ");
  gate_->picked(1);
  EXPECT_FALSE(gate_->enter().allowed) << "what was picked before is not sent either";
}

}  // namespace
}  // namespace certbridge::host
