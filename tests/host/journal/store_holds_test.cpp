// Holds as every store promises them: durable, in force at once, never in anybody else's way.
#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <future>

#include "store_contract.h"

namespace certbridge::host::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using Ids = std::vector<std::string>;

Hold hold_of(HoldScope scope, const std::string& name) {
  Hold hold;
  hold.scope = scope;
  hold.name = name;
  hold.person = "zhang";
  hold.reason = "the library moves house";
  return hold;
}

Release release_of(HoldScope scope, const std::string& name) {
  return {scope, name, "li", "it has moved"};
}

PlannedDelivery planned(const std::string& endpoint, const std::string& route) {
  PlannedDelivery delivery = to_endpoint(endpoint);
  delivery.route = route;
  return delivery;
}

TEST_P(StoreContract, WhatIsOnHoldIsNotPickedAndTheOthersAre) {
  const std::string issue = accept_one(event("e1", {}));
  const std::string cancel = accept_one(event("e2", {}));
  route(issue, {planned("library", "issue"), planned("province", "issue")});
  route(cancel, {planned("library", "cancel")});
  ASSERT_TRUE(store().hold(hold_of(HoldScope::kRoute, "issue")).ok());
  EXPECT_EQ(due_ids("library"), (Ids{cancel}));
  EXPECT_THAT(due_ids("province"), IsEmpty());
  ASSERT_TRUE(store().hold(hold_of(HoldScope::kEndpoint, "library")).ok());
  EXPECT_THAT(due_ids("library"), IsEmpty());
  ASSERT_TRUE(store().release(release_of(HoldScope::kRoute, "issue")).ok());
  EXPECT_EQ(due_ids("province"), (Ids{issue}));
  EXPECT_THAT(due_ids("library"), IsEmpty());
  ASSERT_TRUE(store().hold(hold_of(HoldScope::kAll, "")).ok());
  EXPECT_THAT(due_ids("province"), IsEmpty());
  ASSERT_TRUE(store().release(release_of(HoldScope::kAll, "")).ok());
  ASSERT_TRUE(store().release(release_of(HoldScope::kEndpoint, "library")).ok());
  EXPECT_EQ(due_ids("library"), (Ids{issue, cancel}));
}

TEST_P(StoreContract, AHoldAlsoKeepsRetriesAndUnknownOnesAndOverdueOnes) {
  for (const DeliveryState state :
       {DeliveryState::kRetryAt, DeliveryState::kUnknown, DeliveryState::kOpen}) {
    const std::string id = accept_one(event("e-" + to_text(state), {}));
    route(id, {planned("library", "issue")});
    ASSERT_TRUE(move(delivery(id, "library"), state).ok());
  }
  clock_.advance(std::chrono::hours(2));
  ASSERT_THAT(due_ids("library"), SizeIs(3));
  ASSERT_TRUE(store().hold(hold_of(HoldScope::kRoute, "issue")).ok());
  EXPECT_THAT(due_ids("library"), IsEmpty());
}

TEST_P(StoreContract, AHoldIsThereAfterARestartWithPersonReasonAndTime) {
  ASSERT_TRUE(store().hold(hold_of(HoldScope::kEndpoint, "library")).ok());
  const Timestamp then = clock_.now();
  clock_.advance(std::chrono::hours(1));
  const std::string id = accept_one(event("e1", {}));
  route(id, {to_endpoint("library"), to_endpoint("province")});
  open();
  const auto holds = store().holds();
  ASSERT_TRUE(holds.ok());
  ASSERT_THAT(holds.value(), SizeIs(1));
  EXPECT_EQ(holds.value()[0].scope, HoldScope::kEndpoint);
  EXPECT_EQ(holds.value()[0].name, "library");
  EXPECT_EQ(holds.value()[0].since, then);
  EXPECT_THAT(due_ids("library"), IsEmpty());
  EXPECT_EQ(delivery(id, "library").held,
            "held by zhang since 2026-11-24T06:00:00.000Z: the library moves house");
  EXPECT_EQ(delivery(id, "province").held, "");
  ASSERT_TRUE(store().release(release_of(HoldScope::kEndpoint, "library")).ok());
  open();
  EXPECT_THAT(store().holds().value(), IsEmpty());
  EXPECT_EQ(due_ids("library"), (Ids{id}));
}

