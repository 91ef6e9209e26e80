// What the journal answers so that nobody needs to look for it: messages that may run their steps,
// and deliveries that are begun in the change that makes them.
#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <memory>

#include "store_contract.h"

namespace certbridge::host::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HandOver : public StoreContract {
 protected:
  std::vector<std::string> ready_ids(std::vector<Message> messages) {
    std::vector<std::string> ids;
    for (const StoredMessage& one : store().take_in("registration", std::move(messages)).ready) {
      ids.push_back(one.message.id);
    }
    return ids;
  }
  Transition routed(const std::string& id, const std::vector<PlannedDelivery>& deliveries,
                    std::set<std::string> at_once) {
    Transition transition;
    MessageChange change;
    change.id = id;
    change.state = MessageState::kRouted;
    transition.messages = {change};
    transition.deliveries = deliveries;
    transition.send_at_once = std::move(at_once);
    return transition;
  }
  std::vector<StoredDelivery> route_at_once(const std::string& id,
                                            const std::vector<PlannedDelivery>& deliveries,
                                            std::set<std::string> at_once) {
    auto begun = store().route(routed(id, deliveries, std::move(at_once)));
    EXPECT_TRUE(begun.ok());
    return begun ? begun.value() : std::vector<StoredDelivery>{};
  }
};

TEST_P(HandOver, WhatMayRunIsAnsweredAsItWouldBeRead) {
  std::atomic<int> woken{0};
  store().on_work([&] { ++woken; });
  const TakenIn taken = store().take_in("registration", {event("e1", {{"case", "C1"}})});
  ASSERT_EQ(taken.answers.size(), 1u);
  EXPECT_EQ(taken.answers[0].verdict, Acceptance::Verdict::kAccepted);
  ASSERT_EQ(taken.ready.size(), 1u);
  const StoredMessage& ready = taken.ready[0];
  const auto due = store().due_messages(clock_.now(), 10, {}, Lane::kBulk);
  ASSERT_TRUE(due.ok());
  ASSERT_EQ(due.value().size(), 1u);
  const StoredMessage& read = due.value()[0];
  EXPECT_EQ(ready.message.id, read.message.id);
  EXPECT_EQ(ready.message.order_number, read.message.order_number);
  EXPECT_EQ(ready.message.source_key, read.message.source_key);
  EXPECT_EQ(ready.message.type, read.message.type);
  EXPECT_EQ(ready.message.area, read.message.area);
  EXPECT_EQ(ready.message.media_type, read.message.media_type);
  EXPECT_EQ(ready.message.headers, read.message.headers);
  EXPECT_EQ(ready.message.created, read.message.created);
  EXPECT_EQ(ready.message.order_keys.size(), read.message.order_keys.size());
  EXPECT_EQ(text_of(*ready.message.body), text_of(*read.message.body));
  EXPECT_EQ(ready.source, read.source);
  EXPECT_EQ(ready.state, read.state);
  EXPECT_EQ(ready.lane, read.lane);
  EXPECT_EQ(ready.since, read.since);
  EXPECT_EQ(ready.ran_before, read.ran_before);
  EXPECT_EQ(ready.attempts, read.attempts);
  // The writer wakes in order: what is announced comes second, and must come alone.
  const auto counted = std::make_shared<std::promise<int>>();
  store().on_work([&woken, counted] { counted->set_value(++woken); });
  accept_one(event("e2", {{"case", "C2"}}));
  EXPECT_EQ(counted->get_future().get(), 1) << "whoever was answered is not woken as well";
}

TEST_P(HandOver, OnlyWhatNothingHoldsBackIsAnswered) {
  EXPECT_THAT(ready_ids({event("e1", {{"case", "C1"}}), event("e2", {{"case", "C1"}}),
                         event("e3", {{"case", "C2"}})}),
              ElementsAre("m-0000000001", "m-0000000003"));
  EXPECT_THAT(ready_ids({event("e1", {{"case", "C1"}})}), IsEmpty()) << "known before";
  EXPECT_THAT(ready_ids({event("e4", {{"case", "C1"}})}), IsEmpty()) << "behind two others";
}

