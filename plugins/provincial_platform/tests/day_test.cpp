// What was booked on a day: waited for, fetched where it never came, and not doubled.
#include <gtest/gtest.h>

#include "booking/bookings.h"
#include "daily_log/day_reader.h"
#include "daily_log/missing_bookings.h"
#include "day_samples.h"
#include "plugin_test.h"

namespace certbridge::provincial_platform {
namespace {

using namespace testing;

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
  // Runs again what each run hands back, as the host does: what was made is stored before.
  std::vector<Message> fetch_all(std::size_t most_of_a_run) {
    const auto missing = make_missing_bookings(missing_).value();
    std::vector<Message> all;
    std::optional<Message> next = day_message();
    for (runs_ = 0; next && runs_ < 100; ++runs_) {
      const std::string step = "d1-" + std::to_string(runs_) + "/m";
      auto made = missing->process(*std::exchange(next, {}), call_of(step, 10h));
      if (!made) ADD_FAILURE() << made.error().message;
      missing_.memory().commit(step);
      EXPECT_LE(made.value().size(), most_of_a_run);
      for (Message& message : made.value()) {
        if (message.type == kCalendarDay) {
          next = std::move(message);
          next->id = "d" + std::to_string(runs_ + 2);
          continue;
        }
        auto known = sent_booking(1, "200", "ready", "");
        known.fact.headers = message.headers;
        missing_.mutable_facts().add(known);
        all.push_back(std::move(message));
      }
    }
    return all;
  }
  Result<std::vector<Message>> read() {
    return make_day_reader(reader_).value()->process(day_message(), call_of("d1/r", 5s));
  }

