// Cases of several rights and units to one message each.
#include "booking/bookings.h"

#include <gtest/gtest.h>

#include "plugin_test.h"

namespace certbridge::provincial_platform {
namespace {

using namespace testing;

Record row_of(std::initializer_list<std::pair<std::string, std::string>> fields) {
  Record record;
  for (const auto& [name, value] : fields) record.set(name, value);
  return record;
}

// Two units of one case: a right and a house each, one application for both.
std::vector<RecordSet> two_units() {
  return {{"head",
           {row_of({{"booking", "a"}, {"recflowid", "C1"}, {"estatenum", "U1"}}),
            row_of({{"booking", "b"}, {"recflowid", "C1"}, {"estatenum", "U2"}})}},
          {"QLT_FW_FDCQ_YZ",
           {row_of({{"booking", "a"}, {"bdcdyh", "U1"}}),
            row_of({{"booking", "b"}, {"bdcdyh", "U2"}})}},
          {"DJT_DJ_SLSQ", {row_of({{"ywh", "C1"}})}},
          {"DJF_DJ_SZ", {row_of({{"booking", "b"}, {"szzh", "1"}})}}};
}

Message event_of(const std::string& case_number) {
  Message event;
  event.id = "m1";
  event.type = "registration.event";
  event.headers["case-no"] = case_number;
  event.order_keys = {{"case", case_number}, {"unit", "U1"}, {"unit", "U2"}};
  event.body = content_of("<row/>");
  return event;
}

class BookingsTest : public RowsTest {
 protected:
  BookingsTest() : RowsTest("bookings", {{"bookings", "province"}}) { rows_ = two_units(); }
  Result<std::vector<Message>> process(const Message& event) {
    return make_bookings(context_).value()->process(event, call_of("m1/bookings", 5s));
  }
};

TEST_F(BookingsTest, EachBookingHasItsRowsAndThoseOfTheCase) {
  const auto messages = process(event_of("C1"));
  ASSERT_TRUE(messages) << messages.error().message;
  ASSERT_EQ(messages.value().size(), 2);
  EXPECT_EQ(asked_, "booking " + write_records({{"parameters", {row_of({{"case_no", "C1"}})}}}));
  const auto first = parse_records(body_of(messages.value()[0])).value();
  const auto second = parse_records(body_of(messages.value()[1])).value();
  ASSERT_EQ(first.size(), 3);
  ASSERT_EQ(second.size(), 4);
  EXPECT_EQ(first[0].records.at(0).text_or_empty("recflowid"), "C1-1");
  EXPECT_EQ(second[0].records.at(0).text_or_empty("recflowid"), "C1-2");
  EXPECT_EQ(second[1].records.at(0).text_or_empty("bdcdyh"), "U2");
  EXPECT_EQ(second[1].records.at(0).find("booking"), nullptr);
  EXPECT_EQ(first[2].name, "DJT_DJ_SLSQ");
  const std::vector<OrderKey> keys{{"case", "C1"}, {"unit", "U2"}};
  EXPECT_EQ(messages.value()[1].order_keys, keys);
  EXPECT_EQ(messages.value()[1].type, "registration.booked");
  EXPECT_EQ(messages.value()[1].headers.at("booking"), "b");
}

TEST_F(BookingsTest, OneBookingKeepsItsCaseNumber) {
  rows_ = {{"head", {row_of({{"recflowid", "C1"}, {"estatenum", "U1"}})}}};
  const auto messages = process(event_of("C1"));
  ASSERT_EQ(messages.value().size(), 1);
  EXPECT_EQ(
      parse_records(body_of(messages.value()[0])).value()[0].records[0].text_or_empty("recflowid"),
      "C1");
}

TEST_F(BookingsTest, RowsOfNoBookingAndTwiceTheSameAreRefused) {
  rows_ = two_units();
  rows_[1].records[0].set("booking", "c");
  EXPECT_EQ(process(event_of("C1")).error().code, "provincial.facts");
  rows_ = two_units();
  rows_[0].records[1].set("booking", "a");
  EXPECT_EQ(process(event_of("C1")).error().code, "provincial.facts");
}

TEST_F(BookingsTest, WithoutRowsTheCaseIsNotCompleteYet) {
  rows_ = {{"head", {}}};
  const auto messages = process(event_of("C1"));
  ASSERT_FALSE(messages);
  EXPECT_EQ(messages.error().code, "provincial.incomplete");
  EXPECT_EQ(messages.error().severity, Severity::kRetryable);
  EXPECT_EQ(process(event_of("")).error().code, "provincial.type");
}

TEST_F(BookingsTest, WhatIsAwaitedMustBeThereForEachBooking) {
  FakeContext waiting =
      context_of("bookings", {{"bookings", "province"}, {"await", "DJT_DJ_SLSQ ZTT_GY_QLR"}});
  waiting.lend("records", records_);
  const auto bookings = make_bookings(waiting);
  ASSERT_TRUE(bookings);
  const Call call = call_of("m1/bookings", 5s);
  const auto early = bookings.value()->process(event_of("C1"), call);
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, "provincial.incomplete");
  EXPECT_NE(early.error().message.find("ZTT_GY_QLR"), std::string::npos);
  rows_.push_back({"ZTT_GY_QLR", {row_of({{"qlrmc", "somebody"}})}});
  EXPECT_TRUE(bookings.value()->process(event_of("C1"), call));
}

TEST_F(BookingsTest, APatchOfNoProfileIsRefused) {
  FakeContext waiting =
      context_of("bookings", {{"bookings", "province"}, {"patch", "example-patch.xml"}});
  waiting.lend("records", records_);
  EXPECT_EQ(make_bookings(waiting).error().code, "provincial.option");
}

// What is missing of a booking, by the rows that came of it.
class Completeness : public BookingsTest {
 protected:
  std::string missing() {
    Options options{{"bookings", "province"}, {"profile", plugin_file("profiles/v1.xml")}};
    if (!patch_.empty()) options["patch"] = plugin_file("profiles/" + patch_);
    FakeContext waiting = context_of("bookings", options);
    waiting.lend("records", records_);
    const auto messages = make_bookings(waiting).value()->process(event_of("C1"), call_);
    if (messages) return {};
    EXPECT_EQ(messages.error().code, "provincial.incomplete");
    EXPECT_EQ(messages.error().severity, Severity::kRetryable);
    return messages.error().message;
  }
  std::string without(const std::string& rec_type, const std::string& table,
                      bool names_rec_type = true) {
    rows_ = sample_facts(profile_, rec_type);
    drop_set(rows_, table);
    if (!names_rec_type) change(rows_, "head", "rectype", std::nullopt);
    return missing();
  }

