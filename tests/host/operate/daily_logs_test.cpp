#include "observe/clock.h"
#include "operate_fixture.h"

namespace certbridge::host {
namespace {

// What the calendar hands over, delivered as daily logs are.
class DailyLogsTest : public OperateTest {
 protected:
  DailyLogsTest() {
    add_sink("log").on_send = [](const Message& message, const Call&) {
      if (message.area == "411325") {
        return Result<Receipt>(Error::permanent("delivery.rejected", "code 04012"));
      }
      Receipt receipt;
      receipt.remote_id = message.area + "261127000001";
      return Result<Receipt>(receipt);
    };
    add_route("days", "", {deliver("log")});
  }
  Message day(const std::string& area, const std::string& text) {
    Message message = event(area + text);
    message.type = "calendar.day";
    message.area = area;
    message.headers["day"] = text;
    return message;
  }
};

TEST_F(DailyLogsTest, AreListedByAreaAndDayWithWhatBecameOfThem) {
  start();
  const std::string today = to_iso8601(clock_.now()).substr(0, 10);
  const std::string accepted = accept(day("411324", today)).id;
  const std::string rejected = accept(day("411325", today)).id;
  ASSERT_TRUE(delivery_becomes(accepted, "log", DeliveryState::kDelivered));
  ASSERT_TRUE(delivery_becomes(rejected, "log", DeliveryState::kParked));
  const OperationAnswer all = done(kAuditorKey, "daily-logs list");
  ASSERT_EQ(rows_of(all, "logs"), 2U);
  EXPECT_EQ(cell_of(all, "logs", 0, "area"), "411324");
  EXPECT_EQ(cell_of(all, "logs", 0, "day"), today);
  EXPECT_EQ(cell_of(all, "logs", 0, "state"), "delivered");
  EXPECT_EQ(cell_of(all, "logs", 0, "number"), "411324261127000001");
  EXPECT_EQ(cell_of(all, "logs", 0, "overdue"), "no");
  EXPECT_EQ(cell_of(all, "logs", 1, "code"), "delivery.rejected");
  EXPECT_EQ(cell_of(all, "logs", 1, "message"), rejected);
  const OperationAnswer one = done(kAuditorKey, "daily-logs list", {{"area", "411324"}});
  EXPECT_EQ(rows_of(one, "logs"), 1U);
  EXPECT_EQ(rows_of(done(kAuditorKey, "daily-logs list", {{"from", "2099-01-01"}}), "logs"), 0U);
  EXPECT_EQ(rows_of(done(kAuditorKey, "daily-logs list", {{"limit", "1"}}), "logs"), 1U);
}

}  // namespace
}  // namespace certbridge::host