  std::vector<Record> register_{registered_row(1, "200", "4"), registered_row(2, "200", "4")};
  std::string broken_{};
  std::vector<std::string> asked_{};
  int runs_ = 0;
  FakeResponder records_{};
  FakeContext missing_ = context_of("missing-bookings", {{"bookings", "province"}});
  FakeContext reader_ = context_of(
      "booked-day", {{"bookings", "province"}, {"form", plugin_file("profiles/daily-log.xml")}});
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

TEST_F(DayTest, TheOtherRightOfAUnitIsFetchedAlthoughOneCame) {
  register_ = {registered_row(1, "100", "37"), registered_row(1, "100", "4")};
  auto ownership = sent_booking(1, "100", "delivered", "");  // before the case had a mortgage
  ownership.fact.headers["booking"] = "id-4";
  missing_.mutable_facts().add(ownership);
  records_.answers_with([this](const Message& question, const Call&) -> Result<Message> {
    if (question.type == "booked-day") return rows_message({{"register", register_}});
    RecordSet heads{"head", {}};
    for (const char* right : {"4", "37"}) {
      Record head;
      head.set("booking", std::string("id-") + right);
      head.set("recflowid", "C1");
      head.set("estatenum", sample_unit(1));
      head.set("regtype", "100");
      head.set("righttype", right);
      heads.records.push_back(head);
    }
    return rows_message({heads});
  });
  const auto fetched = fetch();
  ASSERT_TRUE(fetched) << fetched.error().message;
  ASSERT_EQ(fetched.value().size(), 1);
  EXPECT_EQ(fetched.value()[0].headers.at(kBookingRight), "37");
}

TEST_F(DayTest, ACaseThatNothingCanBeMadeOfHoldsUpNoOther) {
  broken_ = "1";
  const auto fetched = fetch();
  ASSERT_TRUE(fetched) << fetched.error().message;
  ASSERT_EQ(fetched.value().size(), 1);
  EXPECT_EQ(fetched.value()[0].headers.at(kBookingCase), "C2");
  EXPECT_EQ(missing_.logger().entries().at(0).event, "daily_log.not_fetched");
}

TEST_F(DayTest, WhatIsNotWholeYetIsNotFetched) {
  FakeContext whole = context_of(
      "missing-bookings", {{"bookings", "province"}, {"profile", plugin_file("profiles/v1.xml")}});
  whole.lend("records", records_);
  const auto fetched =
      make_missing_bookings(whole).value()->process(day_message(), call_of("d1/m", 5s));
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_TRUE(fetched.value().empty());
  ASSERT_EQ(whole.logger().entries().size(), 2);
  EXPECT_EQ(whole.logger().entries()[0].event, "daily_log.not_fetched");
}

TEST_F(DayTest, AHandOverThatRunsAnewFetchesTheSameInTheSamePlaces) {
  const auto first = fetch();
  ASSERT_EQ(first.value().size(), 2);
  missing_.memory().commit("d1/m");
  for (const Message& message : first.value()) {
    auto known = sent_booking(1, "200", "parked", "");
    known.fact.headers = message.headers;
    missing_.mutable_facts().add(known);
  }
  register_.insert(register_.begin(), registered_row(3, "200", "4"));
  const auto again = fetch();
  ASSERT_TRUE(again) << again.error().message;
  ASSERT_EQ(again.value().size(), 2);  // what is new is for the next hand-over
  for (std::size_t n = 0; n < 2; ++n) {
    EXPECT_EQ(again.value()[n].headers.at(kBookingUnit), sample_unit(static_cast<int>(n) + 1));
  }
  broken_ = "1";
  EXPECT_TRUE(fetch().value().empty());  // or C2 would take the place of C1
}

TEST_F(DayTest, ARowThatNoBookingOfItsCaseIsLikeIsTold) {
  register_ = {registered_row(1, "300", "4")};  // the case says 200
  EXPECT_TRUE(fetch().value().empty());
  ASSERT_EQ(missing_.logger().entries().size(), 1);
  EXPECT_EQ(missing_.logger().entries()[0].fields.at(1).second, "provincial.no_such_booking");
}

TEST_F(DayTest, WhatStillLacksRowsIsLeftToItsEvent) {
  FakeContext context =
      context_of("missing-bookings", {{"bookings", "province"}, {"await", "QLR SQR"}});
  context.lend("records", records_);
  Record row;
  row.set("booking", "2");
  std::vector<RecordSet> sets{{"head", {}}, {"QLR", {Record{}}}, {"SQR", {row}}};
  sets[1].records[0].set("qlrmc", "测试甲");
  for (const int unit : {1, 2}) {
    Record head;
    head.set("booking", std::to_string(unit));
    head.set("recflowid", "C" + std::to_string(unit));
    head.set("estatenum", sample_unit(unit));
    sets[0].records.push_back(head);
  }
  register_[1].set("ywh", "C2");
  register_[0].set("case_no", "C1");
  register_[1].set("case_no", "C1");
  records_.answers_with([&](const Message& question, const Call&) -> Result<Message> {
    return rows_message(
        question.type == "booked-day" ? std::vector{RecordSet{"register", register_}} : sets);
  });
  const auto missing = make_missing_bookings(context).value();
  const auto fetched = missing->process(day_message(), call_of("d1/m", 5s));
  ASSERT_TRUE(fetched) << fetched.error().message;
  ASSERT_EQ(fetched.value().size(), 1);
  EXPECT_EQ(fetched.value()[0].headers.at(kBookingCase), "C2");
  EXPECT_EQ(context.logger().entries().at(0).fields.at(1).second, "provincial.incomplete");
}

TEST_F(DayTest, ManyCasesAreFetchedInSeveralRuns) {
  register_.clear();
  for (int n = 1; n <= 1234; ++n) register_.push_back(registered_row(n, "200", "4"));
  broken_ = "1";
  const auto fetched = fetch_all(501);
  EXPECT_EQ(fetched.size(), 1233);
  EXPECT_EQ(runs_, 3);
  EXPECT_EQ(missing_.logger().entries().size(), 1);  // what nothing can be made of, told once
  EXPECT_EQ(asked_.size(), 1234 + 3);                // no case is asked about twice
}

TEST_F(DayTest, ACaseOfMoreBookingsThanOneRunMakesIsFetchedInSeveral) {
  constexpr int kBookings = 1200;
  register_.clear();
  RecordSet heads{"head", {}};
  for (int n = 1; n <= kBookings; ++n) {
    register_.push_back(registered_row(n, "200", "4"));
    register_.back().set("ywh", "C1");
    Record head;
    head.set("booking", std::to_string(n));
    head.set("recflowid", "C1");
    head.set("estatenum", sample_unit(n));
    head.set("regtype", "200");
    heads.records.push_back(head);
  }
  records_.answers_with([&](const Message& question, const Call&) -> Result<Message> {
    if (question.type == "booked-day") return rows_message({{"register", register_}});
    return rows_message({heads});
  });
  std::set<std::string> units;
  for (const Message& message : fetch_all(501)) units.insert(message.headers.at(kBookingUnit));
  EXPECT_EQ(units.size(), kBookings);
  EXPECT_EQ(runs_, 3);
}

TEST_F(DayTest, ARunEndsAtHalfOfItsTimeAndAtAFailureAndLosesNothing) {
  register_.clear();
  for (int n = 1; n <= 5; ++n) register_.push_back(registered_row(n, "200", "4"));
  int asked = 0;
  records_.answers_with([&](const Message& question, const Call&) -> Result<Message> {
    if (question.type == "booked-day") return rows_message({{"register", register_}});
    missing_.mutable_clock().advance(3h);
    if (++asked == 4) return Error::retryable("sql.timeout", "no answer in time");
    Record head;
    head.set("recflowid",
             parse_records(body_of(question)).value()[0].records[0].text_or_empty("case_no"));
    head.set("estatenum", sample_unit(std::stoi(head.text_or_empty("recflowid").substr(1))));
    return rows_message({{"head", {head}}});
  });
  const auto missing = make_missing_bookings(missing_).value();
  int runs = 0;
  const auto run = [&](Message message) {
    message.id = "d" + std::to_string(++runs);
    Call call = call_of("d1/m", 5s);
    call.deadline = missing_.clock().steady() + 10h;
    return missing->process(message, call);
  };
  auto made = run(day_message());
  ASSERT_EQ(made.value().size(), 3);  // C1, C2, and no time for a third
  EXPECT_EQ(made.value().back().headers.at("again"), "1");
  missing_.memory().commit("d1/m");
  made = run(made.value().back());
  ASSERT_EQ(made.value().size(), 2);  // C3; C4 fails
  EXPECT_EQ(made.value().back().headers.at("again"), "2");
  missing_.memory().commit("d1/m");
  made = run(made.value().back());
  ASSERT_EQ(made.value().size(), 2);
  EXPECT_EQ(made.value()[0].headers.at(kBookingCase), "C4");
  EXPECT_EQ(made.value()[1].headers.at(kBookingCase), "C5");
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
  FakeContext context = context_of("bookings", {{"bookings", "province"}});
  context.lend("records", records_);
  const auto bookings = make_bookings(context).value();
  Message event;
  event.id = "e1";
  event.headers["case-no"] = "C1";
  auto known = sent_booking(1, "200", "open", "");
  known.fact.headers = booking.headers;
  context.mutable_facts().add(known);
  EXPECT_TRUE(bookings->process(event, call_of("e1/b", 5s)).value().empty());
  known.fact.headers[kBookingDigest] = "of other rows";
  context.mutable_facts().add(known);
  EXPECT_EQ(bookings->process(event, call_of("e1/b", 5s)).error().code, "provincial.verdict_open");
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

TEST_F(DayTest, ALateHandOverWaitsForWhatIsUnderWayAlone) {
  reader_.mutable_clock().set(parse_message_time("2024-03-21T16:00:00Z").value());
  reader_.mutable_facts().add(sent_booking(1, "200", "ready", ""));
  const auto reader = make_day_reader(reader_).value();
  Message day = day_message();
  day.created = reader_.clock().now();
  EXPECT_EQ(reader->process(day, call_of("d1/r", 5s)).error().code, "provincial.day_under_way");
  reader_.mutable_clock().advance(2h);
  EXPECT_TRUE(reader->process(day, call_of("d1/r", 5s)));
  day.created = reader_.clock().now();
  reader_.mutable_facts().add(sent_booking(1, "200", "open", ""));  // and nothing of the other came
  EXPECT_TRUE(reader->process(day, call_of("d1/r", 5s)));
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
  const auto plugin = load_plugin(PROVINCIAL_PLATFORM_LIBRARY);
  check_processor_contract({*plugin, missing_, "missing-bookings"}, day_message(), GetParam());
  missing_.expect_all_options_read();
  register_.clear();
  check_processor_contract({*plugin, reader_, "booked-day"}, day_message(), GetParam());
  reader_.expect_all_options_read();
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, DayTest, ::testing::Values(Through::kPlain, Through::kWire));

}  // namespace
}  // namespace certbridge::provincial_platform