  const Profile profile_ = shipped_profile("v1");
  const Call call_ = call_of("m1/bookings", 5s);
  std::string patch_{};
};

TEST_F(Completeness, APatchSaysForWhichTablesItsProvinceIsWaitedFor) {
  EXPECT_EQ(without("2000402", "KTT_FW_ZRZ"), "");
  patch_ = "example-patch.xml";
  const std::string said = without("2000402", "KTT_FW_ZRZ");
  EXPECT_NE(said.find("no rows of KTT_FW_ZRZ, ZRZ_K_101 yet"), std::string::npos) << said;
  rows_.push_back({"KTT_FW_ZRZ", {Record{}}});
  EXPECT_NE(missing().find("no rows of ZRZ_K_101 yet"), std::string::npos);
  rows_.push_back({"ZRZ_K_101", {Record{}}});
  EXPECT_EQ(missing(), "");
}

TEST_F(Completeness, EachKindOfMessageWaitsForTheTablesThatItMustHave) {
  std::size_t waited = 0;
  for (const auto& [rec_type, rule] : profile_.messages) {
    rows_ = sample_facts(profile_, rec_type);
    EXPECT_EQ(missing(), "") << rec_type;
    for (const auto& [table, occurs] : rule.tables) {
      const std::string said = without(rec_type, table);
      EXPECT_EQ(said.find(table) != std::string::npos, occurs != Occurs::kAny)
          << rec_type << " " << table << ": " << said;
      waited += occurs != Occurs::kAny ? 1 : 0;
    }
  }
  EXPECT_GT(waited, 100);
}

TEST_F(Completeness, WithoutRecTypeItWaitsForATableOfARight) {
  rows_ = sample_facts(profile_, "2000402");
  rows_.resize(1);  // the head
  change(rows_, "head", "rectype", std::nullopt);
  EXPECT_NE(missing().find("the right"), std::string::npos);
  EXPECT_EQ(without("2000402", "QLT_FW_FDCQ_YZ", false), "") << "its code is wrong: said at once";
  EXPECT_NE(without("2000402", "KTT_FW_H", false).find("KTT_FW_H"), std::string::npos);
}

TEST_F(Completeness, WhatNoRowCanMendIsLeftToWhoeverMakesTheMessage) {
  rows_ = sample_facts(profile_, "2000402");
  change(rows_, "head", "rectype", "1234567");
  EXPECT_EQ(missing(), "");
  EXPECT_EQ(without("2000402", "FJ_F_100", false), "");
  change(rows_, "head", "rectype", std::nullopt);
  change(rows_, "head", "regtype", "800");
  EXPECT_EQ(missing(), "");
  rows_ = sample_facts(shipped_profile("v2"), "2000402");
  EXPECT_EQ(missing(), "") << "the queries are of another generation";
}

TEST_F(BookingsTest, TheUnitHasTheKindOfKeyThatTheEventHas) {
  Message event = event_of("C1");
  for (OrderKey& key : event.order_keys) key.kind = "booked-" + key.kind;
  const auto messages = process(event);
  ASSERT_TRUE(messages);
  const std::vector<OrderKey> keys{{"booked-case", "C1"}, {"booked-unit", "U1"}};
  EXPECT_EQ(messages.value()[0].order_keys, keys);
}

// What the host's facts say of a message that was made: it went to the province.
certbridge::testing::KnownDelivery delivered(const Message& message, const std::string& id,
                                             const std::string& state, const std::string& number) {
  certbridge::testing::KnownDelivery known;
  known.fact = {id, "province", message.type, state, number, message.headers};
  known.order_keys = message.order_keys;
  return known;
}

Message event_again(int number) {
  Message event = event_of("C1");
  event.id = "m" + std::to_string(number);
  return event;
}

TEST_F(BookingsTest, ASecondEventOfTheCaseReportsOnlyWhatWasNotReported) {
  rows_ = {{"head", {row_of({{"booking", "b"}, {"recflowid", "C1"}, {"estatenum", "U2"}})}}};
  const auto first = process(event_again(1)).value();
  ASSERT_EQ(first.size(), 1);
  EXPECT_EQ(first[0].headers.at(kBookingCase), "C1");
  rows_ = two_units();
  rows_[2].records.clear();
  rows_[3].records.clear();
  rows_[1].records.pop_back();
  const auto second = process(event_again(2));  // before the first is in the journal
  ASSERT_TRUE(second) << second.error().message;
  ASSERT_EQ(second.value().size(), 1);
  EXPECT_EQ(second.value()[0].headers.at("booking"), "a");
  EXPECT_EQ(second.value()[0].headers.at(kBookingCase), "C1-1");
  EXPECT_TRUE(process(event_again(3)).value().empty());
  EXPECT_EQ(process(event_again(2)).value().size(), 1);  // the same event, after a crash
}

TEST_F(BookingsTest, WhatChangedAfterAcceptanceIsAnUpdateAndBeforeItWaits) {
  const auto first = process(event_again(1)).value();
  ASSERT_EQ(first.size(), 2);
  rows_[1].records[0].set("fj", "更正");
  const auto early = process(event_again(2));
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, "provincial.verdict_open");
  EXPECT_EQ(early.error().severity, Severity::kRetryable);
  auto& facts = context_.mutable_facts();
  facts.add(delivered(first[0], "m1/0", "delivered", "990101240318000001"));
  facts.add(delivered(first[1], "m1/1", "open", "990101240318000002"));
  const auto second = process(event_again(2));
  ASSERT_TRUE(second) << second.error().message;
  ASSERT_EQ(second.value().size(), 1);
  const Message& update = second.value()[0];
  EXPECT_EQ(update.headers.at("resend-of"), "990101240318000001");
  EXPECT_EQ(update.headers.at("resend-as"), "update");
  EXPECT_EQ(update.headers.at(kBookingCase), "C1-1");
  facts.add(delivered(update, "m2/0", "parked", "990101240318000001BL"));
  rows_[1].records[0].set("fj", "再更正");
  const Message mended = process(event_again(2)).value().at(0);
  EXPECT_EQ(mended.headers.at("resend-of"), "990101240318000001");
  EXPECT_EQ(mended.headers.at("resend-as"), "update") << "the accepted one still stands";
  EXPECT_EQ(process(event_again(3)).error().code, "provincial.verdict_open")
      << "the second event is about to say it";
  facts.add(delivered(mended, "m2/0-2", "delivered", "990101240318000001BL"));
  EXPECT_EQ(process(event_again(3)).value().size(), 0);
  rows_[1].records[0].set("fj", "第三次");
  const auto third = process(event_again(3));
  ASSERT_TRUE(third) << third.error().message;
  ASSERT_EQ(third.value().size(), 1);
  EXPECT_EQ(third.value()[0].headers.at("resend-of"), "990101240318000001BL");
  EXPECT_EQ(third.value()[0].headers.at("resend-as"), "update");
}