TEST_P(HandOver, WhatIsLargeIsAnnouncedInstead) {
  const auto woken = std::make_shared<std::promise<void>>();
  store().on_work([woken] { woken->set_value(); });  // a second time would end the test
  Message large = event("e1", {{"case", "C1"}});
  large.body = content_of(std::string(20'000, 'x'));
  EXPECT_THAT(ready_ids({large}), IsEmpty());
  // The writer answers first.
  EXPECT_EQ(woken->get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_THAT(due_message_ids(), ElementsAre("m-0000000001"));
}

TEST_P(HandOver, ADeliveryThatNothingHoldsBackIsBegunInTheSameChange) {
  const std::string id = accept_one(event("e1", {{"case", "C1"}}));
  const auto begun =
      route_at_once(id, {to_endpoint("library"), to_endpoint("province")}, {"library"});
  ASSERT_EQ(begun.size(), 1u);
  EXPECT_EQ(begun[0].message_id, id);
  EXPECT_EQ(begun[0].name, "library");
  EXPECT_EQ(begun[0].endpoint, "library");
  EXPECT_EQ(begun[0].route, "main");
  EXPECT_EQ(begun[0].state, DeliveryState::kSending);
  EXPECT_EQ(begun[0].attempts, 1);
  const StoredDelivery stored = delivery(id, "library");
  EXPECT_EQ(stored.id, begun[0].id);
  EXPECT_EQ(stored.state, DeliveryState::kSending);
  EXPECT_EQ(stored.attempts, 1);
  EXPECT_EQ(stored.last_attempt, clock_.now());
  EXPECT_EQ(stored.reach, Reach::kUnknown);
  EXPECT_EQ(delivery(id, "province").state, DeliveryState::kReady);
  EXPECT_THAT(due_ids("library"), IsEmpty()) << "nobody else sends it";
}

TEST_P(HandOver, WhatWaitsForAnEarlierOneIsNotBegun) {
  const std::string first = accept_one(event("e1", {{"case", "C1"}}));
  route(first, {to_endpoint("library")});
  const std::string second = accept_one(event("e2", {{"case", "C1"}}));
  EXPECT_THAT(route_at_once(second, {to_endpoint("library")}, {"library"}), IsEmpty());
  EXPECT_EQ(delivery(second, "library").state, DeliveryState::kWaiting);
  ASSERT_TRUE(move(delivery(first, "library"), DeliveryState::kDelivered).ok());
  EXPECT_EQ(delivery(second, "library").state, DeliveryState::kReady) << "somebody else's change";
}

TEST_P(HandOver, WhatItLetsGoOfOthersIsOnlyMadeReady) {
  const std::string first = accept_one(event("e1", {{"case", "C1"}}));
  const std::string second = accept_one(event("e2", {{"case", "C1"}}));
  route(second, {to_endpoint("library")});
  ASSERT_EQ(delivery(second, "library").state, DeliveryState::kWaiting);
  EXPECT_THAT(route_at_once(first, {}, {"library"}), IsEmpty());
  EXPECT_EQ(delivery(second, "library").state, DeliveryState::kReady);
}

TEST_P(HandOver, WhatIsAfterAnotherIsNotBegun) {
  const std::string id = accept_one(event("e1", {{"case", "C1"}}));
  PlannedDelivery after = to_endpoint("province");
  after.after = {"library"};
  EXPECT_EQ(route_at_once(id, {to_endpoint("library"), after}, {"library", "province"}).size(), 1u);
  EXPECT_EQ(delivery(id, "province").state, DeliveryState::kWaiting);
}

TEST_P(HandOver, AProcessThatEndsBeforeItIsSentAsksFirst) {
  const std::string id = accept_one(event("e1", {{"case", "C1"}}));
  ASSERT_EQ(route_at_once(id, {to_endpoint("library")}, {"library"}).size(), 1u);
  open();
  EXPECT_EQ(delivery(id, "library").state, DeliveryState::kUnknown);
}

TEST_P(HandOver, WhatIsGivenBackIsReadyAgain) {
  const std::string id = accept_one(event("e1", {{"case", "C1"}}));
  ASSERT_EQ(route_at_once(id, {to_endpoint("library")}, {"library"}).size(), 1u);
  ASSERT_TRUE(move(delivery(id, "library"), DeliveryState::kReady).ok());
  EXPECT_THAT(due_ids("library"), ElementsAre(id));
}

TEST_P(HandOver, WhoDoesNotWaitIsToldOnceItIsDurable) {
  const std::string id = accept_one(event("e1", {{"case", "C1"}}));
  std::promise<Result<std::vector<StoredDelivery>>> told;
  store().route_later(routed(id, {to_endpoint("library")}, {"library"}),
                      [&](auto begun) { told.set_value(std::move(begun)); });
  const auto begun = told.get_future().get();
  ASSERT_TRUE(begun.ok());
  ASSERT_EQ(begun.value().size(), 1u);
  const auto stored = store().deliveries(id);
  ASSERT_TRUE(stored.ok());
  ASSERT_EQ(stored.value().size(), 1u);
  EXPECT_EQ(stored.value()[0].state, DeliveryState::kSending);
  // Marked as not known, and told as it was before: nothing has reached the counterpart yet.
  EXPECT_EQ(stored.value()[0].reach, Reach::kUnknown);
  EXPECT_EQ(begun.value()[0].reach, Reach::kNothing);
}

TEST_P(HandOver, WhoDoesNotWaitIsToldWhyItWasNotTaken) {
  const std::string id = accept_one(event("e1", {{"case", "C1"}}));
  std::vector<std::string> codes;
  const auto note = [&](auto begun) { codes.push_back(begun ? "" : begun.error().code); };
  std::promise<void> refused;
  store().route_later(routed("m-0000000099", {}, {}), [&](auto begun) {
    note(std::move(begun));
    refused.set_value();
  });
  refused.get_future().wait();
  store().close();
  store().route_later(routed(id, {}, {}), note);
  EXPECT_THAT(codes, ElementsAre("journal.no_such_message", "journal.closed"));
}

INSTANTIATE_TEST_SUITE_P(Stores, HandOver, ::testing::ValuesIn(sqlite_stores()), name_of_store);

}  // namespace
}  // namespace certbridge::host::testing
