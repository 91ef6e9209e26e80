// A dead endpoint in the running engine: probed, not hammered; its deliveries lose no attempts.
#include "engine_fixture.h"

namespace certbridge::host {
namespace {

using namespace std::chrono_literals;
using ::testing::StartsWith;

class BreakerInEngine : public EngineTest {
 protected:
  BreakerInEngine() {
    add_sink("library").on_send = [this](const Message&, const Call&) -> Result<Receipt> {
      if (alive_) return Receipt{};
      return Error::retryable("library.away", "nobody answers");
    };
    endpoints_.sinks["library"].on_confirm = [this](const Message&,
                                                    const Call&) -> Result<Confirmation> {
      if (!alive_) return Error::retryable("library.away", "nobody answers");
      Confirmation absent;
      absent.state = Confirmation::State::kAbsent;
      return absent;
    };
    add_sink("province");
    endpoint("library").delivery.breaker = {4, 20ms, 60ms};
    add_route("issue", "SHANZHENG", {deliver("library")});
    add_route("report", "BAOSONG", {deliver("province")});
  }
  double probes() {
    return metrics_.value("breaker_transitions_total",
                          {{"endpoint", "library"}, {"to", "probing"}});
  }
  double state() { return metrics_.value("breaker_state", {{"endpoint", "library"}}); }
  std::vector<std::string> issue(int count) {
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i) {
      const std::string number = std::to_string(++issued_);
      ids.push_back(accept(event("e" + number, "SHANZHENG", "C" + number)).id);
    }
    return ids;
  }

  std::atomic<bool> alive_{false};
  int issued_ = 0;
};

TEST_F(BreakerInEngine, ADeadEndpointIsProbedAndNothingOfItIsGivenUp) {
  start();
  const std::vector<std::string> ids = issue(40);
  ASSERT_TRUE(eventually([&] { return state() == 2; }));
  // Far more probes than the five attempts that a delivery has.
  ASSERT_TRUE(eventually([&] { return probes() >= 25; }));
  for (const std::string& id : ids) {
    const auto found = delivery(id, "library");
    ASSERT_TRUE(found);
    EXPECT_NE(found->state, DeliveryState::kParked);
    EXPECT_LT(found->attempts, 5);
  }
  EXPECT_EQ(metrics_.value("deliveries_total", {{"endpoint", "library"}, {"state", "parked"}}), 0);
  alive_ = true;
  for (const std::string& id : ids) {
    EXPECT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered)) << id;
  }
  EXPECT_EQ(state(), 0);
}

// Its counterpart answers questions and takes nothing: every probe is a send of the same delivery.
TEST_F(BreakerInEngine, OneDeliveryAloneProbesForeverAndIsDelivered) {
  endpoints_.sinks["library"].on_confirm = nullptr;  // absent
  start();
  const std::string id = issue(1).front();
  ASSERT_TRUE(eventually([&] { return endpoints_.sinks["library"].sent().size() >= 12; }));
  EXPECT_NE(delivery(id, "library")->state, DeliveryState::kParked);
  alive_ = true;
  EXPECT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered));
}

TEST_F(BreakerInEngine, OneDeliveryThatAlwaysFailsStopsNobodyElse) {
  alive_ = true;
  std::string poisoned;
  endpoints_.sinks["library"].on_send = [&](const Message& message,
                                            const Call&) -> Result<Receipt> {
    if (message.source_key != "e1") return Receipt{};
    return Error::retryable("library.stumbles", "over this one");
  };
  endpoint("library").delivery.breaker.failures = 1;
  start();
  poisoned = issue(1).front();
  ASSERT_TRUE(eventually([&] { return probes() >= 1; }));
  for (const std::string& id : issue(10)) {
    EXPECT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered));
  }
}

TEST_F(BreakerInEngine, WhatWaitsSaysWhyAndTheOthersGoOn) {
  endpoint("library").delivery.breaker = {2, 10s, 60s};
  start();
  issue(2);
  ASSERT_TRUE(eventually([&] { return state() == 2; }));
  const std::string waiting = issue(1).front();
  const std::string other = accept(event("p1", "BAOSONG", "P1")).id;
  EXPECT_TRUE(delivery_becomes(other, "province", DeliveryState::kDelivered));
  EXPECT_TRUE(delivery_becomes(waiting, "library", DeliveryState::kReady));
  EXPECT_THAT(delivery(waiting, "library")->held,
              StartsWith("endpoint library paused by its breaker since "));
  EXPECT_EQ(delivery(waiting, "library")->attempts, 0);
}

TEST_F(BreakerInEngine, AfterARestartADeadEndpointIsNotHammered) {
  endpoint("library").delivery.breaker = {2, 10s, 60s};
  start();
  issue(2);
  ASSERT_TRUE(eventually([&] { return state() == 2; }));
  reopen();
  const std::size_t before = endpoints_.sinks["library"].sent().size();
  const int asked = endpoints_.sinks["library"].confirmed();
  start();
  const std::string other = accept(event("p1", "BAOSONG", "P1")).id;
  const std::string waiting = issue(1).front();
  EXPECT_TRUE(delivery_becomes(other, "province", DeliveryState::kDelivered));
  EXPECT_TRUE(delivery_becomes(waiting, "library", DeliveryState::kReady));
  EXPECT_EQ(endpoints_.sinks["library"].sent().size(), before);
  EXPECT_EQ(endpoints_.sinks["library"].confirmed(), asked);
}

TEST_F(BreakerInEngine, AQuotaIsKeptAcrossARestart) {
  alive_ = true;
  endpoint("library").delivery.limits.per_day = 3;
  start();
  const std::vector<std::string> ids = issue(6);
  ASSERT_TRUE(eventually([&] { return endpoints_.sinks["library"].sent().size() == 3; }));
  ASSERT_TRUE(eventually([&] { return store_->pauses().value().size() == 1; }));
  reopen();
  start();
  const std::string other = accept(event("p1", "BAOSONG", "P1")).id;
  EXPECT_TRUE(delivery_becomes(other, "province", DeliveryState::kDelivered));
  EXPECT_EQ(endpoints_.sinks["library"].sent().size(), 3u);
  int waiting = 0;
  for (const std::string& id : ids) {
    const auto found = delivery(id, "library");
    if (found->state != DeliveryState::kReady) continue;
    ++waiting;
    EXPECT_EQ(found->attempts, 0);
    EXPECT_THAT(found->held, StartsWith("endpoint library paused because its quota is used up"));
  }
  EXPECT_EQ(waiting, 3);
}

// Nothing that was picked before the counterpart asked to wait is sent after it.
TEST_F(BreakerInEngine, AWishStopsTheWholeEndpointAtOnce) {
  endpoint("library").workers = 1;
  endpoints_.sinks["library"].on_send = [&](const Message&, const Call&) -> Result<Receipt> {
    Error error = Error::retryable("library.busy", "come back in an hour");
    error.retry_after = 1h;
    return error;
  };
  const std::vector<std::string> ids = issue(10);
  start();
  ASSERT_TRUE(eventually([&] { return store_->pauses().value().size() == 1; }));
  const std::string other = accept(event("p1", "BAOSONG", "P1")).id;
  EXPECT_TRUE(delivery_becomes(other, "province", DeliveryState::kDelivered));
  EXPECT_EQ(endpoints_.sinks["library"].sent().size(), 1u);
}

}  // namespace
}  // namespace certbridge::host
