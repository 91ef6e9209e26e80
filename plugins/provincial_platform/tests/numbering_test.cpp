// The number of a message whose booking the platform was told of before, or is told of too late.
#include <gtest/gtest.h>

#include <fstream>

#include "booking/bookings.h"
#include "daily_log/booked_day.h"
#include "exchange/prepared.h"
#include "platform_folder.h"
#include "plugin_test.h"
#include "submission/submitter.h"

namespace certbridge::provincial_platform {
namespace {

using namespace testing;

const std::string kFirst = "990101240318000001";
const std::string kSecond = "990101240318000002";
const OrderKey kUnitOfSamples{"booked-unit", "one unit"};

class RepeatedNumbers : public ::testing::Test {
 protected:
  RepeatedNumbers() {
    context_.set_endpoint_name("province");
    folder_.lend_to(context_);
    context_.mutable_clock().set(parse_message_time("2024-03-18T08:00:00Z").value());
  }
  Sink& sink() {
    if (!sink_) sink_ = make_submitter(context_).value();
    return *sink_;
  }
  // The booking of a case, as a registration system has it at the time of this revision.
  static Message booking(const std::string& id, int revision, const std::string& case_no = "C1") {
    std::string rows = sample_rows(shipped_profile("v1"), "4000101", case_no);
    const std::string clerk = "<field name=\"slry\">";
    const auto at = rows.find(clerk);
    if (at != std::string::npos) rows.insert(at + clerk.size(), std::to_string(revision));
    Message message = booked_message(rows);
    message.id = id;
    message.order_keys = {kUnitOfSamples};
    return message;
  }
  Result<Receipt> send(const std::string& id, int revision, const std::string& case_no = "C1") {
    return sink().send(booking(id, revision, case_no), call_of(id + "/province", 5s));
  }
  // Sends, and has it taken away; its number or the code of the failure.
  std::string number_of(const std::string& id, int revision, const std::string& case_no = "C1") {
    const auto receipt = send(id, revision, case_no);
    if (!receipt) return receipt.error().code;
    context_.memory().commit(id + "/province");
    folder_.take("990101/BizMsg/Biz" + receipt.value().remote_id + ".xml");
    return receipt.value().remote_id;
  }
  Result<Confirmation> confirm(const std::string& id, int revision) {
    return sink().confirm(booking(id, revision), call_of(id + "/province", 5s));
  }
  void reject(const std::string& number) { folder_.respond(number, "2", "1000", "不在枚举范围内"); }
  void accept(const std::string& number) { folder_.respond(number, "1", "0000", "成功"); }
  // What the journal says of the delivery of a message by now.
  void stands(const std::string& id, const std::string& state) {
    DeliveryFact fact{id, "province", kBookedType, state, {}, {}};
    context_.mutable_facts().add({fact, {kUnitOfSamples}, "990101", context_.clock().now()});
  }
  void log_is(const std::string& state, const std::string& day = "2024-03-18") {
    DeliveryFact fact{"log of " + day, "logs", kBookedDayType, state, {}, {}};
    const OrderKey key{kDailyLogKey, "990101|" + day};
    context_.mutable_facts().add({fact, {key}, "990101", context_.clock().now()});
  }