TEST_F(BookingsTest, AnEventThatRunsAgainMakesItsMessagesInTheSameOrder) {
  auto& facts = context_.mutable_facts();
  const auto first = process(event_again(1)).value();
  facts.add(delivered(first[0], "m1/0", "delivered", "990101240318000001"));
  facts.add(delivered(first[1], "m1/1", "parked", "990101240318000002"));
  rows_[1].records[0].set("fj", "更正");
  ASSERT_EQ(process(event_again(2)).value().size(), 1);
  std::swap(rows_[0].records[0], rows_[0].records[1]);
  const auto again = process(event_again(1));
  ASSERT_TRUE(again) << again.error().message;
  ASSERT_EQ(again.value().size(), 2);
  EXPECT_EQ(again.value()[0].headers.at("booking"), "a");
  EXPECT_EQ(again.value()[1].headers.at("booking"), "b");
  EXPECT_EQ(again.value()[1].headers.at(kBookingCase), "C1-2");
  rows_ = {{"head", {row_of({{"booking", "b"}, {"recflowid", "C1"}, {"estatenum", "U2"}})}}};
  EXPECT_EQ(process(event_again(1)).error().code, "provincial.facts");
}

// The host takes of it what was refused, and keeps what the platform has accepted as it was.
TEST_F(BookingsTest, WhatChangedBesideABookingThatIsFetchedAnewIsStillAnUpdate) {
  auto& facts = context_.mutable_facts();
  const auto first = process(event_again(1)).value();
  facts.add(delivered(first[0], "m1/0", "delivered", "990101240318000001"));
  facts.add(delivered(first[1], "m1/1", "parked", "990101240318000002"));
  for (Record& row : rows_[1].records) row.set("fj", "更正");
  EXPECT_EQ(process(event_again(2)).error().code, "provincial.verdict_open");
  const auto fetched = process(event_again(1)).value();
  ASSERT_EQ(fetched.size(), 2);
  facts.add(delivered(fetched[1], "m1/1-2", "delivered", "990101240318000002"));
  const auto told = process(event_again(2));
  ASSERT_TRUE(told) << told.error().message;
  ASSERT_EQ(told.value().size(), 1) << "the change of the other booking";
  EXPECT_EQ(told.value()[0].headers.at(kBookingId), "a");
  EXPECT_EQ(told.value()[0].headers.at("resend-of"), "990101240318000001");
  facts.add(delivered(told.value()[0], "m2/0", "delivered", "990101240318000001BL"));
  EXPECT_TRUE(process(event_again(3)).value().empty());
}

