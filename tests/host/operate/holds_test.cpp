#include "operate_fixture.h"

namespace certbridge::host {
namespace {

class HoldsTest : public OperateTest {
 protected:
  HoldsTest() {
    add_sink("library").on_send = [](const Message&, const Call&) {
      return Result<Receipt>(Receipt{});
    };
    add_route("issue", "SHANZHENG", {deliver("library")});
  }
};

TEST_F(HoldsTest, WhatIsOnHoldWaitsUntilItIsReleasedAndBothAreOnRecord) {
  start();
  EXPECT_EQ(value_of(done(kOperatorKey, "deliveries hold",
                          {{"endpoint", "library"}, {"reason", "the library moves house"}}),
                     "what"),
            "endpoint library");
  const OperationAnswer holds = done(kAuditorKey, "deliveries holds");
  EXPECT_EQ(cell_of(holds, "holds", 0, "what"), "endpoint library");
  EXPECT_EQ(cell_of(holds, "holds", 0, "reason"), "the library moves house");
  const std::string person = cell_of(holds, "holds", 0, "person");
  EXPECT_FALSE(person.empty());
  const std::string id = accept(event("k1", "SHANZHENG", "C1")).id;
  EXPECT_TRUE(delivery_becomes(id, "library", DeliveryState::kReady));
  EXPECT_EQ(
      refused(409, kOperatorKey, "deliveries hold", {{"endpoint", "library"}, {"reason", "x"}}),
      "journal.held_already");
  done(kOperatorKey, "deliveries release", {{"endpoint", "library"}, {"reason", "it is back"}});
  EXPECT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered));
  const OperationAnswer actions =
      done(kAuditorKey, "actions list", {{"target", "endpoint library"}});
  ASSERT_EQ(rows_of(actions, "actions"), 2U);
  EXPECT_EQ(cell_of(actions, "actions", 0, "operation"), "deliveries release");
  EXPECT_EQ(cell_of(actions, "actions", 1, "person"), person);
  EXPECT_EQ(
      refused(409, kOperatorKey, "deliveries release", {{"endpoint", "library"}, {"reason", "x"}}),
      "journal.not_held");
}

TEST_F(HoldsTest, OneThingThatThereIsMustBeNamedByAnOperator) {
  start();
  for (const ParameterValues& values :
       {ParameterValues{{"reason", "x"}},
        ParameterValues{{"endpoint", "library"}, {"all", "yes"}, {"reason", "x"}},
        ParameterValues{{"endpoint", "nowhere"}, {"reason", "x"}},
        ParameterValues{{"route", "nowhere"}, {"reason", "x"}}}) {
    EXPECT_EQ(refused(400, kOperatorKey, "deliveries hold", values), "operate.parameter");
  }
  EXPECT_EQ(refused(403, kReviewerKey, "deliveries hold", {{"all", "yes"}, {"reason", "x"}}),
            "operate.role");
  EXPECT_EQ(rows_of(done(kAuditorKey, "deliveries holds"), "holds"), 0U);
}

}  // namespace
}  // namespace certbridge::host
