// What waits for an earlier event of one of its keys: the list and the alarm.
#include <gmock/gmock.h>

#include "store_contract.h"

namespace certbridge::host::testing {
namespace {

using ::testing::IsEmpty;

const OrderKey kOtherCase{"case", "C-2"};

class Waiting : public StoreContract {
 protected:
  std::string add(const std::string& source_key, const OrderKey& key,
                  const std::vector<PlannedDelivery>& deliveries) {
    const std::string id = accept_one(event(source_key, {key}));
    route(id, deliveries);
    return id;
  }
  std::vector<WaitingItem> waiting(const std::string& endpoint = "", std::size_t limit = 100) {
    auto found = store().desk().waiting(endpoint, limit);
    EXPECT_TRUE(found.ok());
    return std::move(found).value();
  }
  std::vector<WaitingAlarm> alarms(std::chrono::minutes limit, std::size_t count = 100) {
    auto found = store().waiting_alarms(clock_.now() - limit, count);
    EXPECT_TRUE(found.ok());
    return std::move(found).value();
  }
};

TEST_P(Waiting, NamesTheParkedHeadOfTheKeyAndTheAge) {
  const std::string head = add("e1", kCase, {to_endpoint("library")});
  ASSERT_TRUE(move(delivery(head, "library"), DeliveryState::kParked).ok());
  const Timestamp since = clock_.now();
  const std::string behind = add("e2", kCase, {to_endpoint("library")});
  clock_.advance(std::chrono::hours(5));
  open();  // after a restart as well
  const auto found = waiting();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].message_id, behind);
  EXPECT_EQ(found[0].endpoint, "library");
  EXPECT_EQ(found[0].route, "main");
  EXPECT_EQ(found[0].since, since);
  EXPECT_EQ(found[0].cause, "parked delivery of message " + head);
  EXPECT_EQ(waiting_text(found[0]),
            "delivery library of " + behind +
                " waits since 2026-11-24T06:00:00.000Z for parked delivery of message " + head);
}

TEST_P(Waiting, IsAnAlarmAboveTheLimitAndNotBelowIt) {
  const std::string head = add("e1", kCase, {to_endpoint("library")});
  const std::string behind = add("e2", kCase, {to_endpoint("library")});
  clock_.advance(std::chrono::minutes(59));
  EXPECT_THAT(alarms(std::chrono::minutes(60)), IsEmpty());
  clock_.advance(std::chrono::minutes(1));
  const auto found = alarms(std::chrono::minutes(60));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].endpoint, "library");
  EXPECT_EQ(found[0].count, 1u);
  EXPECT_EQ(found[0].oldest.message_id, behind);
  EXPECT_EQ(found[0].oldest.cause, "ready delivery of message " + head);
  ASSERT_TRUE(move(delivery(head, "library"), DeliveryState::kDelivered).ok());
  EXPECT_THAT(alarms(std::chrono::minutes(60)), IsEmpty()) << "it is ready by now";
}

TEST_P(Waiting, ComesOldestFirstAndIsBoundedEachEndpointForItself) {
  PlannedDelivery report = to_endpoint("reporter");
  report.after = {"library"};
  const std::string head = add("e1", kCase, {to_endpoint("library"), report});
  clock_.advance(std::chrono::minutes(1));
  const std::string other = add("e2", kOtherCase, {to_endpoint("library"), report});
  for (int i = 3; i < 8; ++i) {
    clock_.advance(std::chrono::minutes(1));
    add("e" + std::to_string(i), kCase, {to_endpoint("library")});
  }
  const auto all = waiting();
  ASSERT_EQ(all.size(), 7u);
  EXPECT_EQ(all[0].message_id, head);
  EXPECT_EQ(all[0].cause, "delivery library of the same message");
  EXPECT_EQ(all[1].message_id, other);
  EXPECT_EQ(waiting("", 3).size(), 3u);
  EXPECT_EQ(waiting("", 3)[2].endpoint, "library");
  EXPECT_EQ(waiting("library").size(), 5u);
  EXPECT_EQ(waiting("library", 2).size(), 2u);
  const auto found = alarms(std::chrono::minutes(0), 3);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].endpoint, "library");
  EXPECT_EQ(found[0].count, 3u) << "counted up to the bound";
  EXPECT_EQ(found[1].endpoint, "reporter");
  EXPECT_EQ(found[1].oldest.message_id, head);
}

TEST_P(Waiting, AMessageWaitsWhoseStepsMayNotRunYet) {
  const std::string first = accept_one(event("e1", {kCase}));
  clock_.advance(std::chrono::minutes(1));
  const std::string second = accept_one(event("e2", {kCase}));
  clock_.advance(std::chrono::minutes(30));
  const auto all = waiting();
  ASSERT_EQ(all.size(), 1u) << "the first one is ready";
  EXPECT_EQ(all[0].message_id, second);
  EXPECT_EQ(all[0].cause, "accepted message " + first);
  EXPECT_THAT(waiting_text(all[0]), ::testing::StartsWith("message " + second + " waits since "));
  const auto found = alarms(std::chrono::minutes(10));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].endpoint, "");
  EXPECT_EQ(found[0].count, 1u);
  route(first, {});
  EXPECT_THAT(waiting(), IsEmpty());
}

TEST_P(Waiting, ADeliveryBehindAMessageInReviewOrIncompleteNamesIt) {
  const std::string first = accept_one(event("e1", {kCase}));
  MessageChange change;
  change.id = first;
  change.state = MessageState::kInReview;
  Transition transition;
  transition.messages = {change};
  ASSERT_TRUE(store().apply(transition).ok());
  add("e2", kCase, {to_endpoint("library")});
  ASSERT_EQ(waiting().size(), 1u);
  EXPECT_EQ(waiting()[0].cause, "in-review message " + first);
}

INSTANTIATE_TEST_SUITE_P(Stores, Waiting, ::testing::ValuesIn(sqlite_stores()), name_of_store);

}  // namespace
}  // namespace certbridge::host::testing
