// Lanes: which of what may go goes first, and what a revocation lends. The lane of a message is in
// its header "lane" here.
#include <gmock/gmock.h>

#include <algorithm>

#include "store_contract.h"

namespace certbridge::host::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Ids = std::vector<std::string>;

OrderKey unit(int number) { return {"unit", "U-" + std::to_string(number)}; }

class Lanes : public StoreContract {
 protected:
  static Message in_lane(const std::string& lane, const std::string& source_key,
                         const std::vector<OrderKey>& keys) {
    Message message = event(source_key, keys);
    message.headers["lane"] = lane;
    return message;
  }
  std::string add(const std::string& lane, const std::vector<OrderKey>& keys) {
    return accept_one(in_lane(lane, "e" + std::to_string(++events_), keys));
  }
  std::string add_routed(const std::string& lane, const std::vector<OrderKey>& keys) {
    const std::string id = add(lane, keys);
    route(id, {to_endpoint("library")});
    return id;
  }
  // So many, each of a unit of its own, from number `from` on; in one transaction.
  Ids backlog(int count, int from = 0) {
    std::vector<Message> messages;
    Ids ids;
    for (int i = from; i < from + count; ++i) {
      messages.push_back(in_lane("bulk", "b" + std::to_string(i), {unit(i)}));
      if (messages.size() < 256 && i + 1 < from + count) continue;
      for (const Acceptance& each : store().accept("registration", std::move(messages))) {
        ids.push_back(each.id);
      }
      messages.clear();
    }
    return ids;
  }
  Lane lane(const std::string& id) { return store().message(id).value().lane; }
  Lane lane_of_delivery(const std::string& id) { return delivery(id, "library").lane; }
  // The first of those whose steps may run, and of those that may go to the library.
  Ids first_messages(std::size_t count) {
    Ids ids = due_message_ids();
    ids.resize(std::min(ids.size(), count));
    return ids;
  }
  Ids first_deliveries(std::size_t count) {
    Ids ids = due_ids("library");
    ids.resize(std::min(ids.size(), count));
    return ids;
  }

 private:
  int events_ = 0;
};

TEST_P(Lanes, TheStepsOfALiveOnePassABacklogAndARevocationPassesBoth) {
  const Ids bulk = backlog(300);
  const std::string live = add("live", {{"case", "L"}});
  const std::string revocation = add("revocation", {{"case", "R"}});
  EXPECT_EQ(lane(bulk[7]), Lane::kBulk);
  EXPECT_EQ(first_messages(4), (Ids{revocation, live, bulk[0], bulk[1]}));
  open();  // and so it stays
  EXPECT_EQ(first_messages(4), (Ids{revocation, live, bulk[0], bulk[1]}));
}

TEST_P(Lanes, DeliveriesGoInTheSameOrder) {
  Ids bulk;
  for (int i = 0; i < 20; ++i) bulk.push_back(add_routed("bulk", {unit(i)}));
  const std::string live = add_routed("live", {{"case", "L"}});
  const std::string revocation = add_routed("revocation", {{"case", "R"}});
  EXPECT_EQ(first_deliveries(4), (Ids{revocation, live, bulk[0], bulk[1]}));
  // What falls due again keeps its lane.
  for (const std::string& id : {bulk[0], revocation}) {
    ASSERT_TRUE(move(delivery(id, "library"), DeliveryState::kRetryAt).ok());
  }
  EXPECT_EQ(first_deliveries(4), (Ids{revocation, live, bulk[0], bulk[1]}));
}

TEST_P(Lanes, AnIncompleteOneThatIsDueAgainKeepsItsLane) {
  const std::string bulk = add("bulk", {unit(1)});
  const std::string revocation = add("revocation", {unit(2)});
  for (const std::string& id : {bulk, revocation}) {
    clock_.advance(std::chrono::seconds(1));
    MessageChange change;
    change.id = id;
    change.state = MessageState::kIncomplete;
    change.next_at = clock_.now();
    Transition transition;
    transition.messages = {change};
    ASSERT_TRUE(store().apply(transition).ok());
  }
  EXPECT_EQ(due_message_ids(), (Ids{revocation, bulk}));
  const Timestamp before = clock_.now() - std::chrono::milliseconds(1);
  EXPECT_EQ(store().next_due(before).value(), clock_.now());
}

