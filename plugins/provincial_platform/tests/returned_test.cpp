// The sink for what was reported of cases that were returned since.
#include "booking/returned.h"

#include <gtest/gtest.h>

#include "booking/bookings.h"
#include "plugin_test.h"

namespace certbridge::provincial_platform {
namespace {

using namespace testing;

const OrderKey kReturnedUnit{"booked-unit", "990101001001GB00001F00010002"};

class Returned : public ::testing::TestWithParam<Through> {
 protected:
  static Message returned() {
    Message message;
    message.id = "m9/0";
    message.type = "registration.returned";
    message.order_keys = {{"booked-case", "C1"}, kReturnedUnit};
    message.headers = {
        {"reported-message", "m1/0"}, {kBookingCase, "C1"}, {kBookingUnit, kReturnedUnit.value}};
    return message;
  }
  void stands(const std::string& state, const std::string& number) {
    DeliveryFact fact{"m1/0", "province", kBookedType, state, number, {}};
    context_.mutable_facts().add({fact, {kReturnedUnit}, "990101", context_.clock().now()});
  }
  Result<Receipt> send() {
    const auto sink = make_returned_bookings(context_).value();
    return sink->send(returned(), call_of("m9/0/returned", 5s));
  }

  FakeContext context_ = context_of("returned-bookings", {{"bookings", "province"}});
};

TEST_F(Returned, WhatTheProvinceHasIsSetAsideWithCaseUnitAndNumber) {
  stands("delivered", "990101240318000001");
  const auto sent = send();
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, "provincial.returned");
  EXPECT_EQ(sent.error().severity, Severity::kPermanent);
  for (const char* part : {"C1", "990101001001GB00001F00010002", "990101240318000001"}) {
    EXPECT_NE(sent.error().message.find(part), std::string::npos) << part;
  }
  context_.expect_declared(sent.error());
  ASSERT_EQ(context_.logger().entries().size(), 1U);
  EXPECT_EQ(context_.logger().entries()[0].event, "booking.returned");
  EXPECT_EQ(context_.metrics().value("bookings_returned_total"), 1);
}

TEST_F(Returned, WhatIsOnItsWayIsWaitedForAndWhatNeverArrivedNeedsNobody) {
  for (const char* moving : {"sending", "retry-at", "unknown", "open"}) {
    stands(moving, "");
    EXPECT_EQ(send().error().code, "provincial.verdict_open") << moving;
  }
  for (const char* gone : {"parked", "repair", "superseded", "discarded"}) {
    stands(gone, "990101240318000001");
    const auto sent = send();
    ASSERT_TRUE(sent) << gone;
    EXPECT_EQ(sent.value().state, Receipt::State::kSettled);
  }
  EXPECT_TRUE(context_.logger().entries().empty());
}

TEST_F(Returned, AMessageAboutNoReportIsRefused) {
  const auto sink = make_returned_bookings(context_).value();
  Message message = returned();
  message.headers.erase("reported-message");
  EXPECT_EQ(sink->send(message, call_of("m9/0/returned", 5s)).error().code, "provincial.type");
}

TEST_P(Returned, KeepsWhatASinkOwes) {
  const auto plugin = load_plugin(PROVINCIAL_PLATFORM_LIBRARY);
  stands("superseded", "");
  check_sink_contract(
      {*plugin, context_, "returned-bookings"}, returned(), [] { return 0; }, GetParam());
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, Returned,
                         ::testing::Values(Through::kPlain, Through::kWire));

}  // namespace
}  // namespace certbridge::provincial_platform
