// The source over a stand-in of the host: what it hands over and what it remembers.
#include "days.h"

#include <gtest/gtest.h>

#include "certbridge/testing/contracts.h"
#include "certbridge/testing/loaded_plugin.h"

namespace certbridge::calendar {
namespace {

using namespace std::chrono_literals;
using certbridge::testing::FakeContext;
using certbridge::testing::FakeReceiver;
using certbridge::testing::Through;

const std::string kManifest = std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/calendar/plugin.xml";
const certbridge::testing::Options kOptions{
    {"areas", "990101 990102"}, {"since", "2026-11-22"}, {"times", "24h 1500m"}};

class DaysTest : public ::testing::TestWithParam<Through> {
 protected:
  DaysTest() { context_.mutable_clock().set(parse_message_time("2026-11-23T20:00:00Z").value()); }
  std::unique_ptr<Days> days() {
    return std::unique_ptr<Days>(static_cast<Days*>(make_days(context_).value().release()));
  }
  std::vector<std::string> keys() const {
    std::vector<std::string> keys;
    for (const Message& message : receiver_.accepted()) keys.push_back(message.source_key);
    return keys;
  }

  FakeReceiver receiver_{};
  FakeContext context_{kManifest, "days", kOptions};
};

TEST_F(DaysTest, EachDayOfEachAreaIsAMessage) {
  EXPECT_EQ(days()->look_once(receiver_).value(), 4);
  EXPECT_EQ(keys(), (std::vector<std::string>{"990101|2026-11-22|1", "990101|2026-11-23|1",
                                              "990102|2026-11-22|1", "990102|2026-11-23|1"}));
  const Message message = receiver_.accepted().at(1);
  EXPECT_EQ(message.type, "calendar.day");
  EXPECT_EQ(message.area, "990101");
  EXPECT_EQ(message.headers, (Headers{{"day", "2026-11-23"}, {"turn", "1"}}));
  EXPECT_EQ(message.order_keys, (std::vector<OrderKey>{{"daily-log", "990101|2026-11-23"}}));
}

TEST_F(DaysTest, AfterARestartNothingIsForgottenAndWhatIsDoneIsNotOffered) {
  auto source = days();
  ASSERT_TRUE(source->look_once(receiver_));
  context_.mutable_clock().advance(20min);
  ASSERT_EQ(source->look_once(receiver_).value(), 4);  // the second turns
  const std::size_t before = keys().size();
  context_.mutable_clock().advance(72h);
  source = days();
  EXPECT_EQ(source->look_once(receiver_).value(), 6);
  EXPECT_EQ(keys().at(before), "990101|2026-11-24|1");
}

TEST_F(DaysTest, WithoutAFirstDayNothingComesOfDaysBeforeTheHostWasThere) {
  auto options = kOptions;
  options.erase("since");
  FakeContext context(kManifest, "days", options);
  context.mutable_clock().set(parse_message_time("2026-11-23T15:59:00Z").value());  // the 23rd
  const auto look = [&] {
    return static_cast<Days&>(*make_days(context).value()).look_once(receiver_).value();
  };
  EXPECT_EQ(look(), 0);
  // It was not running when that day ended, and is told of it all the same.
  context.mutable_clock().advance(48h);
  EXPECT_EQ(look(), 4);
  EXPECT_EQ(keys().at(0), "990101|2026-11-23|1");
}

TEST_F(DaysTest, AnAreaThatIsAddedBeginsOnItsFirstDay) {
  auto options = kOptions;
  options.erase("since");
  FakeContext context(kManifest, "days", options);
  context.mutable_clock().set(parse_message_time("2026-11-23T20:00:00Z").value());  // the 24th
  ASSERT_TRUE(context.memory().put("calendar", OrderKey{}, "open-from/990101", "2026-11-23"));
  EXPECT_EQ(static_cast<Days&>(*make_days(context).value()).look_once(receiver_).value(), 1);
  EXPECT_EQ(keys(), std::vector<std::string>{"990101|2026-11-23|1"});
}

TEST_F(DaysTest, WhatTheHostCannotTakeNowComesAgain) {
  Acceptance busy;
  busy.retry_after = 5ms;
  receiver_.will_answer(busy);
  const auto source = days();
  EXPECT_EQ(source->look_once(receiver_).value(), 3);
  EXPECT_EQ(source->look_once(receiver_).value(), 1);
  EXPECT_EQ(keys().back(), "990101|2026-11-22|1");
}

TEST_F(DaysTest, ADayIsHandedOverOnceMoreWhenPeopleWantIt) {
  auto options = kOptions;
  options["since"] = "2027-01-01";
  options["again"] = "990102/2026-11-02 990101/2026-11-03/2";
  FakeContext context(kManifest, "days", options);
  context.mutable_clock().set(parse_message_time("2026-11-23T20:00:00Z").value());
  Acceptance busy;
  receiver_.will_answer(busy);
  const auto source = make_days(context).value();
  auto& days = static_cast<Days&>(*source);
  for (int look = 0; look < 3; ++look) ASSERT_TRUE(days.look_once(receiver_));
  EXPECT_EQ(keys(),
            (std::vector<std::string>{"990101|2026-11-03|again-2", "990102|2026-11-02|again-1"}));
  EXPECT_EQ(receiver_.accepted().at(1).headers,
            (Headers{{"day", "2026-11-02"}, {"turn", "again-1"}}));
}

TEST_F(DaysTest, WhatTheHostRefusesIsToldAndNotOfferedAgain) {
  Acceptance refused;
  refused.verdict = Acceptance::Verdict::kRefused;
  refused.code = "intake.refused";
  receiver_.will_answer(refused);
  const auto source = days();
  ASSERT_TRUE(source->look_once(receiver_));
  EXPECT_EQ(source->look_once(receiver_).value(), 1);  // its second turn, which is late as well
  EXPECT_EQ(context_.logger().entries().at(0).event, "calendar.not_taken");
}

TEST_F(DaysTest, WrongOptionsAreAFault) {
  auto options = kOptions;
  options["times"] = "soon";
  FakeContext wrong(kManifest, "days", options);
  const auto made = make_days(wrong);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "calendar.option");
  wrong.expect_declared(made.error());
}

TEST_P(DaysTest, KeepsWhatASourceOwes) {
  const auto plugin = certbridge::testing::load_plugin(CALENDAR_LIBRARY);
  certbridge::testing::check_source_contract(
      {*plugin, context_, "days"}, [] {}, GetParam());
  context_.expect_all_options_read();
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, DaysTest,
                         ::testing::Values(Through::kPlain, Through::kWire));

}  // namespace
}  // namespace certbridge::calendar