TEST_P(Lanes, ARevocationPullsTheStepsOfItsOwnCertificateOutOfTheBacklog) {
  const Ids bulk = backlog(300);
  const std::string revocation = add("revocation", {unit(250)});
  EXPECT_EQ(first_messages(3), (Ids{bulk[250], bulk[0], bulk[1]}));
  EXPECT_EQ(lane(bulk[250]), Lane::kRevocation);
  EXPECT_EQ(lane(bulk[249]), Lane::kBulk);
  // The order of the key is kept: the revocation is not ready before it.
  route(bulk[250], {to_endpoint("library")});
  EXPECT_EQ(first_messages(3), (Ids{revocation, bulk[0], bulk[1]}));
  EXPECT_EQ(lane_of_delivery(bulk[250]), Lane::kRevocation) << "what it makes is in its lane";
}

TEST_P(Lanes, ARevocationPullsTheDeliveriesOfItsOwnCertificateOutOfTheBacklog) {
  Ids bulk;
  for (int i = 0; i < 40; ++i) bulk.push_back(add_routed("bulk", {unit(i)}));
  EXPECT_EQ(first_deliveries(2), (Ids{bulk[0], bulk[1]}));
  const std::string revocation = add("revocation", {unit(33)});
  EXPECT_EQ(first_deliveries(2), (Ids{bulk[33], bulk[0]}));
  route(revocation, {to_endpoint("library")});
  EXPECT_EQ(first_deliveries(2), (Ids{bulk[33], bulk[0]})) << "the order of the key is kept";
  EXPECT_EQ(delivery(revocation, "library").state, DeliveryState::kWaiting);
  ASSERT_TRUE(move(delivery(bulk[33], "library"), DeliveryState::kDelivered).ok());
  EXPECT_EQ(first_deliveries(2), (Ids{revocation, bulk[0]}));
}

TEST_P(Lanes, WhatStandsBeforeWhatIsPulledIsPulledToo) {
  const std::string apart = add("bulk", {unit(9)});
  const std::string sent = add_routed("bulk", {unit(1)});
  const std::string first = add("bulk", {unit(1), unit(2)});
  const std::string second = add("bulk", {unit(2), unit(3)});
  const std::string later = add("bulk", {unit(3), unit(4)});
  const std::string revocation = add("revocation", {unit(3)});
  const std::string behind = add("bulk", {unit(3)});
  EXPECT_EQ(lane(first), Lane::kRevocation);
  EXPECT_EQ(lane(second), Lane::kRevocation);
  EXPECT_EQ(lane(later), Lane::kRevocation);
  EXPECT_EQ(lane_of_delivery(sent), Lane::kRevocation);
  EXPECT_EQ(lane(apart), Lane::kBulk) << "it shares no key";
  EXPECT_EQ(lane(behind), Lane::kBulk) << "it came after";
  EXPECT_EQ(due_message_ids(), (Ids{first, apart}));
  for (const std::string& id : {first, second, later}) {
    EXPECT_EQ(first_messages(1), (Ids{id}));
    route(id, {});
  }
  EXPECT_EQ(first_messages(2), (Ids{revocation, apart}));
}

TEST_P(Lanes, WhatAReaderLearnsOfTheCertificateCountsOnceItIsRouted) {
  const std::string issue = add_routed("bulk", {unit(1), kCertificate});
  const std::string other = add_routed("bulk", {unit(2)});
  const std::string end = add("live", {{"case", "Z-1"}});
  EXPECT_EQ(lane_of_delivery(issue), Lane::kBulk);
  Transition transition;
  MessageChange change;
  change.id = end;
  change.state = MessageState::kRouted;
  transition.messages = {change};
  RoutedChild child;
  child.message = event("", {{"case", "Z-1"}, kCertificate});
  child.message.id = end + "/1";
  PlannedDelivery told = to_endpoint("library");
  told.bearing = {Bearing::Kind::kEnds, kCertificate};
  child.deliveries = {told, to_endpoint("reporter")};
  transition.children = {child};
  ASSERT_TRUE(store().apply(transition).ok());
  EXPECT_EQ(lane_of_delivery(end + "/1"), Lane::kRevocation) << "it ends a certificate";
  EXPECT_EQ(delivery(end + "/1", "reporter").lane, Lane::kLive);
  EXPECT_EQ(lane_of_delivery(issue), Lane::kRevocation);
  EXPECT_EQ(lane_of_delivery(other), Lane::kBulk);
  EXPECT_EQ(first_deliveries(2), (Ids{issue, other}));
}