  PlatformFolder folder_{};
  FakeContext context_ = context_of("submitter", {{"profile", plugin_file("profiles/v1.xml")},
                                                  {"signing-key", "secret:key"},
                                                  {"daily-log", "logs"}});
  std::unique_ptr<Sink> sink_{};
};

TEST_F(RepeatedNumbers, TheSamplesOfTwoRevisionsDiffer) {
  EXPECT_NE(read_all(*booking("m1", 1).body, 1 << 20).value(),
            read_all(*booking("m1", 2).body, 1 << 20).value());
}

TEST_F(RepeatedNumbers, WhatIsFirstToldAfterItsDaysLogCarriesTheSuffixOfLateReports) {
  log_is("delivered", "2024-03-17");
  EXPECT_EQ(number_of("m1", 1, "C1"), kFirst);
  log_is("parked");
  EXPECT_EQ(number_of("m2", 1, "C2"), kSecond) << "a log that was refused closes no day";
  log_is("open");
  EXPECT_EQ(number_of("m3", 1, "C3"), "990101240318000003BBXZ");
  log_is("delivered");
  EXPECT_EQ(number_of("m4", 1, "C4"), "990101240318000004BBXZ");
}

TEST_F(RepeatedNumbers, TheNumberIsDecidedOnce) {
  folder_.fail_next();
  ASSERT_FALSE(send("m1", 1));
  log_is("delivered");
  sink_.reset();
  EXPECT_EQ(number_of("m1", 1), kFirst);
  ASSERT_EQ(folder_.puts().size(), 2U);
  EXPECT_EQ(folder_.puts()[0], folder_.puts()[1]);
}

TEST_F(RepeatedNumbers, WhatWasRejectedKeepsItsNumberBeforeTheLog) {
  ASSERT_EQ(number_of("m1", 1), kFirst);
  reject(kFirst);
  stands("m1", "superseded");
  EXPECT_EQ(number_of("m1/0-2", 2), kFirst);
  EXPECT_NE(folder_.puts()[0], folder_.puts()[1]);
}

TEST_F(RepeatedNumbers, TheResponseToTheFirstIsNotTakenForThatToTheSecondOfANumber) {
  ASSERT_EQ(number_of("m1", 1), kFirst);
  reject(kFirst);
  stands("m1", "superseded");
  ASSERT_EQ(number_of("m1/0-2", 2), kFirst);
  sink_.reset();
  const auto early = confirm("m1/0-2", 2);
  ASSERT_TRUE(early) << early.error().message;
  EXPECT_EQ(early.value().state, Confirmation::State::kInProgress);
  reject(kFirst);  // the same words again, in another file
  EXPECT_EQ(confirm("m1/0-2", 2).error().code, kCodeRejected);
  const auto first = confirm("m1", 1);
  ASSERT_TRUE(first) << "nothing is said of the first any more";
  EXPECT_EQ(first.value().state, Confirmation::State::kInProgress);
  EXPECT_EQ(send("m1", 1).error().code, "provincial.resend") << "it would stand in its place";
  accept(kFirst);
  EXPECT_EQ(confirm("m1/0-2", 2).value().state, Confirmation::State::kPresent);
}

TEST_F(RepeatedNumbers, WhatWasRejectedAndIsMendedAfterTheLogCarriesTheSuffixOfRepeatedReports) {
  ASSERT_EQ(number_of("m1", 1), kFirst);
  reject(kFirst);
  stands("m1", "superseded");
  log_is("delivered");
  EXPECT_EQ(number_of("m1/0-2", 2), kFirst + "CBXZ");
  reject(kFirst + "CBXZ");
  stands("m1/0-2", "superseded");
  EXPECT_EQ(number_of("m1/0-3", 3), kFirst + "CBXZ") << "always the first 18 digits";
  EXPECT_EQ(confirm("m1/0-3", 3).value().state, Confirmation::State::kInProgress);
}

TEST_F(RepeatedNumbers, AnUpdateOfWhatWasAcceptedCarriesItsOwnSuffix) {
  ASSERT_EQ(number_of("m1", 1), kFirst);
  accept(kFirst);
  stands("m1", "delivered");
  EXPECT_EQ(number_of("m2", 2), kFirst + "BL");
  reject(kFirst + "BL");
  stands("m2", "superseded");
  log_is("delivered");
  EXPECT_EQ(number_of("m2/0-2", 3), kFirst + "BL") << "the accepted one still stands";
}

// As the processor `bookings` says what it found to have changed.
TEST_F(RepeatedNumbers, AnUpdateThatTheMessageAsksForIsOneAlsoAfterItWasRefused) {
  const auto update = [&](const std::string& id, int revision) {
    Message message = booking(id, revision);
    message.headers[kResendOf] = kFirst;
    message.headers[kResendAs] = kAsUpdate;
    const Call call = call_of(id + "/province", 5s);
    const auto receipt = sink().send(message, call);
    context_.memory().commit(call.step_key);
    if (receipt) folder_.take("990101/BizMsg/Biz" + receipt.value().remote_id + ".xml");
    return receipt ? receipt.value().remote_id : receipt.error().code;
  };
  ASSERT_EQ(number_of("m1", 1), kFirst);
  accept(kFirst);
  stands("m1", "delivered");
  log_is("delivered");
  EXPECT_EQ(update("m2", 2), kFirst + "BL");
  EXPECT_EQ(update("m2", 3), "provincial.verdict_open") << "it has left, and nothing is said yet";
  reject(kFirst + "BL");
  stands("m2", "superseded");
  EXPECT_EQ(update("m2/0-2", 3), kFirst + "BL");
  EXPECT_EQ(confirm("m2/0-2", 3).value().state, Confirmation::State::kInProgress);
  stands("m2/0-2", "discarded");
  EXPECT_EQ(number_of("m3", 4), kFirst + "BL") << "without headers the accepted one is known too";
}

TEST_F(RepeatedNumbers, WhatWasSaidAtOnceIsOfOneContentOfANumber) {
  Prepared prepared{kFirst, "990101", "bytes", "facts", false, {}, {}, false};
  ASSERT_TRUE(keep_prepared(context_.memory(), "m1/province", prepared));
  const Response refused{kFirst, false, "3", "不在枚举范围内", {}};
  ASSERT_TRUE(note_sent(context_.memory(), "m1/province", prepared, refused));
  auto kept = load_prepared(context_.memory(), "m1/province").value();
  EXPECT_TRUE(kept->sent);
  EXPECT_TRUE(kept->said);
  prepared.facts = "other facts";
  ASSERT_TRUE(keep_prepared(context_.memory(), "m1/province", prepared));
  kept = load_prepared(context_.memory(), "m1/province").value();
  EXPECT_FALSE(kept->sent);
  EXPECT_FALSE(kept->said);
}

TEST_F(RepeatedNumbers, ASecondUpdateHasTheNumberOfTheFirstAndAnswersOfItsOwn) {
  ASSERT_EQ(number_of("m1", 1), kFirst);
  accept(kFirst);
  stands("m1", "delivered");
  ASSERT_EQ(number_of("m2", 2), kFirst + "BL");
  accept(kFirst + "BL");
  stands("m2", "delivered");
  ASSERT_EQ(number_of("m3", 3), kFirst + "BL");
  EXPECT_EQ(confirm("m3", 3).value().state, Confirmation::State::kInProgress);
  reject(kFirst + "BL");
  EXPECT_EQ(confirm("m3", 3).error().code, kCodeRejected);
  EXPECT_EQ(confirm("m2", 2).value().state, Confirmation::State::kInProgress);
}

TEST_F(RepeatedNumbers, WhatWasAcceptedAndTakenBackIsReportedAgain) {
  ASSERT_EQ(number_of("m1", 1), kFirst);
  accept(kFirst);
  stands("m1", "delivered");
  reject(kFirst);
  stands("m1", "superseded");
  log_is("delivered");
  EXPECT_EQ(number_of("m2", 2), kFirst + "CBXZ");
}

TEST_F(RepeatedNumbers, WhatThePlatformAcceptedAlreadyIsNotSentAgain) {
  ASSERT_EQ(number_of("m1", 1), kFirst);
  accept(kFirst);
  stands("m1", "delivered");
  const auto receipt = send("m2", 1);
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(receipt.value().state, Receipt::State::kSettled);
  EXPECT_EQ(receipt.value().remote_id, kFirst);
  EXPECT_EQ(receipt.value().correlation, "") << "what is said under that number is of the first";
  EXPECT_EQ(folder_.puts().size(), 1U);
  EXPECT_EQ(send("m2", 1).value().state, Receipt::State::kSettled);
  EXPECT_EQ(confirm("m2", 1).value().state, Confirmation::State::kPresent);
}

TEST_F(RepeatedNumbers, WhileAnEarlierMessageHasNoVerdictNothingOfItsBookingIsSent) {
  ASSERT_EQ(number_of("m1", 1), kFirst);
  stands("m1", "open");
  EXPECT_EQ(number_of("m2", 2), "provincial.verdict_open");
  accept(kFirst);
  EXPECT_EQ(number_of("m2", 2), "provincial.verdict_open") << "the journal has to know it";
  stands("m1", "delivered");
  EXPECT_EQ(number_of("m2", 2), kFirst + "BL");
  EXPECT_EQ(number_of("m9", 1, "C9"), kSecond) << "others of the unit are not held";
}

TEST_F(RepeatedNumbers, WhatAPersonGaveUpCountsAsFailed) {
  ASSERT_EQ(number_of("m1", 1), kFirst);
  stands("m1", "discarded");
  log_is("delivered");
  EXPECT_EQ(number_of("m2", 2), kFirst + "CBXZ");
}

TEST_F(RepeatedNumbers, ANumberThatNeverLeftIsUsed) {
  folder_.fail_next();
  ASSERT_FALSE(send("m1", 1));
  EXPECT_EQ(number_of("m1", 2), kFirst) << "the same delivery, corrected before it left";
  folder_.fail_next();
  ASSERT_FALSE(send("m2", 1, "C2"));
  context_.memory().commit("m2/province");
  stands("m2", "discarded");
  log_is("delivered");
  EXPECT_EQ(number_of("m3", 2, "C2"), kSecond + "BBXZ");
}

TEST_F(RepeatedNumbers, OneDeliveryWhoseFactsWereCorrectedGoesByTheSameRules) {
  ASSERT_EQ(number_of("m1", 1), kFirst);
  EXPECT_EQ(number_of("m1", 2), "provincial.verdict_open");
  reject(kFirst);
  EXPECT_EQ(number_of("m1", 2), kFirst);
  EXPECT_EQ(number_of("m1", 2), kFirst);
  accept(kFirst);
  EXPECT_EQ(number_of("m1", 3), kFirst + "BL");
}

// The vendor that renumbers (重新编号).
TEST_F(RepeatedNumbers, AProfileMayGiveEachMessageANumberOfItsOwn) {
  std::string profile = profile_text("v1.xml");
  const std::string from = "late=\"BBXZ\" again-before-log=\"same\" again=\"CBXZ\" update=\"BL\"";
  ASSERT_NE(profile.find(from), std::string::npos);
  profile.replace(profile.find(from), from.size(),
                  "late=\"new\" again-before-log=\"new\" again=\"new\" update=\"new\"");
  const std::string file = ::testing::TempDir() + "renumbering.xml";
  std::ofstream(file) << profile;
  FakeContext context = context_of(
      "submitter", {{"profile", file}, {"signing-key", "secret:key"}, {"daily-log", "logs"}});
  folder_.lend_to(context);
  context.mutable_clock().set(context_.clock().now());
  const auto sink = make_submitter(context).value();
  const auto number = [&](int revision) {
    const auto receipt = sink->send(booking("m1", revision), call_of("m1/province", 5s));
    return receipt ? receipt.value().remote_id : receipt.error().message;
  };
  EXPECT_EQ(number(1), kFirst);
  reject(kFirst);
  EXPECT_EQ(number(2), kSecond);
  accept(kSecond);
  EXPECT_EQ(number(3), "990101240318000003");
}

}  // namespace
}  // namespace certbridge::provincial_platform
