#include "engine/life_step.h"

#include <map>

#include "life_sample.h"

namespace certbridge::host {
namespace {

using Base = Status::Base;

// The register as a map; each step's change is taken over, as its transition would.
class LifeStep : public ::testing::Test {
 protected:
  LifeStep() { policy_.suspends = {RestrictionKind::kSeizure, RestrictionKind::kObjection}; }

  Result<LifeResult> step(const Message& message) {
    auto result = apply_life(
        message,
        [this](const OrderKey& key) -> Result<std::optional<RegisteredCertificate>> {
          const auto found = rows_.find(key);
          return found == rows_.end() ? std::nullopt : std::optional(found->second);
        },
        policy_, now_);
    if (result && result.value().change) {
      RegisteredCertificate after = result.value().change->after;
      ++after.revision;
      rows_[after.key] = after;
    }
    return result;
  }
  void happens(const Message& message) {
    const auto result = step(message);
    EXPECT_TRUE(result.ok()) << (result ? "" : result.error().message);
  }
  LifeOutcome outcome(const Message& message) {
    auto result = step(message);
    EXPECT_TRUE(result.ok()) << (result ? "" : result.error().message);
    return result ? result.value().outcome : LifeOutcome{};
  }
  // What the library says once it has the newest version.
  void collect() {
    LifeEvent collected;
    row().life.state = apply_event(row().life.state, collected).after;
  }
  RegisteredCertificate& row() {
    EXPECT_EQ(rows_.size(), 1u);
    return rows_.begin()->second;
  }
  static LifeRecord record_of(const Message& message) {
    return parse_life_record(read_all(*message.body, 100'000).value()).value();
  }

  std::map<OrderKey, RegisteredCertificate> rows_{};
  LifePolicy policy_{};
  Timestamp now_ = std::chrono::sys_days(std::chrono::year(2026) / 11 / 27);
};

TEST_F(LifeStep, AnIssueIsEnteredAndSaysWhatItsCollectionMeans) {
  const auto result = step(message_about(1));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.value().outcome, LifeOutcome::kIssued);
  EXPECT_EQ(result.value().message.type, "certificate.issue");
  EXPECT_EQ(result.value().message.headers.at("life-effect"), "issued");
  EXPECT_EQ(result.value().collects.version, 1);
  EXPECT_EQ(result.value().collects.certificate, row().key);
  EXPECT_EQ(row().life.state.base.base, Base::kIssued);
  EXPECT_EQ(row().life.word, "valid") << "told of as if it were collected";
  EXPECT_EQ(row().life.identifier, certificate_of_version(1).identifier.text());
  EXPECT_FALSE(row().tell_when_collected);
}

TEST_F(LifeStep, AnEventBecomesHowTheCertificateStands) {
  happens(message_about(1));
  collect();
  const auto result = step(life_event("restrict", "seizure", "S1"));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.value().outcome, LifeOutcome::kChanged);
  const Message& told = result.value().message;
  EXPECT_EQ(told.type, "certificate.status");
  EXPECT_EQ(told.media_type, kLifeMediaType);
  EXPECT_EQ(told.headers.at("status-word"), "suspended");
  EXPECT_EQ(told.headers.at("status-before"), "valid");
  EXPECT_EQ(told.headers.at("identifier"), certificate_of_version(1).identifier.text());
  const LifeRecord record = record_of(told);
  EXPECT_EQ(record.word, "suspended");
  ASSERT_EQ(record.state.restrictions.size(), 1u);
  EXPECT_EQ(record.state.restrictions[0].since,
            std::chrono::sys_days(std::chrono::year(2026) / 11 / 27) + std::chrono::hours(2))
      << "10:00 of +08:00";
  EXPECT_EQ(outcome(life_event("restrict", "seizure", "S2")), LifeOutcome::kNoted) << "waits";
  EXPECT_EQ(outcome(life_event("release", "seizure", "S1")), LifeOutcome::kNoted)
      << "the one that waited is in force";
  EXPECT_EQ(outcome(life_event("release", "seizure", "S1")), LifeOutcome::kUnchanged);
  EXPECT_EQ(outcome(life_event("release", "seizure", "S2")), LifeOutcome::kChanged);
  EXPECT_EQ(row().life.word, "valid");
}

TEST_F(LifeStep, ACertificateThatFollowsOthersNamesTheChange) {
  Certificate it = certificate_of_version(1);
  it.previous_numbers = {"豫(2019)南阳市不动产权第0000009号", "宛市房权证字第20010001号",
                         "豫(2019)南阳市不动产证明第0000003号", it.number.normalised()};
  Message message = message_about(1);
  message.area = "411300";
  message.body = content_of(write_certificate(it));
  EXPECT_FALSE(step(message).value().linked) << "its case makes no change";
  rows_.clear();
  message.headers["change-policy"] = "after-collection";
  message.headers["change-reason"] = "换证";
  const auto result = step(message);
  ASSERT_TRUE(result.ok() && result.value().linked);
  const LinkedChange& change = *result.value().linked;
  EXPECT_EQ(change.case_no, "C1");
  EXPECT_EQ(change.area, "411300");
  EXPECT_EQ(change.policy, ChangePolicy::kAfterCollection);
  EXPECT_EQ(change.reason, "换证");
  ASSERT_EQ(change.earlier.size(), 2u) << "a proof is none of a title's, nor is it itself";
  EXPECT_EQ(change.earlier[0].key,
            certificate_key(kTitleTypeCode, "豫(2019)南阳市不动产权第0000009号", kIssuer));
  EXPECT_EQ(change.earlier[1].key, certificate_key("", "宛市房权证字第20010001号", kIssuer));
  ASSERT_EQ(change.later.size(), 1u);
  EXPECT_EQ(change.later[0].key, row().key);
  EXPECT_EQ(change.later[0].who.identifier, it.identifier.text());
  ASSERT_EQ(row().life.related.size(), 2u);
  EXPECT_EQ(row().life.related[0].relation, Relation::kReplaces);
}

TEST_F(LifeStep, AnEarlierOneThatIsReplacedSaysByWhat) {
  happens(message_about(1));
  collect();
  Message cancel = life_event("cancel");
  cancel.headers["replaced-by-number"] = "豫(2026)南阳市不动产权第0000002号";
  cancel.headers["replaced-by-identifier"] = "1.2.3";
  const auto result = step(cancel);
  ASSERT_TRUE(result.ok());
  EXPECT_FALSE(result.value().linked);
  const LifeRecord told = record_of(result.value().message);
  ASSERT_EQ(told.related.size(), 1u);
  EXPECT_EQ(told.related[0].relation, Relation::kReplacedBy);
  EXPECT_EQ(told.related[0].identifier, "1.2.3");
}

TEST_F(LifeStep, AnEndAtBookingOpensTheChangeAlsoWhereNothingIsHeld) {
  Message cancel = life_event("cancel");
  cancel.headers["change-policy"] = "at-booking";
  const auto result = step(cancel);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.value().outcome, LifeOutcome::kNotHeld);
  ASSERT_TRUE(result.value().linked);
  EXPECT_EQ(result.value().linked->policy, ChangePolicy::kAtBooking);
  ASSERT_EQ(result.value().linked->earlier.size(), 1u);
  EXPECT_EQ(result.value().linked->earlier[0].key, row().key);
  EXPECT_TRUE(result.value().linked->later.empty());
}

TEST_F(LifeStep, TheRegisterKnowsTermAndUse) {
  Certificate it = certificate_of_version(1);
  it.face = {{"KZ_YT", "城镇住宅用地/住宅"}};
  Message message = message_about(1);
  message.body = content_of(write_certificate(it));
  message.headers["term-ends-on"] = "2088-05-31";
  happens(message);
  EXPECT_EQ(row().life.expires_on, std::chrono::year(2088) / 5 / 31);
  EXPECT_EQ(row().life.use, "城镇住宅用地/住宅");
  rows_.clear();
  message.headers["term-ends-on"] = "2088-02-31";
  happens(message);
  EXPECT_FALSE(row().life.expires_on) << "no day: it has none";
}

TEST_F(LifeStep, WhatSuspendsIsPolicyOfTheArea) {
  policy_.suspends_in["411300"] = {};
  happens(message_about(1));
  EXPECT_EQ(outcome(life_event("restrict", "seizure", "S1")), LifeOutcome::kNoted);
  EXPECT_EQ(row().life.word, "valid");
  EXPECT_EQ(outcome(life_event("restrict", "mortgage", "M1")), LifeOutcome::kChanged);
  EXPECT_EQ(row().life.word, "mortgaged");
}

TEST_F(LifeStep, WhatIsNotCollectedYetIsToldOfAsIfItWere) {
  happens(message_about(1));
  EXPECT_EQ(outcome(life_event("restrict", "objection", "O1")), LifeOutcome::kChanged);
  EXPECT_EQ(row().life.word, "suspended");
  EXPECT_EQ(row().life.state.base.base, Base::kIssued);
  EXPECT_EQ(outcome(life_event("cancel")), LifeOutcome::kChanged);
  EXPECT_EQ(row().life.word, "cancelled");
}

TEST_F(LifeStep, AnOlderVersionDoesNotOverwriteANewerOne) {
  happens(message_about(2));
  const auto late = step(message_about(1));
  ASSERT_TRUE(late.ok());
  EXPECT_EQ(late.value().outcome, LifeOutcome::kSuperseded);
  EXPECT_EQ(late.value().ends, MessageState::kSuperseded);
  EXPECT_FALSE(late.value().change.has_value());
  EXPECT_EQ(row().version, 2);
  EXPECT_EQ(row().life.identifier, certificate_of_version(2).identifier.text());
}

TEST_F(LifeStep, ANewVersionKeepsTheRestrictionsAndIsToldOfOnceItIsCollected) {
  happens(message_about(1));
  collect();
  happens(life_event("restrict", "seizure", "S1"));
  EXPECT_EQ(outcome(message_about(2)), LifeOutcome::kIssued);
  EXPECT_TRUE(row().tell_when_collected);
  EXPECT_EQ(row().version, 2);
  Message mortgage = life_event("restrict", "mortgage", "M1");
  mortgage.headers["occurred-at"] = "2026-11-28 10:00:00";
  happens(mortgage);
  const auto told = step(life_event("tell"));
  ASSERT_TRUE(told.ok());
  EXPECT_EQ(told.value().outcome, LifeOutcome::kChanged);
  EXPECT_EQ(record_of(told.value().message).identifier,
            certificate_of_version(2).identifier.text());
  EXPECT_EQ(told.value().message.headers.at("occurred-at"), "2026-11-27T02:00:00.000Z")
      << "as of the seizure, so that its release comes later";
  happens(life_event("release", "seizure", "S1"));
  happens(life_event("release", "mortgage", "M1"));
  EXPECT_EQ(outcome(life_event("tell")), LifeOutcome::kUnchanged) << "nothing is left to tell";
}

TEST_F(LifeStep, AnEventBeforeTheCollectionTellsWhatWasToBeToldAfterIt) {
  happens(message_about(1));
  collect();
  happens(life_event("restrict", "seizure", "S1"));
  happens(message_about(2));
  const auto lost = step(life_event("lose"));
  ASSERT_TRUE(lost.ok());
  EXPECT_EQ(lost.value().outcome, LifeOutcome::kChanged);
  EXPECT_EQ(lost.value().message.headers.at("status-before"), "valid");
  EXPECT_EQ(outcome(life_event("tell")), LifeOutcome::kUnchanged) << "it was told already";
}

TEST_F(LifeStep, AReleaseBeforeTheCollectionLeavesNothingToTell) {
  happens(message_about(1));
  collect();
  happens(life_event("restrict", "seizure", "S1"));
  happens(message_about(2));
  EXPECT_EQ(outcome(life_event("release", "seizure", "S1")), LifeOutcome::kNoted)
      << "the library takes the new version for valid";
  EXPECT_EQ(outcome(life_event("restrict", "seizure", "S2")), LifeOutcome::kChanged);
  EXPECT_EQ(outcome(life_event("tell")), LifeOutcome::kUnchanged);
}

TEST_F(LifeStep, WhatNeverWasHereLeavesATombstone) {
  const auto result = step(life_event("cancel"));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.value().outcome, LifeOutcome::kNotHeld);
  EXPECT_EQ(result.value().ends, MessageState::kNotHeld);
  EXPECT_EQ(result.value().code, "life.not_held");
  EXPECT_EQ(row().version, 0);
  EXPECT_TRUE(row().life.identifier.empty());
  EXPECT_EQ(row().life.state.base.base, Base::kCancelled);
  const auto later = step(message_about(1));
  ASSERT_TRUE(later.ok());
  EXPECT_EQ(later.value().outcome, LifeOutcome::kNotPublished);
  EXPECT_EQ(later.value().ends, MessageState::kSuperseded);
  EXPECT_EQ(row().version, 0) << "still a tombstone";
}

