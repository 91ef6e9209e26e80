// What a later event of a certificate makes of the parked one before it.
#include <gmock/gmock.h>

#include "store_contract.h"

namespace certbridge::host::testing {
namespace {

using Kind = Bearing::Kind;

const OrderKey kOther{"certificate", "C-2"};

class ParkedHead : public StoreContract {
 protected:
  // An event of the certificate on its way to the library, with a report behind it.
  std::string add(Kind kind, const OrderKey& certificate = kCertificate) {
    const std::string id = accept_one(event("e" + std::to_string(++events_), {kUnit, certificate}));
    PlannedDelivery told = to_endpoint("library");
    told.bearing = {kind, certificate};
    PlannedDelivery report = to_endpoint("reporter");
    report.after = {"library"};
    route(id, {told, report});
    return id;
  }
  void park(const std::string& id, Reach reach) {
    const StoredDelivery from = delivery(id, "library");
    DeliveryChange change;
    change.id = from.id;
    change.state = DeliveryState::kParked;
    change.attempts = from.attempts + 1;
    change.reach = reach;
    change.error_code = "test.parked";
    Transition transition;
    transition.delivery_changes = {change};
    ASSERT_TRUE(store().apply(transition).ok());
  }
  std::string parked_issue(Reach reach) {
    const std::string id = add(Kind::kIssues);
    park(id, reach);
    return id;
  }
  DeliveryState state(const std::string& id) { return delivery(id, "library").state; }
  std::string code(const std::string& id) { return delivery(id, "library").error_code; }
  MessageState message_state(const std::string& id) { return store().message(id).value().state; }

