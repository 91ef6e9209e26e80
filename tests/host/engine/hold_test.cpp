// Deliveries on hold: they wait without using up attempts, and go once they are released.
#include "engine_fixture.h"

namespace certbridge::host {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HoldTest : public EngineTest {
 protected:
  HoldTest() {
    add_sink("library");
    add_sink("province");
    add_route("issue", "SHANZHENG", {deliver("library"), deliver("province")});
    add_route("cancel", "ZHUXIAO", {deliver("library")});
  }
  void hold(HoldScope scope, const std::string& name = "") {
    Hold wanted;
    wanted.scope = scope;
    wanted.name = name;
    wanted.person = "zhang";
    wanted.reason = "moving house";
    ASSERT_TRUE(store_->hold(wanted).ok());
  }
  void release(HoldScope scope, const std::string& name = "") {
    ASSERT_TRUE(store_->release({scope, name, "li", "moved"}).ok());
  }
  bool is_held(const std::string& id, const std::string& name) {
    return eventually([&] {
      const auto found = delivery(id, name);
      return found && found->held.starts_with("held by zhang since ") &&
             found->held.ends_with(": moving house");
    });
  }
};

TEST_F(HoldTest, AnEndpointOnHoldIsNotCalledAndTheOthersAre) {
  hold(HoldScope::kEndpoint, "library");
  start();
  const std::string id = accept(event("e1")).id;
  EXPECT_TRUE(delivery_becomes(id, "province", DeliveryState::kDelivered));
  EXPECT_TRUE(is_held(id, "library"));
  EXPECT_EQ(delivery(id, "library")->attempts, 0);
  EXPECT_THAT(endpoints_.sinks["library"].sent(), IsEmpty());
  release(HoldScope::kEndpoint, "library");
  EXPECT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered));
  EXPECT_EQ(delivery(id, "library")->held, "");
}

TEST_F(HoldTest, ARouteOnHoldLetsTheOtherRoutesPass) {
  start();
  hold(HoldScope::kRoute, "issue");
  const std::string issue = accept(event("e1", "SHANZHENG", "C1")).id;
  const std::string cancel = accept(event("e2", "ZHUXIAO", "C2")).id;
  EXPECT_TRUE(delivery_becomes(cancel, "library", DeliveryState::kDelivered));
  EXPECT_TRUE(is_held(issue, "library"));
  EXPECT_THAT(endpoints_.sinks["library"].sent(), ElementsAre(cancel));
  release(HoldScope::kRoute, "issue");
  EXPECT_TRUE(message_becomes(issue, MessageState::kDone));
}

TEST_F(HoldTest, WhatWasPickedBeforeTheHoldIsNotSentAfterIt) {
  endpoint("library").workers = 1;
  std::atomic<bool> first_is_sent{false};
  std::atomic<bool> go_on{false};
  endpoints_.sinks["library"].on_send = [&](const Message&, const Call&) -> Result<Receipt> {
    first_is_sent = true;
    while (!go_on) std::this_thread::yield();
    return Receipt{};
  };
  start();
  const std::string first = accept(event("e1", "ZHUXIAO", "C1")).id;
  EXPECT_TRUE(eventually([&] { return first_is_sent.load(); }));
  std::vector<std::string> behind;
  for (int i = 2; i < 8; ++i) {
    const std::string number = std::to_string(i);
    behind.push_back(accept(event("e" + number, "ZHUXIAO", "C" + number)).id);
  }
  for (const std::string& id : behind) delivery_becomes(id, "library", DeliveryState::kReady);
  hold(HoldScope::kAll);
  go_on = true;
  EXPECT_TRUE(delivery_becomes(first, "library", DeliveryState::kDelivered));
  // The one thread has gone through all that was picked once a second hold was noticed by it.
  hold(HoldScope::kEndpoint, "library");
  for (const std::string& id : behind) EXPECT_TRUE(is_held(id, "library"));
  EXPECT_THAT(endpoints_.sinks["library"].sent(), ElementsAre(first));
  release(HoldScope::kAll);
  EXPECT_THAT(endpoints_.sinks["library"].sent(), ElementsAre(first));
  release(HoldScope::kEndpoint, "library");
  for (const std::string& id : behind) EXPECT_TRUE(message_becomes(id, MessageState::kDone));
}

TEST_F(HoldTest, AHoldIsInForceAfterARestart) {
  hold(HoldScope::kAll);
  start();
  const std::string id = accept(event("e1")).id;
  EXPECT_TRUE(is_held(id, "library"));
  reopen();
  start();
  EXPECT_TRUE(is_held(id, "library"));
  EXPECT_THAT(endpoints_.sinks["library"].sent(), IsEmpty());
  EXPECT_EQ(delivery(id, "library")->attempts, 0);
  release(HoldScope::kAll);
  EXPECT_TRUE(message_becomes(id, MessageState::kDone));
}

// Failing attempts before the hold have used up their number; the hold adds none.
TEST_F(HoldTest, ARetryOnHoldKeepsItsAttempts) {
  std::atomic<bool> works{false};
  endpoints_.sinks["library"].on_send = [&](const Message&, const Call&) -> Result<Receipt> {
    if (works) return Receipt{};
    return Error::retryable("library.busy", "come later");
  };
  start();
  const std::string id = accept(event("e1", "ZHUXIAO")).id;
  EXPECT_TRUE(eventually([&] { return endpoints_.sinks["library"].sent().size() >= 2; }));
  hold(HoldScope::kRoute, "cancel");
  EXPECT_TRUE(eventually([&] {
    const auto found = delivery(id, "library");
    return found && found->state == DeliveryState::kUnknown;
  }));
  const int attempts = delivery(id, "library")->attempts;
  const std::string other = accept(event("e2", "SHANZHENG", "C9")).id;
  works = true;
  EXPECT_TRUE(delivery_becomes(other, "library", DeliveryState::kDelivered));
  EXPECT_EQ(delivery(id, "library")->attempts, attempts);
  release(HoldScope::kRoute, "cancel");
  EXPECT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered));
}

}  // namespace
}  // namespace certbridge::host