TEST_F(LifeStep, ATombstoneOfSomethingThatGoesOnIsWhereTheIssueStarts) {
  EXPECT_EQ(outcome(life_event("restrict", "seizure", "S1")), LifeOutcome::kNotHeld);
  EXPECT_EQ(outcome(life_event("release", "objection", "O1")), LifeOutcome::kNotHeld);
  EXPECT_EQ(outcome(message_about(1)), LifeOutcome::kIssued);
  EXPECT_EQ(row().version, 1);
  EXPECT_EQ(row().life.state.base.base, Base::kIssued);
  EXPECT_EQ(row().life.state.restrictions.size(), 1u);
  EXPECT_TRUE(row().tell_when_collected);
}

TEST_F(LifeStep, WhatHasEndedIsNotIssuedAgainUnlessItWasAnError) {
  happens(message_about(1));
  collect();
  happens(life_event("cancel"));
  const auto again = step(message_about(2));
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, "life.ended");
  EXPECT_EQ(again.error().severity, Severity::kPermanent);
  rows_.clear();
  happens(message_about(1));
  EXPECT_EQ(outcome(message_about(1, "certificate.void")), LifeOutcome::kChanged);
  EXPECT_EQ(row().life.word, "voided");
  EXPECT_EQ(outcome(message_about(1, "certificate.void")), LifeOutcome::kUnchanged);
  EXPECT_EQ(outcome(message_about(2)), LifeOutcome::kIssued);
}

TEST_F(LifeStep, ReturningAnOlderVersionTellsOfItAndLeavesTheNewerOne) {
  happens(message_about(1));
  happens(message_about(2));
  const auto old = step(message_about(1, "certificate.void"));
  ASSERT_TRUE(old.ok());
  EXPECT_EQ(old.value().outcome, LifeOutcome::kChanged);
  EXPECT_EQ(record_of(old.value().message).identifier, certificate_of_version(1).identifier.text());
  EXPECT_EQ(record_of(old.value().message).word, "voided");
  EXPECT_EQ(row().life.state.base.base, Base::kIssued);
  EXPECT_EQ(row().version, 2);
}

TEST_F(LifeStep, RefusesWhatItCannotRead) {
  for (const Message& wrong :
       {life_event("vanish"), life_event("restrict"), life_event("restrict", "seizure"),
        life_event("release", "lien", "S1")}) {
    const auto result = step(wrong);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, "life.message");
  }
  Message nameless = life_event("cancel");
  nameless.headers.erase("issuer-code");
  EXPECT_EQ(step(nameless).error().code, "life.message");
  EXPECT_EQ(step(Message{}).error().code, "life.message");
  EXPECT_TRUE(rows_.empty());
}

}  // namespace
}  // namespace certbridge::host
