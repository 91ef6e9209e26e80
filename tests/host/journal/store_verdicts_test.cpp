// Verdicts on open receipts: early, late, twice, contradicting, for nobody.
#include <gmock/gmock.h>

#include "store_contract.h"

namespace certbridge::host::testing {
namespace {

using ::testing::IsEmpty;

using Ids = std::vector<std::string>;

class Verdicts : public StoreContract {
 protected:
  StoredDelivery open_delivery() {
    id_ = accept_one(event("e1", {kCase}));
    route(id_, {to_endpoint("library")});
    return delivery(id_, "library");
  }
  StoredDelivery open_delivery_and_report() {
    id_ = accept_one(event("e1", {kCase}));
    PlannedDelivery report = to_endpoint("reporter");
    report.after = {"library"};
    route(id_, {to_endpoint("library"), report});
    return delivery(id_, "library");
  }
  void receive_open(const StoredDelivery& from) {
    DeliveryChange change;
    change.id = from.id;
    change.state = DeliveryState::kOpen;
    Receipt receipt;
    receipt.state = Receipt::State::kOpen;
    receipt.correlation = "batch-7";
    receipt.remote_id = "R-1";
    change.receipt = receipt;
    Transition transition;
    transition.delivery_changes = {change};
    ASSERT_TRUE(store().apply(transition).ok());
  }
  void settle(Outcome::Verdict verdict) {
    Outcome outcome;
    outcome.verdict = verdict;
    outcome.code = verdict == Outcome::Verdict::kAccepted ? "0000" : "2007";
    outcome.message = "in its words";
    ASSERT_TRUE(store().settle({"library", "batch-7"}, outcome).ok());
  }
  DeliveryState state() { return delivery(id_, "library").state; }
  std::string id_{};
};

TEST_P(Verdicts, SettleAnOpenDelivery) {
  receive_open(open_delivery());
  settle(Outcome::Verdict::kAccepted);
  EXPECT_EQ(state(), DeliveryState::kDelivered);
  EXPECT_EQ(delivery(id_, "library").receipt->remote_id, "R-1");
  settle(Outcome::Verdict::kAccepted);
  EXPECT_EQ(store().trace(id_).value().size(), 1u);  // twice is the same as once
}
TEST_P(Verdicts, AnEarlyOneIsKeptAndMatched) {
  const StoredDelivery waiting = open_delivery();
  settle(Outcome::Verdict::kRejected);
  open();
  EXPECT_EQ(state(), DeliveryState::kReady);
  receive_open(waiting);
  EXPECT_EQ(state(), DeliveryState::kParked);
  EXPECT_EQ(delivery(id_, "library").error_code, "delivery.rejected");
  EXPECT_EQ(delivery(id_, "library").error_message, "2007: in its words");
}
TEST_P(Verdicts, ARejectionAfterDeliveryIsARepair) {
  receive_open(open_delivery());
  settle(Outcome::Verdict::kAccepted);
  settle(Outcome::Verdict::kRejected);
  EXPECT_EQ(state(), DeliveryState::kRepair);
  EXPECT_EQ(store().trace(id_).value().size(), 2u);
}
TEST_P(Verdicts, AnAcceptanceAfterARejectionDelivers) {
  receive_open(open_delivery());
  settle(Outcome::Verdict::kRejected);
  EXPECT_EQ(state(), DeliveryState::kParked);
  settle(Outcome::Verdict::kAccepted);
  EXPECT_EQ(state(), DeliveryState::kDelivered);
}
// At "quick" the next one of a key goes while a verdict is open.
TEST_P(Verdicts, WhatHasNotBegunWhenOneBeforeItIsRejectedWaitsForTheRepair) {
  const std::string first = accept_one(event("e1", {kCase}));
  route(first, {to_endpoint("quick")});
  ASSERT_TRUE(move(delivery(first, "quick"), DeliveryState::kOpen).ok());
  const std::string second = accept_one(event("e2", {kCase}));
  const std::string other = accept_one(event("e3", {kUnit}));
  route(second, {to_endpoint("quick")});
  route(other, {to_endpoint("quick")});
  const auto state_of = [&](const std::string& id) { return delivery(id, "quick").state; };
  ASSERT_EQ(state_of(second), DeliveryState::kReady);
  ASSERT_TRUE(move(delivery(first, "quick"), DeliveryState::kParked).ok());
  EXPECT_EQ(state_of(second), DeliveryState::kWaiting);
  EXPECT_EQ(delivery(second, "quick").waits_for, "parked delivery of message " + first);
  EXPECT_EQ(state_of(other), DeliveryState::kReady);
  ASSERT_TRUE(move(delivery(first, "quick"), DeliveryState::kDelivered).ok());
  EXPECT_EQ(state_of(second), DeliveryState::kReady);
}

TEST_P(Verdicts, WhoWasToldReceivedIsToldWhatItCameTo) {
  const StoredDelivery library = open_delivery_and_report();
  const auto reporter = [&] { return delivery(id_, "reporter").state; };
  receive_open(library);
  EXPECT_EQ(reporter(), DeliveryState::kReady);
  ASSERT_TRUE(move(delivery(id_, "reporter"), DeliveryState::kDelivered).ok());
  settle(Outcome::Verdict::kAccepted);
  EXPECT_EQ(reporter(), DeliveryState::kReady);
  EXPECT_EQ(store().message(id_).value().state, MessageState::kRouted);
  ASSERT_TRUE(move(delivery(id_, "reporter"), DeliveryState::kDelivered).ok());
  EXPECT_EQ(store().message(id_).value().state, MessageState::kDone);
  settle(Outcome::Verdict::kAccepted);
  EXPECT_EQ(reporter(), DeliveryState::kDelivered) << "twice is the same as once";
  settle(Outcome::Verdict::kRejected);
  EXPECT_EQ(reporter(), DeliveryState::kReady);
}
TEST_P(Verdicts, OneThatWasAskedForIsToldAsWell) {
  const StoredDelivery library = open_delivery_and_report();
  receive_open(library);
  ASSERT_TRUE(move(delivery(id_, "reporter"), DeliveryState::kDelivered).ok());
  ASSERT_TRUE(move(delivery(id_, "library"), DeliveryState::kParked).ok());
  EXPECT_EQ(delivery(id_, "reporter").state, DeliveryState::kReady);
  EXPECT_EQ(store().message(id_).value().state, MessageState::kRouted);
}
TEST_P(Verdicts, WhoWasToldThatItIsSetAsideIsToldWhatTheReplayComesTo) {
  const StoredDelivery library = open_delivery_and_report();
  const auto reporter = [&] { return delivery(id_, "reporter").state; };
  ASSERT_TRUE(move(library, DeliveryState::kParked).ok());
  ASSERT_TRUE(move(delivery(id_, "reporter"), DeliveryState::kDelivered).ok());
  EXPECT_EQ(store().message(id_).value().state, MessageState::kDone);
  ASSERT_TRUE(move(delivery(id_, "library"), DeliveryState::kUnknown).ok());
  EXPECT_EQ(reporter(), DeliveryState::kWaiting) << "there is nothing to say yet";
  EXPECT_EQ(store().message(id_).value().state, MessageState::kRouted);
  ASSERT_TRUE(move(delivery(id_, "library"), DeliveryState::kDelivered).ok());
  EXPECT_EQ(reporter(), DeliveryState::kReady);
}
TEST_P(Verdicts, WhoIsBeingToldReceivedIsAskedAndToldAgain) {
  const StoredDelivery library = open_delivery_and_report();
  receive_open(library);
  ASSERT_TRUE(move(delivery(id_, "reporter"), DeliveryState::kSending).ok());
  settle(Outcome::Verdict::kAccepted);
  EXPECT_EQ(delivery(id_, "reporter").state, DeliveryState::kUnknown);
  EXPECT_EQ(due_ids("reporter"), (Ids{id_}));
}

TEST_P(Verdicts, AnOverdueVerdictIsAnAlarmAndFallsDue) {
  const std::string id = accept_one(event("e1", {kCase}));
  route(id, {to_endpoint("library")});
  DeliveryChange change;
  change.id = delivery(id, "library").id;
  change.state = DeliveryState::kOpen;
  change.next_at = clock_.now() + std::chrono::hours(1);
  change.receipt = Receipt{Receipt::State::kOpen, "", "R-1", clock_.now(), change.next_at};
  Transition transition;
  transition.delivery_changes = {change};
  ASSERT_TRUE(store().apply(transition).ok());
  EXPECT_THAT(due_ids("library"), IsEmpty());
  EXPECT_TRUE(store().verdict_alarms(clock_.now()).value().empty());
  clock_.advance(std::chrono::hours(1));
  open();  // after a restart as well
  EXPECT_EQ(due_ids("library"), (std::vector<std::string>{id}));
  const auto alarms = store().verdict_alarms(clock_.now()).value();
  ASSERT_EQ(alarms.size(), 1u);
  EXPECT_EQ(alarms[0].endpoint, "library");
  EXPECT_EQ(alarms[0].overdue, 1u);
  MessageQuery query;
  query.verdict_overdue_at = clock_.now();
  ASSERT_EQ(store().messages(query).value().size(), 1u);
  ASSERT_TRUE(store().settle({"library", "R-1"}, {}).ok());
  EXPECT_TRUE(store().verdict_alarms(clock_.now()).value().empty());
  EXPECT_TRUE(store().messages(query).value().empty());
  ASSERT_TRUE(store().settle({"library", "nobody"}, {}).ok());
  EXPECT_EQ(store().verdict_alarms(clock_.now()).value().at(0).unmatched, 1u);
}

INSTANTIATE_TEST_SUITE_P(Stores, Verdicts, ::testing::ValuesIn(sqlite_stores()), name_of_store);

}  // namespace
}  // namespace certbridge::host::testing