TEST_P(StoreContract, WhatHasEndedIsNotShownAsHeld) {
  const std::string id = accept_one(event("e1", {}));
  route(id, {to_endpoint("library")});
  ASSERT_TRUE(move(delivery(id, "library"), DeliveryState::kDelivered).ok());
  ASSERT_TRUE(store().hold(hold_of(HoldScope::kAll, "")).ok());
  EXPECT_EQ(delivery(id, "library").held, "");
}

TEST_P(StoreContract, RefusesHoldsAndReleasesThatSayNothing) {
  const auto code = [](const Result<void>& refused) {
    return refused.ok() ? std::string("ok") : refused.error().code;
  };
  Hold hold = hold_of(HoldScope::kEndpoint, "library");
  hold.person.clear();
  EXPECT_EQ(code(store().hold(hold)), "journal.hold");
  hold = hold_of(HoldScope::kEndpoint, "library");
  hold.reason.clear();
  EXPECT_EQ(code(store().hold(hold)), "journal.hold");
  hold.reason = std::string(1001, 'r');
  EXPECT_EQ(code(store().hold(hold)), "journal.hold");
  EXPECT_EQ(code(store().hold(hold_of(HoldScope::kEndpoint, ""))), "journal.hold");
  EXPECT_EQ(code(store().hold(hold_of(HoldScope::kAll, "library"))), "journal.hold");
  EXPECT_EQ(code(store().release(release_of(HoldScope::kRoute, "issue"))), "journal.not_held");
  ASSERT_TRUE(store().hold(hold_of(HoldScope::kRoute, "issue")).ok());
  EXPECT_EQ(code(store().hold(hold_of(HoldScope::kRoute, "issue"))), "journal.held_already");
  EXPECT_EQ(code(store().hold(hold_of(HoldScope::kEndpoint, "issue"))), "ok");
  Release release = release_of(HoldScope::kRoute, "issue");
  release.reason.clear();
  EXPECT_EQ(code(store().release(release)), "journal.hold");
}

// A release wakes whoever picks, although nothing else was committed.
TEST_P(StoreContract, AReleaseWakes) {
  std::atomic<int> woken{0};
  ASSERT_TRUE(store().hold(hold_of(HoldScope::kAll, "")).ok());
  store().on_work([&] { ++woken; });
  ASSERT_TRUE(store().release(release_of(HoldScope::kAll, "")).ok());
  EXPECT_GE(woken.load(), 1);
  store().on_work(nullptr);
}

// An engine that ends must not be called while it is taken apart.
TEST_P(StoreContract, WhoIsNoLongerToBeWokenIsNotWithinACallEither) {
  std::promise<void> called;
  std::promise<void> leave;
  store().on_work([&, may_leave = leave.get_future().share()] {
    called.set_value();
    may_leave.wait();
  });
  accept_one(event("e1", {}));
  called.get_future().wait();
  auto removed = std::async(std::launch::async, [&] { store().on_work(nullptr); });
  EXPECT_EQ(removed.wait_for(std::chrono::milliseconds(30)), std::future_status::timeout);
  leave.set_value();
  removed.get();
}

// The whole backlog of a route on hold stands in front of what another route has to deliver.
TEST_P(StoreContract, ABacklogOnHoldHidesNothingBehindIt) {
  for (int i = 0; i < 300; ++i) {
    route(accept_one(event("held-" + std::to_string(i), {})), {planned("library", "issue")});
  }
  const std::string behind = accept_one(event("behind", {}));
  route(behind, {planned("library", "cancel")});
  ASSERT_TRUE(store().hold(hold_of(HoldScope::kRoute, "issue")).ok());
  const auto due = store().due_deliveries("library", clock_.now(), 4, {}, Lane::kBulk);
  ASSERT_TRUE(due.ok());
  ASSERT_THAT(due.value(), SizeIs(1));
  EXPECT_EQ(due.value()[0].message_id, behind);
}

