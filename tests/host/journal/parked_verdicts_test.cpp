// Verdicts that belong to nothing, or contradict how their delivery has ended.
#include <gmock/gmock.h>

#include "store_contract.h"

namespace certbridge::host::testing {
namespace {

using std::chrono::seconds;
using ::testing::IsEmpty;
using Verdict = Outcome::Verdict;

class ParkedVerdicts : public StoreContract {
 protected:
  std::string add(const std::string& endpoint = "library") {
    const std::string id = accept_one(event("e" + std::to_string(++events_), {}));
    route(id, {to_endpoint(endpoint)});
    return id;
  }
  void begin(const std::string& id, const std::string& endpoint = "library") {
    change(id, endpoint, DeliveryState::kSending);
  }
  // As the engine notes it: when it failed, not when it began.
  void fail(const std::string& id) { change(id, "library", DeliveryState::kUnknown); }
  void receive(const std::string& id, const std::string& correlation) {
    change(id, "library", DeliveryState::kOpen,
           Receipt{Receipt::State::kOpen, "R-1", correlation, clock_.now(), {}});
  }
  void change(const std::string& id, const std::string& endpoint, DeliveryState state,
              std::optional<Receipt> receipt = {}) {
    DeliveryChange change;
    change.id = delivery(id, endpoint).id;
    change.state = state;
    change.next_at = clock_.now() + std::chrono::hours(1);
    if (state == DeliveryState::kSending || state == DeliveryState::kUnknown) {
      change.last_attempt = clock_.now();
    }
    change.receipt = std::move(receipt);
    Transition transition;
    transition.delivery_changes = {change};
    ASSERT_TRUE(store().apply(transition).ok());
  }
  void settle(const std::string& correlation, Verdict verdict = Verdict::kAccepted) {
    Outcome outcome;
    outcome.verdict = verdict;
    outcome.code = "0000";
    outcome.message = "in its words";
    ASSERT_TRUE(store().settle({"library", correlation}, outcome).ok());
  }
  // How many are parked when everything received until now is.
  std::uint64_t park() { return store().park_verdicts("library", clock_.now()).value(); }
  std::vector<ParkedVerdict> listed() { return store().desk().parked_verdicts(0, 100).value(); }
  VerdictAlarms alarms() {
    const auto all = store().verdict_alarms(clock_.now()).value();
    return all.empty() ? VerdictAlarms{} : all[0];
  }