 private:
  int events_ = 0;
};

TEST_P(ParkedHead, AnEndOfWhatWasNeverSentDiscardsBoth) {
  const std::string issue = parked_issue(Reach::kNothing);
  const std::string end = add(Kind::kEnds);
  EXPECT_EQ(state(issue), DeliveryState::kDiscarded);
  EXPECT_EQ(state(end), DeliveryState::kDiscarded);
  EXPECT_EQ(code(issue), "order.never_published");
  EXPECT_EQ(code(end), "order.never_published");
  EXPECT_THAT(delivery(issue, "library").error_message, ::testing::HasSubstr(end));
  // Reported back: the report of the end is ready, and says how it ended.
  EXPECT_EQ(delivery(end, "reporter").state, DeliveryState::kWaiting);
  ASSERT_TRUE(move(delivery(issue, "reporter"), DeliveryState::kDelivered).ok());
  EXPECT_EQ(delivery(end, "reporter").state, DeliveryState::kReady);
  EXPECT_EQ(store().trace(end).value().back().outcome, "order.never_published");
}

TEST_P(ParkedHead, TheSameWhenTheEndWaitedBeforeTheIssueWasParked) {
  const std::string issue = add(Kind::kIssues);
  const std::string change = add(Kind::kTells);
  const std::string end = add(Kind::kEnds);
  EXPECT_EQ(state(end), DeliveryState::kWaiting);
  park(issue, Reach::kNothing);
  for (const std::string& id : {issue, change, end}) {
    EXPECT_EQ(state(id), DeliveryState::kDiscarded) << id;
    EXPECT_EQ(code(id), "order.never_published") << id;
  }
  open();  // and so it stays
  EXPECT_EQ(state(end), DeliveryState::kDiscarded);
  EXPECT_THAT(due_ids("library"), ::testing::IsEmpty());
}

TEST_P(ParkedHead, AnEndOfWhatWasRefusedIsFinalWithoutACall) {
  const std::string issue = parked_issue(Reach::kRefused);
  const std::string end = add(Kind::kEnds);
  EXPECT_EQ(state(end), DeliveryState::kNotHeld);
  EXPECT_EQ(code(end), "order.issue_refused");
  EXPECT_EQ(state(issue), DeliveryState::kDiscarded);
  EXPECT_THAT(due_ids("library"), ::testing::IsEmpty());
  ASSERT_TRUE(move(delivery(issue, "reporter"), DeliveryState::kDelivered).ok());
  ASSERT_TRUE(move(delivery(end, "reporter"), DeliveryState::kDelivered).ok());
  EXPECT_EQ(message_state(end), MessageState::kNotHeld);
}

TEST_P(ParkedHead, AVerdictThatRejectsIsARefusal) {
  const std::string issue = add(Kind::kIssues);
  DeliveryChange received;
  received.id = delivery(issue, "library").id;
  received.state = DeliveryState::kOpen;
  received.reach = Reach::kUnknown;
  received.receipt = Receipt{};
  received.receipt->state = Receipt::State::kOpen;
  received.receipt->correlation = "batch-7";
  Transition transition;
  transition.delivery_changes = {received};
  ASSERT_TRUE(store().apply(transition).ok());
  const std::string end = add(Kind::kEnds);
  Outcome rejected;
  rejected.verdict = Outcome::Verdict::kRejected;
  ASSERT_TRUE(store().settle({"library", "batch-7"}, rejected).ok());
  EXPECT_EQ(state(end), DeliveryState::kNotHeld);
  EXPECT_EQ(state(issue), DeliveryState::kDiscarded);
}

TEST_P(ParkedHead, AnUnknownOutcomeIsAskedAboutFirst) {
  const std::string issue = parked_issue(Reach::kUnknown);
  const std::string end = add(Kind::kEnds);
  EXPECT_EQ(state(end), DeliveryState::kWaiting);
  EXPECT_EQ(state(issue), DeliveryState::kUnknown);
  EXPECT_TRUE(delivery(issue, "library").ask_only);
  EXPECT_EQ(due_ids("library"), std::vector<std::string>{issue});
  // It is there: the end goes.
  ASSERT_TRUE(move(delivery(issue, "library"), DeliveryState::kDelivered).ok());
  EXPECT_EQ(state(end), DeliveryState::kReady);
}

TEST_P(ParkedHead, AskedAboutAndAbsentItIsNeverPublished) {
  const std::string issue = parked_issue(Reach::kUnknown);
  const std::string end = add(Kind::kEnds);
  park(issue, Reach::kNothing);
  EXPECT_EQ(state(issue), DeliveryState::kDiscarded);
  EXPECT_EQ(state(end), DeliveryState::kDiscarded);
}

TEST_P(ParkedHead, AskedAboutInVainItWaitsForAPerson) {
  const std::string issue = parked_issue(Reach::kUnknown);
  const std::string end = add(Kind::kEnds);
  park(issue, Reach::kUnknown);
  EXPECT_EQ(state(issue), DeliveryState::kParked);
  EXPECT_EQ(state(end), DeliveryState::kWaiting);
  EXPECT_THAT(delivery(end, "library").waits_for, ::testing::HasSubstr(issue));
}

TEST_P(ParkedHead, ANewerVersionSupersedesAParkedOlderOne) {
  for (const Reach reach : {Reach::kNothing, Reach::kRefused}) {
    const std::string issue = parked_issue(reach);
    const std::string newer = add(Kind::kIssues);
    EXPECT_EQ(state(issue), DeliveryState::kSuperseded);
    EXPECT_EQ(code(issue), "order.superseded");
    EXPECT_EQ(state(newer), DeliveryState::kReady);
    ASSERT_TRUE(move(delivery(newer, "library"), DeliveryState::kDelivered).ok());
  }
}

TEST_P(ParkedHead, ANewerVersionAsksFirstWhereTheOutcomeIsUnknown) {
  const std::string issue = parked_issue(Reach::kUnknown);
  const std::string newer = add(Kind::kIssues);
  EXPECT_EQ(state(issue), DeliveryState::kUnknown);
  EXPECT_EQ(state(newer), DeliveryState::kWaiting);
}

TEST_P(ParkedHead, AnythingElseWaits) {
  const std::string issue = parked_issue(Reach::kNothing);
  const std::string change = add(Kind::kTells);
  const std::string of_other = add(Kind::kEnds, kOther);
  EXPECT_EQ(state(issue), DeliveryState::kParked);
  EXPECT_EQ(state(change), DeliveryState::kWaiting);
  EXPECT_EQ(state(of_other), DeliveryState::kWaiting);
  // A change that waits in between may not come before its certificate: the newer version waits
  // too.
  const std::string newer = add(Kind::kIssues);
  EXPECT_EQ(state(newer), DeliveryState::kWaiting);
  EXPECT_EQ(state(issue), DeliveryState::kParked);
  // The end of this one takes all of it away, and lets the other one go.
  add(Kind::kEnds);
  EXPECT_EQ(state(issue), DeliveryState::kDiscarded);
  EXPECT_EQ(state(newer), DeliveryState::kDiscarded);
  EXPECT_EQ(state(of_other), DeliveryState::kReady);
}

TEST_P(ParkedHead, AParkedChangeHoldsItsEndBack) {
  const std::string change = add(Kind::kTells);
  park(change, Reach::kRefused);
  const std::string end = add(Kind::kEnds);
  EXPECT_EQ(state(change), DeliveryState::kParked);
  EXPECT_EQ(state(end), DeliveryState::kWaiting);
}

TEST_P(ParkedHead, OneEndpointSaysNothingOfAnother) {
  const std::string issue = accept_one(event("two", {kUnit, kCertificate}));
  PlannedDelivery library = to_endpoint("library");
  library.bearing = {Kind::kIssues, kCertificate};
  PlannedDelivery province = to_endpoint("province");
  province.bearing = {Kind::kIssues, kCertificate};
  route(issue, {library, province});
  park(issue, Reach::kNothing);
  const std::string end = accept_one(event("end", {kUnit, kCertificate}));
  library.bearing.kind = province.bearing.kind = Kind::kEnds;
  route(end, {library, province});
  EXPECT_EQ(state(end), DeliveryState::kDiscarded);
  EXPECT_EQ(delivery(end, "province").state, DeliveryState::kWaiting);
  EXPECT_EQ(delivery(issue, "province").state, DeliveryState::kReady);
}

INSTANTIATE_TEST_SUITE_P(Sqlite, ParkedHead, ::testing::ValuesIn(sqlite_stores()), name_of_store);

}  // namespace
}  // namespace certbridge::host::testing