TEST_P(StoreContract, KeepsPausesUntilTheyAreOverAndShowsThem) {
  Pause pause;
  pause.endpoint = "library";
  pause.since = clock_.now();
  pause.until = clock_.now() + std::chrono::seconds(2);
  pause.failures = 5;
  pause.probes = 1;
  pause.reason = "library.away: nobody answers";
  ASSERT_TRUE(store().pause(pause).ok());
  pause.probes = 2;
  ASSERT_TRUE(store().pause(pause).ok());
  Pause hours;
  hours.endpoint = "province";
  hours.cause = PauseCause::kHours;
  hours.since = clock_.now();
  ASSERT_TRUE(store().pause(hours).ok());
  const std::string id = accept_one(event("e1", {}));
  route(id, {to_endpoint("library"), to_endpoint("province"), to_endpoint("reporter")});
  open();
  const auto kept = store().pauses();
  ASSERT_TRUE(kept.ok());
  ASSERT_THAT(kept.value(), SizeIs(2));
  EXPECT_EQ(kept.value()[0].probes, 2);
  EXPECT_EQ(kept.value()[0].failures, 5);
  EXPECT_EQ(kept.value()[0].until, pause.until);
  EXPECT_EQ(kept.value()[1].until, std::nullopt);
  EXPECT_EQ(delivery(id, "library").held,
            "endpoint library paused by its breaker since 2026-11-24T06:00:00.000Z until "
            "2026-11-24T06:00:02.000Z: library.away: nobody answers");
  EXPECT_EQ(delivery(id, "province").held,
            "endpoint province paused outside of its opening hours since "
            "2026-11-24T06:00:00.000Z");
  EXPECT_EQ(delivery(id, "reporter").held, "");
  ASSERT_TRUE(store().resume("library", PauseCause::kBreaker).ok());
  ASSERT_TRUE(store().resume("library", PauseCause::kBreaker).ok()) << "twice is the same";
  EXPECT_THAT(store().pauses().value(), SizeIs(1));
  EXPECT_EQ(due_ids("province"), (Ids{id})) << "picking does not look at it";
}

TEST_P(StoreContract, CountsSendsWithTheChangeThatMakesThem) {
  const std::string id = accept_one(event("e1", {}));
  route(id, {to_endpoint("library")});
  const auto send = [&](DeliveryState expected, std::int64_t hour) {
    DeliveryChange change;
    change.id = delivery(id, "library").id;
    change.expected = {expected};
    change.state = DeliveryState::kRetryAt;
    change.counts_in_hour = hour;
    Transition transition;
    transition.delivery_changes = {change};
    return store().apply(transition).ok();
  };
  ASSERT_TRUE(send(DeliveryState::kReady, 500'000));
  ASSERT_TRUE(send(DeliveryState::kRetryAt, 500'000));
  EXPECT_FALSE(send(DeliveryState::kReady, 500'000)) << "what is refused counts nothing";
  ASSERT_TRUE(send(DeliveryState::kRetryAt, 500'001));
  open();
  auto counts = store().send_counts("library").value();
  ASSERT_THAT(counts, SizeIs(2));
  EXPECT_EQ(counts[0].hour, 500'000);
  EXPECT_EQ(counts[0].sends, 2);
  EXPECT_THAT(store().send_counts("province").value(), IsEmpty());
  ASSERT_TRUE(send(DeliveryState::kRetryAt, 500'200));
  EXPECT_THAT(store().send_counts("library").value(), SizeIs(1)) << "of the last days only";
}

}  // namespace
}  // namespace certbridge::host::testing
