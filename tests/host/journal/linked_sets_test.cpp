// Changes: sets of earlier certificates and new ones, as the register follows them.
#include <algorithm>

#include "certbridge/certificate.h"
#include "store_contract.h"

namespace certbridge::host::testing {
namespace {

using Base = Status::Base;

class LinkedSets : public StoreContract {
 protected:
  static OrderKey key_of(const std::string& number) { return certificate_key("T1", number, "I1"); }
  static LinkedCertificate one(const std::string& number) {
    LinkedCertificate it;
    it.key = key_of(number);
    it.who.number = number;
    it.who.type_code = "T1";
    it.who.issuer_code = "I1";
    it.who.issuer_name = "登记机构";
    it.who.area = "411300";
    it.who.identifier = "id-" + number;
    return it;
  }
  // Says it, as a message of the case would.
  void link(ChangePolicy policy, const std::vector<std::string>& earlier,
            const std::vector<std::string>& later, const std::string& case_no = "C1") {
    LinkedChange change{"411300", case_no, policy, "更正换证", {}, {}};
    for (const std::string& number : earlier) change.earlier.push_back(one(number));
    for (const std::string& number : later) change.later.push_back(one(number));
    Transition transition;
    transition.linked.push_back(std::move(change));
    ASSERT_TRUE(store().apply(std::move(transition)).ok());
  }
  void stands(const std::string& number, Base base) {
    const auto found = store().certificate(key_of(number)).value();
    RegisteredCertificate it = found.value_or(RegisteredCertificate{});
    it.key = key_of(number);
    it.version = 1;
    it.life = one(number).who;
    it.life.word = "valid";
    it.life.state.base = {base, "", {}};
    Transition transition;
    transition.certificates.push_back({it});
    ASSERT_TRUE(store().apply(std::move(transition)).ok());
  }
  LinkedSet only() {
    const auto all = store().desk().linked_sets({});
    EXPECT_TRUE(all.ok());
    EXPECT_EQ(all.value().size(), 1u);
    return all.value().empty() ? LinkedSet{} : all.value().front();
  }
  LinkedState state() { return only().state; }
  LinkedStanding standing(const std::string& number) {
    for (const LinkedMember& member : only().members) {
      if (member.number == number) return member.standing;
    }
    ADD_FAILURE() << number << " is no member";
    return LinkedStanding::kStands;
  }
  // Numbers of the certificates that the register wants to be cancelled.
  std::vector<std::string> to_be_cancelled() {
    std::vector<std::string> numbers;
    for (const std::string& id : due_message_ids()) {
      const StoredMessage stored = store().message(id).value();
      EXPECT_EQ(stored.source, kRegisterSource);
      EXPECT_EQ(stored.message.headers.at("life-event"), "cancel");
      numbers.push_back(stored.message.headers.at("certificate-number"));
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
  }
};

using Numbers = std::vector<std::string>;

TEST_P(LinkedSets, AReplacementEndsTheEarlierOneOnlyAfterTheNewIsCollected) {
  stands("old", Base::kValid);
  stands("new", Base::kIssued);
  link(ChangePolicy::kAfterCollection, {"old"}, {"new"});
  EXPECT_EQ(state(), LinkedState::kUnderWay);
  EXPECT_EQ(to_be_cancelled(), Numbers{});
  stands("new", Base::kValid);
  EXPECT_EQ(to_be_cancelled(), Numbers{"old"});
  EXPECT_EQ(state(), LinkedState::kUnderWay) << "half done: the old one still stands";
  const StoredMessage event = store().message(due_message_ids()[0]).value();
  EXPECT_EQ(event.message.headers.at("life-reason"), "更正换证");
  EXPECT_EQ(event.message.headers.at("case-no"), "C1");
  EXPECT_EQ(event.message.headers.at("replaced-by-identifier"), "id-new");
  EXPECT_EQ(event.message.order_keys, std::vector<OrderKey>{key_of("old")});
  stands("old", Base::kCancelled);
  EXPECT_EQ(state(), LinkedState::kComplete);
}

TEST_P(LinkedSets, OfAMergeAndASplitAllNewOnesAreAwaited) {
  for (const char* number : {"a", "b"}) stands(number, Base::kValid);
  for (const char* number : {"x", "y", "z"}) stands(number, Base::kIssued);
  link(ChangePolicy::kAfterCollection, {"a", "b"}, {"x"});
  link(ChangePolicy::kAfterCollection, {"a", "b"}, {"y"});
  link(ChangePolicy::kAfterCollection, {"b"}, {"z"});
  stands("x", Base::kValid);
  stands("y", Base::kValid);
  EXPECT_EQ(to_be_cancelled(), Numbers{});
  EXPECT_EQ(standing("z"), LinkedStanding::kAwaited);
  stands("z", Base::kValid);
  EXPECT_EQ(to_be_cancelled(), (Numbers{"a", "b"}));
  stands("a", Base::kCancelled);
  EXPECT_EQ(state(), LinkedState::kUnderWay);
  stands("b", Base::kRevoked);
  EXPECT_EQ(state(), LinkedState::kComplete) << "however it ended";
}

TEST_P(LinkedSets, WhereTheRightHasPassedNothingIsHandedOverAndItIsHalfDoneUntilTheNewIsCollected) {
  stands("old", Base::kCancelled);
  link(ChangePolicy::kAtBooking, {"old"}, {});
  EXPECT_EQ(state(), LinkedState::kUnderWay);
  stands("new", Base::kIssued);
  link(ChangePolicy::kAtBooking, {"old"}, {"new"});
  EXPECT_EQ(state(), LinkedState::kUnderWay);
  stands("new", Base::kVoided);
  EXPECT_EQ(standing("new"), LinkedStanding::kFailed);
  EXPECT_EQ(state(), LinkedState::kUnderWay) << "the old one has ended and nothing took its place";
  stands("second", Base::kIssued);
  link(ChangePolicy::kAtBooking, {}, {"second"});
  stands("second", Base::kValid);
  EXPECT_EQ(state(), LinkedState::kComplete);
  EXPECT_EQ(to_be_cancelled(), Numbers{});
}

TEST_P(LinkedSets, WhereTheRightHasPassedTheBookingAloneEndsTheEarlierOne) {
  stands("old", Base::kValid);
  stands("new", Base::kIssued);
  link(ChangePolicy::kAtBooking, {"old"}, {"new"});
  stands("new", Base::kValid);
  EXPECT_EQ(to_be_cancelled(), Numbers{});
  EXPECT_EQ(state(), LinkedState::kUnderWay) << "its booking has not come";
  stands("old", Base::kCancelled);
  EXPECT_EQ(state(), LinkedState::kComplete);
}

TEST_P(LinkedSets, AReplacementOfWhichNothingComesLeavesTheEarlierOneAsItWas) {
  stands("old", Base::kValid);
  stands("new", Base::kIssued);
  link(ChangePolicy::kAfterCollection, {"old"}, {"new"});
  stands("new", Base::kVoided);
  EXPECT_EQ(state(), LinkedState::kGivenUp);
  EXPECT_EQ(to_be_cancelled(), Numbers{});
}

TEST_P(LinkedSets, ANewOneThatHasEndedBeforeItWasCollectedTookTheirPlaceAllTheSame) {
  stands("old", Base::kValid);
  stands("new", Base::kIssued);
  link(ChangePolicy::kAfterCollection, {"old"}, {"new"});
  stands("new", Base::kCancelled);
  EXPECT_EQ(standing("new"), LinkedStanding::kOver);
  EXPECT_EQ(to_be_cancelled(), Numbers{"old"});
  stands("old", Base::kCancelled);
  EXPECT_EQ(state(), LinkedState::kComplete);
}

TEST_P(LinkedSets, AnEarlierOneThatWasNeverElectronicIsEndedAllTheSame) {
  stands("new", Base::kIssued);
  link(ChangePolicy::kAfterCollection, {"paper"}, {"new"});
  EXPECT_EQ(standing("paper"), LinkedStanding::kStands);
  stands("new", Base::kValid);
  ASSERT_EQ(to_be_cancelled(), Numbers{"paper"});
  EXPECT_EQ(store().message(due_message_ids()[0]).value().message.headers.at("issuer-name"),
            "登记机构");
}

TEST_P(LinkedSets, WhatWasCollectedOnceStaysSoAndIsHandedOverOnce) {
  stands("old", Base::kValid);
  stands("new", Base::kValid);
  link(ChangePolicy::kAfterCollection, {"old"}, {"new"});
  EXPECT_EQ(to_be_cancelled(), Numbers{"old"});
  stands("new", Base::kIssued);  // a newer version of it
  EXPECT_EQ(standing("new"), LinkedStanding::kCollected);
  stands("new", Base::kLost);
  link(ChangePolicy::kAfterCollection, {"old"}, {"new"});
  open();
  EXPECT_EQ(to_be_cancelled(), Numbers{"old"});
}

TEST_P(LinkedSets, HalfDoneOnesAreCountedAndListedByAge) {
  link(ChangePolicy::kAtBooking, {"old"}, {}, "C1");
  const Timestamp opened = clock_.now();
  clock_.advance(std::chrono::hours(2));
  link(ChangePolicy::kAtBooking, {"other"}, {}, "C2");
  EXPECT_EQ(store().desk().half_done(opened).value().count, 0u);
  const LinkedCount late = store().desk().half_done(clock_.now()).value();
  EXPECT_EQ(late.count, 1u);
  EXPECT_EQ(late.oldest, opened);
  LinkedQuery query;
  query.state = LinkedState::kUnderWay;
  query.opened_before = clock_.now();
  const auto listed = store().desk().linked_sets(query).value();
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].case_no, "C1");
  EXPECT_EQ(listed[0].area, "411300");
  EXPECT_EQ(listed[0].policy, ChangePolicy::kAtBooking);
  EXPECT_EQ(store().desk().linked_sets({}).value().size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(Sqlite, LinkedSets, ::testing::ValuesIn(sqlite_stores()), name_of_store);

// Ends of terms, as the register knows them.
class Terms : public StoreContract {
 protected:
  static std::chrono::sys_days day(unsigned of_december) {
    return std::chrono::sys_days(std::chrono::year(2026) / 12 / of_december);
  }
  void put(const std::string& number, std::optional<std::chrono::sys_days> ends,
           Base base = Base::kValid) {
    const OrderKey key = certificate_key("T1", number, "I1");
    const auto found = store().certificate(key).value();
    RegisteredCertificate it = found.value_or(RegisteredCertificate{});
    it.key = key;
    it.version = 1;
    it.life.number = number;
    it.life.type_code = "T1";
    it.life.issuer_code = "I1";
    it.life.area = number.starts_with("far") ? "411302" : "411300";
    it.life.word = "valid";
    it.life.state.base = {base, "", {}};
    it.life.expires_on.reset();
    if (ends) it.life.expires_on = std::chrono::year_month_day(*ends);
    Transition transition;
    transition.certificates.push_back({it});
    ASSERT_TRUE(store().apply(std::move(transition)).ok());
  }
  std::vector<std::string> listed(TermQuery query) {
    std::vector<std::string> numbers;
    const auto found = store().desk().terms(query);
    EXPECT_TRUE(found.ok());
    for (const RegisteredCertificate& one : found.value()) numbers.push_back(one.life.number);
    return numbers;
  }
  std::vector<std::string> untreated(std::chrono::sys_days until) {
    TermQuery query;
    query.until = until;
    query.untreated = true;
    return listed(query);
  }
  void treat(const std::string& number, bool expire) {
    const OrderKey key = certificate_key("T1", number, "I1");
    Transition transition;
    transition.terms.push_back({key, store().certificate(key).value()->revision, expire});
    ASSERT_TRUE(store().apply(std::move(transition)).ok());
  }
};

TEST_P(Terms, AreListedByTheirEndWhileTheCertificateIsInBeing) {
  put("late", day(20));
  put("soon", day(2));
  put("far", day(3));
  put("never", std::nullopt);
  put("gone", day(2), Base::kCancelled);
  TermQuery query;
  query.until = day(10);
  EXPECT_EQ(listed(query), (Numbers{"soon", "far"}));
  query.area = "411302";
  EXPECT_EQ(listed(query), Numbers{"far"});
  query = {};
  query.from = day(3);
  EXPECT_EQ(listed(query), (Numbers{"far", "late"}));
  query.type = "T2";
  EXPECT_EQ(listed(query), Numbers{});
}

TEST_P(Terms, WhatWasDealtWithIsNotAgainUnlessItsEndOrThePolicyIsAnother) {
  put("a", day(2));
  put("b", day(3));
  treat("a", false);
  EXPECT_EQ(untreated(day(9)), Numbers{"b"});
  put("a", day(2));
  EXPECT_EQ(untreated(day(9)), Numbers{"b"});
  put("a", day(8));
  EXPECT_EQ(untreated(day(9)), (Numbers{"b", "a"}));
  treat("a", false);
  treat("b", false);
  Transition policy;
  policy.terms_note = TermsNote{"expire", std::nullopt};
  ASSERT_TRUE(store().apply(policy).ok());
  EXPECT_EQ(untreated(day(9)), (Numbers{"b", "a"}));
  treat("a", false);
  ASSERT_TRUE(store().apply(policy).ok());
  EXPECT_EQ(untreated(day(9)), Numbers{"b"}) << "the same policy once more";
}

TEST_P(Terms, AnExpiryIsHandedOverOnceAndNotForARowThatHasMovedOn) {
  put("a", day(2));
  const OrderKey key = certificate_key("T1", "a", "I1");
  Transition stale;
  stale.terms.push_back({key, store().certificate(key).value()->revision + 1, true});
  ASSERT_TRUE(store().apply(stale).ok());
  EXPECT_TRUE(due_message_ids().empty());
  treat("a", true);
  treat("a", true);
  ASSERT_EQ(due_message_ids().size(), 1u);
  const StoredMessage told = store().message(due_message_ids()[0]).value();
  EXPECT_EQ(told.source, kRegisterSource);
  EXPECT_EQ(told.message.headers.at("life-event"), "expire");
  EXPECT_EQ(told.message.headers.at("life-reason"), "期限届满");
}

TEST_P(Terms, TheDayThatWasDealtWithIsKeptOverARestart) {
  EXPECT_FALSE(store().desk().terms_note().value().day.has_value());
  Transition note;
  note.terms_note = TermsNote{"p", day(5)};
  ASSERT_TRUE(store().apply(note).ok());
  open();
  EXPECT_EQ(store().desk().terms_note().value().day, day(5));
  EXPECT_EQ(store().desk().terms_note().value().policy, "p");
}

INSTANTIATE_TEST_SUITE_P(Sqlite, Terms, ::testing::ValuesIn(sqlite_stores()), name_of_store);

}  // namespace
}  // namespace certbridge::host::testing