 private:
  int events_ = 0;
};

TEST_P(ParkedVerdicts, OneThatNobodyCanNameIsParkedListedAndCounted) {
  const Timestamp received = clock_.now();
  settle("nobody");
  EXPECT_EQ(alarms().unmatched, 1u);
  EXPECT_EQ(alarms().parked, 0u);
  EXPECT_EQ(store().park_verdicts("library", received - seconds(1)).value(), 0u) << "too early";
  EXPECT_EQ(store().park_verdicts("province", received).value(), 0u) << "of another endpoint";
  EXPECT_THAT(listed(), IsEmpty());
  EXPECT_EQ(park(), 1u);
  EXPECT_EQ(park(), 0u) << "once";
  open();
  ASSERT_EQ(listed().size(), 1u);
  const ParkedVerdict one = listed()[0];
  EXPECT_EQ(one.endpoint, "library");
  EXPECT_EQ(one.correlation, "nobody");
  EXPECT_EQ(one.outcome.message, "in its words");
  EXPECT_EQ(one.received, received);
  EXPECT_FALSE(one.contradicts);
  EXPECT_EQ(one.message_id, "");
  EXPECT_THAT(store().desk().parked_verdicts(one.id, 100).value(), IsEmpty());
  EXPECT_EQ(alarms().unmatched, 0u);
  EXPECT_EQ(alarms().parked, 1u);
}

TEST_P(ParkedVerdicts, OneIsKeptWhileASendThatBeganBeforeItIsUnanswered) {
  const std::string id = add();
  begin(id);
  clock_.advance(seconds(1));
  settle("batch-7");
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(park(), 0u);
  receive(id, "batch-8");  // it is answered, and names another
  EXPECT_EQ(park(), 1u);
}

TEST_P(ParkedVerdicts, OneIsKeptWhileTheOutcomeOfSuchASendIsUnknown) {
  const std::string id = add();
  begin(id);
  clock_.advance(seconds(1));
  settle("batch-7");
  clock_.advance(seconds(30));
  fail(id);  // after the verdict came: it began before
  EXPECT_EQ(park(), 0u);
  open();
  EXPECT_EQ(park(), 0u);
  receive(id, "batch-7");
  EXPECT_EQ(delivery(id, "library").state, DeliveryState::kDelivered);
  EXPECT_EQ(park(), 0u);
}

TEST_P(ParkedVerdicts, OneIsKeptWhileWhatWasSendingAtACrashIsUnknown) {
  begin(add());
  clock_.advance(seconds(1));
  settle("batch-7");
  clock_.advance(seconds(1));
  open();
  EXPECT_EQ(park(), 0u);
}

TEST_P(ParkedVerdicts, SendsThatBeganLaterOrElsewhereDoNotKeepIt) {
  const std::string waiting = add();
  const std::string other = add("province");
  begin(other, "province");
  clock_.advance(seconds(1));
  settle("batch-7");
  clock_.advance(seconds(1));
  begin(waiting);
  EXPECT_EQ(park(), 1u);
}

TEST_P(ParkedVerdicts, AReceiptThatNamesItLaterStillMatchesItAndItLeavesTheList) {
  const std::string id = add();
  settle("batch-7", Verdict::kRejected);
  EXPECT_EQ(park(), 1u);
  receive(id, "batch-7");
  EXPECT_EQ(delivery(id, "library").state, DeliveryState::kParked);
  EXPECT_EQ(delivery(id, "library").error_code, "delivery.rejected");
  EXPECT_THAT(listed(), IsEmpty());
  EXPECT_EQ(alarms().parked, 0u);
}

TEST_P(ParkedVerdicts, APersonCanGiveOneUp) {
  settle("nobody");
  ASSERT_EQ(park(), 1u);
  Transition transition;
  transition.verdicts_given_up = {listed()[0].id};
  Action action;
  action.person = "wang";
  action.operation = "verdicts discard";
  transition.actions = {action};
  ASSERT_TRUE(store().apply(transition).ok());
  EXPECT_THAT(listed(), IsEmpty());
  EXPECT_EQ(alarms().parked, 0u);
  EXPECT_EQ(park(), 0u);
  EXPECT_EQ(store().apply(transition).error().code, "verdict.not_parked");
  EXPECT_EQ(store().desk().actions({}).value().size(), 1u) << "nothing is recorded that was not";
}

TEST_P(ParkedVerdicts, AnAcceptanceOfWhatWasGivenUpIsParkedAtOnce) {
  const std::string id = add();
  receive(id, "batch-7");
  settle("batch-7", Verdict::kRejected);
  change(id, "library", DeliveryState::kDiscarded);
  EXPECT_THAT(listed(), IsEmpty());
  settle("batch-7", Verdict::kAccepted);
  EXPECT_EQ(delivery(id, "library").state, DeliveryState::kDiscarded) << "a person decides";
  ASSERT_EQ(listed().size(), 1u);
  EXPECT_TRUE(listed()[0].contradicts);
  EXPECT_EQ(listed()[0].message_id, id);
  EXPECT_EQ(listed()[0].delivery, "library");
  EXPECT_EQ(listed()[0].ended, "discarded");
  EXPECT_EQ(alarms().parked, 1u);
  EXPECT_EQ(alarms().unmatched, 0u);
  EXPECT_EQ(store().trace(id).value().back().outcome, "verdict.contradicts");
  settle("batch-7", Verdict::kRejected);  // it takes it back
  EXPECT_THAT(listed(), IsEmpty());
  EXPECT_EQ(alarms().parked, 0u);
}

TEST_P(ParkedVerdicts, ARejectionOfWhatWasGivenUpSaysTheSame) {
  const std::string id = add();
  receive(id, "batch-7");
  change(id, "library", DeliveryState::kParked);
  change(id, "library", DeliveryState::kDiscarded);
  settle("batch-7", Verdict::kRejected);
  EXPECT_THAT(listed(), IsEmpty());
  EXPECT_EQ(alarms().unmatched, 0u);
  EXPECT_EQ(delivery(id, "library").state, DeliveryState::kDiscarded);
}

INSTANTIATE_TEST_SUITE_P(Stores, ParkedVerdicts, ::testing::ValuesIn(sqlite_stores()),
                         name_of_store);

}  // namespace
}  // namespace certbridge::host::testing
