// What was booked on a day: waited for, fetched where it never came, and not doubled.
#include <gtest/gtest.h>

#include "bookings.h"
#include "certbridge/testing/contracts.h"
#include "certbridge/testing/loaded_plugin.h"
#include "day_reader.h"
#include "day_samples.h"
#include "fetched.h"
#include "missing_bookings.h"

namespace certbridge::provincial_platform {
namespace {

using namespace testing;
using namespace std::chrono_literals;
using certbridge::testing::body_of;
using certbridge::testing::call_of;
using certbridge::testing::FakeContext;
using certbridge::testing::FakeResponder;
using certbridge::testing::Through;

const std::string kDayPlugin = std::string(CERTBRIDGE_SOURCE_DIR) + "/plugins/provincial_platform/";

Message rows_message(const std::vector<RecordSet>& sets) {
  Message answer;
  answer.media_type = kRecordsMediaType;
  answer.body = content_of(write_records(sets));
  return answer;
}

class DayTest : public ::testing::TestWithParam<Through> {
 protected:
  DayTest() {
    records_.answers_with([this](const Message& question, const Call&) -> Result<Message> {
      asked_.push_back(question.type + " " + body_of(question));
      if (question.type == "booked-day") return rows_message({{"register", register_}});
      const std::string number =
          parse_records(body_of(question)).value()[0].records[0].text_or_empty("case_no").substr(1);
      if (number == broken_) return rows_message({});
      Record head;
      head.set("recflowid", "C" + number);
      head.set("estatenum", sample_unit(std::stoi(number)));
      head.set("regtype", "200");
      head.set("createdate", "2024-03-18T10:30:18");
      return rows_message({{"head", {head}}});
    });
    for (FakeContext* context : {&missing_, &reader_}) {
      context->lend("records", records_);
      context->mutable_clock().set(parse_message_time("2024-03-18T16:10:00Z").value());
    }
  }
  Result<std::vector<Message>> fetch() {
    return make_missing_bookings(missing_).value()->process(day_message(), call_of("d1/m", 5s));
  }
  Result<std::vector<Message>> read() {
    return make_day_reader(reader_).value()->process(day_message(), call_of("d1/r", 5s));
  }

