// The daily log as bytes: golden files, its schema, and forms that are refused.
#include <gtest/gtest.h>

#include "booking_samples.h"
#include "daily_log/log_reply.h"
#include "daily_log/log_text.h"
#include "day_samples.h"
#include "golden_file.h"
#include "profile/schema.h"

namespace certbridge::provincial_platform {
namespace {

using namespace testing;

const Timestamp kLater = parse_message_time("2024-03-19T03:00:00Z").value();

// Sent, rejected, one of several units, one that the register does not have, one of another day.
LogContent sample_content() {
  BookedDay day = read_booked_day(booked_day_message({registered_row(1, "200", "4"),
                                                      registered_row(2, "100", "37"),
                                                      registered_row(3, "800", "99")}))
                      .value();
  certbridge::testing::FakeFacts facts;
  facts.add(sent_booking(1, "200", "delivered", "-1"));
  facts.add(sent_booking(2, "100", "parked", ""));
  facts.add(sent_booking(5, "400", "open", ""));
  auto other = sent_booking(6, "400", "open", "");
  other.fact.headers["booking-time"] = "2024-03-19 00:00:00";
  facts.add(other);
  return log_content_of(day, accesses_of(facts, "province", day, kLater).value());
}

class ShippedForm : public ::testing::TestWithParam<const char*> {};

TEST_P(ShippedForm, ADayIsWrittenAsItsGoldenFileAndIsValid) {
  const LogForm form = shipped_form(GetParam());
  const auto schema = MessageSchema::compile(log_schema_text(form));
  ASSERT_TRUE(schema) << schema.error().message;
  const std::string text = write_log(form, sample_content(), 1);
  expect_golden(std::string(GetParam()) + "/day.xml", text);
  for (const Finding& finding : schema.value().check(text)) ADD_FAILURE() << sentence(finding);
  const std::string none = write_log(form, {sample_day(), {}, {}, {}}, 2);
  expect_golden(std::string(GetParam()) + "/none.xml", none);
  EXPECT_TRUE(schema.value().check(none).empty());
}

INSTANTIATE_TEST_SUITE_P(Forms, ShippedForm, ::testing::Values("daily-log", "daily-log-counts"));

TEST(LogText, TheSchemaNamesWhatIsWrongAndNoValue) {
  const LogForm form = shipped_form("daily-log");
  const auto schema = MessageSchema::compile(log_schema_text(form));
  LogContent content = sample_content();
  content.registered[1].values.set("bdcdyh", std::string(29, 'X'));
  content.of.area = "99";
  const auto findings = schema.value().check(write_log(form, content, 1));
  ASSERT_EQ(findings.size(), 2);
  EXPECT_EQ(findings[0].table, "AreaCode");
  EXPECT_EQ(sentence(findings[1]), "Register row 2, attribute BDCDYH: is too long");
}

// Each place is counted from the first row on: of very many wrong ones a hundred say as much.
TEST(LogText, OfVeryManyWrongRowsTheFirstHundredAreFound) {
  const LogForm form = shipped_form("daily-log");
  const auto schema = MessageSchema::compile(log_schema_text(form));
  LogContent content{sample_day(), {}, {}, {}};
  const LogRow wrong{registered_row(1, "2000", "4"), false, {}};
  content.registered.assign(250, wrong);
  const auto findings = schema.value().check(write_log(form, content, 1));
  ASSERT_EQ(findings.size(), 100U);
  EXPECT_EQ(sentence(findings.back()), "Register row 100, attribute DJLX: is too long");
}

TEST(LogText, ABookingIsCountedOnceHoweverOftenItWasSent) {
  certbridge::testing::FakeFacts facts;
  facts.add(sent_booking(1, "200", "parked", ""));
  facts.add(sent_booking(1, "200", "delivered", ""));
  facts.add(sent_booking(1, "200", "parked", ""));  // a later correction that is rejected
  const BookedDay day =
      read_booked_day(booked_day_message({registered_row(1, "200", "4")})).value();
  const LogContent content =
      log_content_of(day, accesses_of(facts, "province", day, kLater).value());
  ASSERT_EQ(content.accessed.size(), 1);
  EXPECT_TRUE(content.registered[0].reported);
}

TEST(LogText, TheAreaIsThatOfTheUnitWhateverTheEventSaid) {
  certbridge::testing::FakeFacts facts;
  for (const char* area : {"", "990102"}) {
    auto known = sent_booking(1, "200", "delivered", "");
    known.area = area;
    facts.add(known);
  }
  auto elsewhere = sent_booking(2, "200", "delivered", "");
  elsewhere.fact.headers["booking-unit"].replace(0, 6, "990102");
  facts.add(elsewhere);
  const BookedDay day =
      read_booked_day(booked_day_message({registered_row(1, "200", "4")})).value();
  const LogContent content =
      log_content_of(day, accesses_of(facts, "province", day, kLater).value());
  ASSERT_EQ(content.accessed.size(), 1);
  EXPECT_TRUE(content.registered[0].reported);
}

TEST(LogText, RightsOfOneUnitAreFoundByTheirType) {
  certbridge::testing::FakeFacts facts;
  auto mortgage = sent_booking(1, "100", "delivered", "-2");
  mortgage.fact.remote_id = "mortgage";
  mortgage.fact.headers["booking-right"] = "37";
  facts.add(sent_booking(1, "200", "delivered", "-1"));
  facts.add(mortgage);
  const BookedDay day = read_booked_day(booked_day_message({registered_row(1, "100", "37"),
                                                            registered_row(1, "200", "4")}))
                            .value();
  const LogContent content =
      log_content_of(day, accesses_of(facts, "province", day, kLater).value());
  EXPECT_EQ(content.registered[0].number, "mortgage");
  EXPECT_EQ(content.registered[1].number, "990101240318000001");
}

// Ownership and mortgage of ten units in one case: C-1 to C-10, C-11 to C-20, all of one type.
certbridge::testing::KnownDelivery of_twenty(int n) {
  auto known = sent_booking((n - 1) % 10 + 1, "100", "delivered", "");
  known.fact.remote_id = std::to_string(990101240318000000 + n);
  known.fact.headers["booking-case"] = "C-" + std::to_string(n);
  known.fact.headers["booking-right"] = n > 10 ? "37" : "4";
  return known;
}

TEST(LogText, RightsOfOneUnitAndTypeAreFoundByTheirRight) {
  certbridge::testing::FakeFacts facts;
  for (int n = 20; n >= 1; --n) facts.add(of_twenty(n));
  std::vector<Record> registered;
  for (int n = 1; n <= 20; ++n) {
    registered.push_back(registered_row((n - 1) % 10 + 1, "100", n > 10 ? "37" : "4"));
    registered.back().set("ywh", "C");
  }
  const BookedDay day = read_booked_day(booked_day_message(registered)).value();
  const LogContent content =
      log_content_of(day, accesses_of(facts, "province", day, kLater).value());
  ASSERT_EQ(content.registered.size(), 20);
  for (const LogRow& row : content.registered) {
    const bool is_mortgage = row.values.text_or_empty("qllx") == "37";
    EXPECT_EQ(row.number > "990101240318000010", is_mortgage) << row.number;
  }
}

TEST(LogText, AnotherRightOrTypeOfTheUnitIsNoSubstitute) {
  certbridge::testing::FakeFacts facts;
  facts.add(of_twenty(1));
  facts.add(of_twenty(12));
  std::vector<Record> registered{registered_row(1, "100", "37"), registered_row(2, "200", "37")};
  for (Record& row : registered) row.set("ywh", "C");
  const BookedDay day = read_booked_day(booked_day_message(registered)).value();
  const LogContent content =
      log_content_of(day, accesses_of(facts, "province", day, kLater).value());
  EXPECT_FALSE(content.registered[0].reported);
  EXPECT_FALSE(content.registered[1].reported);
  EXPECT_EQ(content.accessed.size(), 2);  // of the day, and in no row
}

TEST(LogText, ABookingIsFoundByItsIdHoweverItsCaseIsNumbered) {
  certbridge::testing::FakeFacts facts;
  auto alone = sent_booking(1, "100", "delivered", "");  // before the case had a second one
  alone.fact.headers["booking"] = "id-b";
  facts.add(alone);
  auto corrected = sent_booking(1, "100", "delivered", "-2");
  corrected.fact.headers["booking"] = "id-b";
  corrected.fact.remote_id = "990101240318000002";
  facts.add(corrected);
  std::vector<Record> registered{registered_row(1, "100", "4"), registered_row(1, "100", "4")};
  registered[0].set("booking", "id-a");
  registered[1].set("booking", "id-b");
  const BookedDay day = read_booked_day(booked_day_message(registered)).value();
  const LogContent content =
      log_content_of(day, accesses_of(facts, "province", day, kLater).value());
  EXPECT_FALSE(content.registered[0].reported);
  EXPECT_EQ(content.registered[1].number, "990101240318000002");
  EXPECT_EQ(content.accessed.size(), 1);
}

TEST(LogText, WhatIsFetchedForADayLongAgoIsSent) {
  certbridge::testing::FakeFacts facts;
  auto fetched = sent_booking(1, "200", "open", "");
  fetched.accepted = parse_message_time("2026-11-28T03:00:00Z").value();
  facts.add(fetched);
  const BookedDay day =
      read_booked_day(booked_day_message({registered_row(1, "200", "4")})).value();
  const auto reported = [&](const char* now) {
    const auto accesses = accesses_of(facts, "province", day, parse_message_time(now).value());
    return log_content_of(day, accesses.value()).registered[0].reported;
  };
  EXPECT_TRUE(reported("2026-11-28T03:10:00Z"));
  EXPECT_TRUE(reported("2026-11-30T03:10:00Z"));
  EXPECT_FALSE(reported("2026-12-08T03:10:00Z"));
}

TEST(LogText, NumbersAreAreaDayAndVersion) {
  EXPECT_EQ(log_number(sample_day(), 12), "990101240318000012");
}

// What is replaced in the shipped form, by what, and what the error says.
struct Broken {
  const char* from;
  const char* to;
  const char* says;
};

class BrokenForm : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenForm, IsRefusedWithItsPlace) {
  std::string text = profile_text("daily-log.xml");
  const auto at = text.find(GetParam().from);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, std::string(GetParam().from).size(), GetParam().to);
  const auto form = parse_log_form(text, "log.xml");
  ASSERT_FALSE(form);
  EXPECT_EQ(form.error().code, "profile.shape");
  EXPECT_NE(form.error().message.find(GetParam().says), std::string::npos) << form.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Places, BrokenForm,
    ::testing::Values(Broken{"wait=\"26h\"", "wait=\"23h\"", "closes, then waits"},
                      Broken{"{area}/LogMsg/Log{number}", "{area}/LogMsg/Log", "has {number}"},
                      Broken{"{area}/LogMsg/", "../LogMsg/", "is relative"},
                      Broken{"name=\"AreaCode\" from=\"area\"", "name=\"AreaCode\"", "from or"},
                      Broken{"name=\"AreaCode\" from=\"area\"", "name=\"AreaCode\" from=\"number\"",
                             "BizMsgID"},
                      Broken{"changeReg", "firstReg", "stands twice"},
                      Broken{"of=\"accessed\"", "of=\"both\"", "registered or accessed"},
                      Broken{"from=\"reported\"", "from=\"guess\"", "fact, reported"},
                      Broken{"means=\"accepted\"", "means=\"rejected\"", "no code accepts"},
                      Broken{"value=\"04002\"", "value=\"04001\"", "stands twice"},
                      Broken{"value=\"04002\"", "value=\"04_002\"", "digits and letters"},
                      Broken{"busy=\"5\"", "busy=\"5 E/7\"", "digits and letters"},
                      Broken{"<count ", "<counts ", "not known"},
                      Broken{"name=\"lists\"", "name=\"lists\" other=\"1\"", "not known"}));

TEST(LogReply, CodesMeanWhatTheFormSays) {
  const LogReplyForm form = shipped_form("daily-log").reply;
  const auto reply = [&](const std::string& code) {
    return parse_log_reply(form, "<RespondLog><responseLogCode>" + code +
                                     "</responseLogCode><responseLogInfo>单元990101001001"
                                     "</responseLogInfo></RespondLog>");
  };
  EXPECT_TRUE(reply(" 0200\n").value().accepted);
  for (const char* code : {"04001", "04012", "9999"}) {
    EXPECT_FALSE(reply(code).value().accepted) << code;
    EXPECT_EQ(reply(code).value().code, code);
  }
  EXPECT_EQ(reply("04011").value().words, "单元***");
  EXPECT_EQ(reply("").error().code, "provincial.response");
  EXPECT_EQ(parse_log_reply(form, "half a <").error().code, "provincial.response");
}

}  // namespace
}  // namespace certbridge::provincial_platform