TEST_P(Lanes, ChildrenOfWhatIsPulledAreInItsLane) {
  const std::string parent = add("bulk", {unit(1)});
  add("revocation", {unit(1)});
  Transition transition;
  MessageChange change;
  change.id = parent;
  change.state = MessageState::kRouted;
  transition.messages = {change};
  RoutedChild child;
  child.message = event("", {unit(1), kCertificate});
  child.message.id = parent + "/1";
  child.deliveries = {to_endpoint("library")};
  transition.children = {child};
  ASSERT_TRUE(store().apply(transition).ok());
  EXPECT_EQ(lane(parent + "/1"), Lane::kRevocation);
  EXPECT_EQ(lane_of_delivery(parent + "/1"), Lane::kRevocation);
}

TEST_P(Lanes, OneRevocationLendsToAThousandAtMost) {
  std::vector<Message> messages;
  Ids ids;
  for (int i = 0; i < 1200; ++i) {
    messages.push_back(in_lane("bulk", "b" + std::to_string(i), {unit(1), unit(i + 10)}));
    if (messages.size() < 200) continue;
    for (const Acceptance& each : store().accept("registration", std::move(messages))) {
      ids.push_back(each.id);
    }
    messages.clear();
  }
  const auto raised = [&] {
    return std::count_if(ids.begin(), ids.end(),
                         [&](const std::string& id) { return lane(id) == Lane::kRevocation; });
  };
  add("revocation", {unit(1)});
  EXPECT_EQ(raised(), 1000);
  EXPECT_EQ(first_messages(1), (Ids{ids[0]}));
  add("revocation", {unit(1)});  // the next one lends to what is left
  EXPECT_EQ(raised(), 1200);
}

TEST_P(Lanes, TheFirstLaneCanBeAskedForAlone) {
  const std::string bulk = add_routed("bulk", {unit(1)});
  const std::string late = add_routed("revocation", {unit(2)});
  const std::string revocation = add_routed("revocation", {unit(3)});
  const std::string accepted = add("revocation", {unit(4)});
  add("live", {unit(5)});
  DeliveryChange change;
  change.id = delivery(late, "library").id;
  change.state = DeliveryState::kRetryAt;
  change.next_at = clock_.now() + std::chrono::seconds(5);
  Transition transition;
  transition.delivery_changes = {change};
  ASSERT_TRUE(store().apply(transition).ok());
  const auto ids = [&](const std::vector<std::int64_t>& exclude) {
    Ids found;
    const auto due =
        store().due_deliveries("library", clock_.now(), 10, exclude, Lane::kRevocation).value();
    for (const StoredDelivery& one : due) found.push_back(one.message_id);
    return found;
  };
  EXPECT_THAT(ids({}), ElementsAre(revocation));
  EXPECT_THAT(ids({delivery(revocation, "library").id}), IsEmpty());
  clock_.advance(std::chrono::seconds(5));
  EXPECT_THAT(ids({}), ElementsAre(late, revocation));
  const auto live = store().due_deliveries("library", clock_.now(), 10, {}, Lane::kLive).value();
  EXPECT_EQ(live.size(), 2u) << "without " << bulk;
  ASSERT_TRUE(store().hold({HoldScope::kRoute, "main", "zhang", "moving house", {}}).ok());
  EXPECT_THAT(ids({}), IsEmpty());
  const auto due = store().due_messages(clock_.now(), 10, {}, Lane::kRevocation).value();
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].message.id, accepted);
}

TEST(LaneOfAMessage, IsNoPartOfWhatWasHandedOver) {
  StandingClock clock;
  ScratchFolder folder;
  std::string id;
  for (const Lane lane : {Lane::kBulk, Lane::kLive}) {  // the routes were changed in between
    StoreSettings settings = sqlite_settings(folder.path(), clock);
    settings.lane_of = [lane](const std::string&, const Message&) { return lane; };
    auto store = open_sqlite_store(settings);
    ASSERT_TRUE(store.ok());
    const Acceptance answer =
        store.value()->accept("registration", {event("e1", {unit(1)})}).front();
    EXPECT_EQ(answer.verdict,
              lane == Lane::kBulk ? Acceptance::Verdict::kAccepted : Acceptance::Verdict::kSame);
    id = answer.id;
    EXPECT_EQ(store.value()->message(id).value().lane, Lane::kBulk);
    store.value()->close();
  }
}

INSTANTIATE_TEST_SUITE_P(Stores, Lanes, ::testing::ValuesIn(sqlite_stores()), name_of_store);

}  // namespace
}  // namespace certbridge::host::testing