  std::vector<Record> register_{registered_row(1, "200", "4"), registered_row(2, "200", "4")};
  std::string broken_{};
  std::vector<std::string> asked_{};
  FakeResponder records_{};
  FakeContext missing_{kDayPlugin + "plugin.xml", "missing-bookings", {{"bookings", "province"}}};
  FakeContext reader_{kDayPlugin + "plugin.xml",
                      "booked-day",
                      {{"bookings", "province"}, {"form", kDayPlugin + "profiles/daily-log.xml"}}};
};

TEST_F(DayTest, TheRegisterIsAskedForAreaAndDay) {
  missing_.mutable_facts().add(sent_booking(1, "200", "open", ""));
  missing_.mutable_facts().add(sent_booking(2, "200", "parked", ""));
  const auto fetched = fetch();
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_TRUE(fetched.value().empty());  // parked has come as well
  Record parameters;
  parameters.set("day", "2024-03-18");
  parameters.set("next_day", "2024-03-19");
  parameters.set("area", "990101");
  EXPECT_EQ(asked_, std::vector<std::string>{"booked-day " +
                                             write_records({{"parameters", {parameters}}})});
}

TEST_F(DayTest, WhatNeverCameIsFetchedInTheOrderOfItsCaseAndUnit) {
  missing_.mutable_facts().add(sent_booking(1, "200", "open", ""));
  const auto fetched = fetch();
  ASSERT_TRUE(fetched) << fetched.error().message;
  ASSERT_EQ(fetched.value().size(), 1);
  const Message& booking = fetched.value()[0];
  EXPECT_EQ(booking.type, kBookedType);
  EXPECT_EQ(booking.area, "990101");
  EXPECT_EQ(booking.headers.at(kFetchedFor), "2024-03-18");
  EXPECT_EQ(booking.headers.at(kBookingCase), "C2");
  EXPECT_EQ(booking.headers.at(kBookingTime), "2024-03-18T10:30:18");
  EXPECT_EQ(booking.order_keys, (std::vector<OrderKey>{{"case", "C2"}, {"unit", sample_unit(2)}}));
}

TEST_F(DayTest, CasesMayBeAnotherEndpointsAffair) {
  FakeResponder cases;
  cases.answers_with([&](const Message& question, const Call&) -> Result<Message> {
    EXPECT_EQ(question.type, "booking");
    Record head;
    head.set("recflowid", "C1");
    head.set("estatenum", sample_unit(1));
    return rows_message({{"head", {head}}});
  });
  missing_.lend("cases", cases);
  register_ = {registered_row(1, "200", "4")};
  const auto fetched = fetch();
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(fetched.value().size(), 1);
  EXPECT_EQ(asked_.size(), 1);  // the day alone
}

TEST_F(DayTest, OfACaseThatWasBookedOnSeveralDaysOnlyThisDayIsFetched) {
  register_ = {registered_row(1, "200", "4")};
  records_.answers_with([this](const Message& question, const Call&) -> Result<Message> {
    if (question.type == "booked-day") return rows_message({{"register", register_}});
    RecordSet heads{"head", {}};
    for (const int unit : {1, 2}) {
      Record head;
      head.set("booking", std::to_string(unit));
      head.set("recflowid", "C1");
      head.set("estatenum", sample_unit(unit));
      heads.records.push_back(head);
    }
    return rows_message({heads});
  });
  const auto fetched = fetch();
  ASSERT_TRUE(fetched) << fetched.error().message;
  ASSERT_EQ(fetched.value().size(), 1);
  EXPECT_EQ(fetched.value()[0].headers.at(kBookingUnit), sample_unit(1));
}

TEST_F(DayTest, ACaseThatNothingCanBeMadeOfHoldsUpNoOther) {
  broken_ = "1";
  const auto fetched = fetch();
  ASSERT_TRUE(fetched) << fetched.error().message;
  ASSERT_EQ(fetched.value().size(), 1);
  EXPECT_EQ(fetched.value()[0].headers.at(kBookingCase), "C2");
  EXPECT_EQ(missing_.logger().entries().at(0).event, "daily_log.not_fetched");
}

TEST_F(DayTest, WhenTheRegistrationSystemIsAwayTheDayIsTriedAgain) {
  records_.answers_with([](const Message&, const Call&) -> Result<Message> {
    return Error::retryable("sql.connect", "the database is away");
  });
  EXPECT_EQ(fetch().error().severity, Severity::kRetryable);
  EXPECT_EQ(read().error().code, "provincial.records_unavailable");
}

TEST_F(DayTest, AnEventThatComesAfterItsBookingWasFetchedAddsNothing) {
  const Message booking = fetch().value().at(0);
  FakeContext context(kDayPlugin + "plugin.xml", "bookings", {});
  context.lend("records", records_);
  const auto bookings = make_bookings(context).value();
  Message event;
  event.headers["case-no"] = "C1";
  EXPECT_EQ(bookings->process(event, call_of("e1/b", 5s)).value().size(), 1);
  auto known = sent_booking(1, "200", "open", "");
  known.fact.headers = booking.headers;
  context.mutable_facts().add(known);
  EXPECT_TRUE(bookings->process(event, call_of("e1/b", 5s)).value().empty());
  known.fact.headers[kBookingDigest] = "of other rows";
  context.mutable_facts().add(known);
  EXPECT_EQ(bookings->process(event, call_of("e1/b", 5s)).value().size(), 1);
}

TEST_F(DayTest, TheLogWaitsForTheEndOfTheDay) {
  reader_.mutable_clock().set(parse_message_time("2024-03-18T15:59:59Z").value());
  const auto early = read();
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, "provincial.day_open");
  EXPECT_EQ(early.error().retry_after, 1s);
  reader_.expect_declared(early.error());
}

TEST_F(DayTest, TheLogWaitsForBookingsUnderWayAndNotForEver) {
  reader_.mutable_facts().add(sent_booking(1, "200", "parked", ""));
  const auto waits = read();
  ASSERT_FALSE(waits);
  EXPECT_EQ(waits.error().code, "provincial.day_under_way");
  EXPECT_EQ(waits.error().severity, Severity::kRetryable);
  EXPECT_NE(waits.error().message.find("1 bookings"), std::string::npos);
  reader_.mutable_clock().set(parse_message_time("2024-03-18T18:00:00Z").value());
  const auto late = read();
  ASSERT_TRUE(late) << late.error().message;
  EXPECT_EQ(read_booked_day(late.value().at(0)).value().registered.size(), 2);
}

TEST_F(DayTest, ADayWithNothingBookedIsADay) {
  register_.clear();
  const auto day = read();
  ASSERT_TRUE(day) << day.error().message;
  ASSERT_EQ(day.value().size(), 1);
  EXPECT_EQ(day.value()[0].type, kBookedDayType);
  EXPECT_EQ(day.value()[0].order_keys, std::vector<OrderKey>{sample_day().order_key()});
}

TEST_F(DayTest, WhatIsNoDayOrNoRegisterIsRefused) {
  Message message = day_message();
  message.headers["day"] = "2024-02-30";
  EXPECT_EQ(area_day_of(message).error().code, "provincial.day");
  message = day_message();
  message.area = "99010X";
  EXPECT_EQ(area_day_of(message).error().code, "provincial.day");
  EXPECT_EQ(booked_day_of(sample_day(), {}).error().code, "provincial.facts");
  EXPECT_EQ(booked_day_of(sample_day(), {{"register", {}}, {"other", {}}}).error().code,
            "provincial.facts");
  EXPECT_EQ(booked_day_of(sample_day(), {{"register", {Record{}}}}).error().code,
            "provincial.facts");
}

TEST_P(DayTest, KeepsWhatAProcessorOwes) {
  const auto plugin = certbridge::testing::load_plugin(PROVINCIAL_PLATFORM_LIBRARY);
  certbridge::testing::check_processor_contract({*plugin, missing_, "missing-bookings"},
                                                day_message(), GetParam());
  missing_.expect_all_options_read();
  register_.clear();
  certbridge::testing::check_processor_contract({*plugin, reader_, "booked-day"}, day_message(),
                                                GetParam());
  reader_.expect_all_options_read();
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, DayTest, ::testing::Values(Through::kPlain, Through::kWire));

}  // namespace
}  // namespace certbridge::provincial_platform