TEST_F(BookingsTest, ACaseOfAWholeDevelopmentIsReportedUnitByUnit) {
  constexpr int kUnits = 1200;
  rows_ = {{"head", {}}, {"QLT_FW_FDCQ_YZ", {}}, {"KTT_FW_H", {}}};
  for (int i = 1; i <= kUnits; ++i) {
    const std::string booking = std::to_string(i);
    rows_[0].records.push_back(
        row_of({{"booking", booking}, {"recflowid", "C1"}, {"estatenum", "U" + booking}}));
    for (const std::size_t table : {1, 2}) {
      Record row = row_of({{"booking", booking}, {"bdcdyh", "U" + booking}});
      for (int field = 0; field < 20; ++field) {
        row.set("field_" + std::to_string(field), std::string(250, 'x'));
      }
      rows_[table].records.push_back(std::move(row));
    }
  }
  ASSERT_GT(write_records(rows_).size(), 12UL << 20U);
  rows_.push_back({"DJT_DJ_SLSQ", {row_of({{"ywh", "C1"}, {"bz", std::string(5'000'000, 'y')}})}});
  rows_.back().records[0].set("booking", "1");
  const auto messages = process(event_again(1));
  ASSERT_TRUE(messages) << messages.error().message;
  ASSERT_EQ(messages.value().size(), kUnits);
  EXPECT_EQ(messages.value().back().headers.at(kBookingCase), "C1-1200");
  EXPECT_EQ(parse_records(body_of(messages.value().back())).value().size(), 3);
  EXPECT_TRUE(process(event_again(2)).value().empty());
}

TEST_F(BookingsTest, WhatAPersonGaveUpIsReportedAgain) {
  const auto first = process(event_again(1)).value();
  for (const Message& message : first) {
    context_.mutable_facts().add(delivered(message, "m1/0", "discarded", ""));
  }
  EXPECT_EQ(process(event_again(2)).value().size(), 2);
}

TEST_P(BookingsTest, KeepsWhatAProcessorOwes) {
  const auto plugin = load_plugin(PROVINCIAL_PLATFORM_LIBRARY);
  check_processor_contract({*plugin, context_, "bookings"}, event_of("C1"), GetParam());
  context_.expect_all_options_read();
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, BookingsTest,
                         ::testing::Values(Through::kPlain, Through::kWire));

}  // namespace
}  // namespace certbridge::provincial_platform
