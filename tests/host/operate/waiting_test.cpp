#include "operate_fixture.h"

namespace certbridge::host {
namespace {

class WaitingTest : public OperateTest {
 protected:
  WaitingTest() {
    add_sink("library").on_send = [](const Message& message, const Call&) {
      if (message.source_key != "e1") return Result<Receipt>(Receipt{});
      return Result<Receipt>(Error::permanent("library.refused", "not like this"));
    };
    add_sink("province");
    add_route("issue", "", {deliver("library")});
  }
};

TEST_F(WaitingTest, WhatWaitsIsListedWithAgeAndCauseOldestFirst) {
  start();
  const std::string head = accept(event("e1")).id;
  ASSERT_TRUE(delivery_becomes(head, "library", DeliveryState::kParked));
  EXPECT_EQ(rows_of(done(kAuditorKey, "deliveries waiting"), "waiting"), 0U);
  const std::string behind = accept(event("e2")).id;
  const std::string third = accept(event("e3")).id;
  ASSERT_TRUE(delivery_becomes(third, "library", DeliveryState::kWaiting));
  const OperationAnswer listed = done(kOperatorKey, "deliveries waiting");
  ASSERT_EQ(rows_of(listed, "waiting"), 2U);
  EXPECT_EQ(cell_of(listed, "waiting", 0, "message"), behind);
  EXPECT_EQ(cell_of(listed, "waiting", 0, "delivery"), "library");
  EXPECT_EQ(cell_of(listed, "waiting", 0, "for"), "parked delivery of message " + head);
  EXPECT_EQ(cell_of(listed, "waiting", 0, "too long"), "no");
  EXPECT_EQ(cell_of(listed, "waiting", 1, "message"), third);
  configuration_.waiting_limit = std::chrono::milliseconds(0);
  const OperationAnswer first =
      done(kOperatorKey, "deliveries waiting", {{"endpoint", "library"}, {"limit", "1"}});
  ASSERT_EQ(rows_of(first, "waiting"), 1U);
  EXPECT_EQ(cell_of(first, "waiting", 0, "too long"), "yes");
  EXPECT_EQ(
      rows_of(done(kOperatorKey, "deliveries waiting", {{"endpoint", "province"}}), "waiting"), 0U);
}

TEST_F(WaitingTest, AParkedVerdictIsListedAndGivenUpWithAReason) {
  start();
  Outcome outcome;
  outcome.verdict = Outcome::Verdict::kRejected;
  outcome.code = "2007";
  ASSERT_TRUE(store_->settle({"library", "nobody"}, outcome).ok());
  ASSERT_EQ(store_->park_verdicts("library", clock_.now()).value(), 1U);
  const OperationAnswer listed = done(kAuditorKey, "verdicts list");
  ASSERT_EQ(rows_of(listed, "verdicts"), 1U);
  EXPECT_EQ(cell_of(listed, "verdicts", 0, "correlation"), "nobody");
  EXPECT_EQ(cell_of(listed, "verdicts", 0, "said"), "rejected");
  EXPECT_EQ(cell_of(listed, "verdicts", 0, "code"), "2007");
  EXPECT_EQ(cell_of(listed, "verdicts", 0, "reason"),
            "no receipt names it, and no send can bring one any more");
  const std::string id = cell_of(listed, "verdicts", 0, "verdict");
  EXPECT_EQ(refused(403, kReviewerKey, "verdicts discard", {{"verdict", id}, {"reason", "x"}}),
            "operate.role");
  EXPECT_EQ(refused(400, kOperatorKey, "verdicts discard", {{"verdict", id}}), "operate.parameter");
  done(kOperatorKey, "verdicts discard", {{"verdict", id}, {"reason", "a test of theirs"}});
  EXPECT_EQ(rows_of(done(kAuditorKey, "verdicts list"), "verdicts"), 0U);
  const OperationAnswer actions = done(kAuditorKey, "actions list", {{"target", "verdict " + id}});
  ASSERT_EQ(rows_of(actions, "actions"), 1U);
  EXPECT_EQ(cell_of(actions, "actions", 0, "reason"), "a test of theirs");
  EXPECT_EQ(refused(409, kOperatorKey, "verdicts discard", {{"verdict", id}, {"reason", "x"}}),
            "verdict.not_parked");
}

}  // namespace
}  // namespace certbridge::host
