#include "engine/reading.h"
#include "operate_fixture.h"

namespace certbridge::host {
namespace {

class ReviewTest : public OperateTest {
 protected:
  ReviewTest() {
    add_processor("reader").on_process = [this](const Message& message, const Call&) {
      return read(message);
    };
    add_processor("seal");
    add_sink("library");
    add_sink("reporter");
    Step review;
    review.kind = StepKind::kReview;
    review.name = "review";
    RouteConfig& route = add_route(
        "issue", "SHANZHENG", {process("reader"), review, process("seal"), deliver("library")});
    route.report_refusal = "reporter";
  }
  Result<std::vector<Message>> read(Message message) {
    message.type = "certificate.issue";
    message.body = content_of("<certificate><holder>" + holder_ + "</holder></certificate>");
    std::vector<Message> made(static_cast<std::size_t>(certificates_), message);
    for (std::size_t i = 0; i < made.size(); ++i) {
      made[i].headers["identifier"] = "identifier-" + std::to_string(i);
    }
    return made;
  }
  Step& review_step() { return configuration_.routes.back().steps[1]; }
  std::string put_in_review(const std::string& key = "k1", const std::string& case_no = "C1") {
    const std::string id = accept(event(key, "SHANZHENG", case_no)).id;
    EXPECT_TRUE(message_becomes(id, MessageState::kInReview));
    return id;
  }
  std::string digest_of(const std::string& review) {
    return value_of(done(kReviewerKey, "review show", {{"review", review}}), "digest");
  }
  ParameterValues decision(const std::string& review) {
    return {{"review", review}, {"digest", digest_of(review)}, {"reason", "looked at it"}};
  }
  int sealed() { return endpoints_.processors["seal"].calls; }

  std::string holder_{"李晓"};  // changed only while nothing runs
  int certificates_ = 1;
};

TEST_F(ReviewTest, WaitsUnsealedWithoutHoldingUpOthersUntilItIsReleased) {
  review_step().when.text = "header.case-no = 'C1'";
  start();
  const std::string id = put_in_review();
  EXPECT_EQ(sealed(), 0);
  // Another case goes its way meanwhile.
  const std::string other = accept(event("k2", "SHANZHENG", "C2")).id;
  EXPECT_TRUE(delivery_becomes(other + "/0", "library", DeliveryState::kDelivered));
  const OperationAnswer list = done(kOperatorKey, "review list");
  ASSERT_EQ(rows_of(list, "reviews"), 1U);
  EXPECT_EQ(cell_of(list, "reviews", 0, "certificate"), id + "/0");
  const OperationAnswer shown = done(kReviewerKey, "review show", {{"review", "1"}});
  EXPECT_EQ(cell_of(shown, "certificate", rows_of(shown, "certificate") - 1, "value"), "李晓");
  done(kReviewerKey, "review release", decision("1"));
  EXPECT_TRUE(delivery_becomes(id + "/0", "library", DeliveryState::kDelivered));
  EXPECT_EQ(sealed(), 2);
  EXPECT_EQ(refused(409, kReviewerKey, "review return", decision("1")), "journal.state_changed");
  const OperationAnswer actions = done(kAuditorKey, "actions list", {{"person", "liu"}});
  EXPECT_EQ(cell_of(actions, "actions", rows_of(actions, "actions") - 1, "operation"),
            "review show");
}

TEST_F(ReviewTest, IsShownByAnAccessRecordAndOtherwiseInShapes) {
  start();
  const std::string id = put_in_review();
  const auto holder_in = [](const OperationAnswer& shown) {
    return cell_of(shown, "certificate", rows_of(shown, "certificate") - 1, "value");
  };
  const OperationAnswer shown = done(kReviewerKey, "review show", {{"review", "1"}});
  EXPECT_EQ(holder_in(shown), "李晓");
  EXPECT_EQ(value_of(shown, "access record"), "7");
  ASSERT_EQ(wishes_.wishes.size(), 1U);
  const OperatorWish wish = wishes_.wishes.front();
  EXPECT_EQ(wish.kind, AccessKind::kDisplay);
  EXPECT_EQ(wish.person + " " + wish.role + " " + wish.ground, "liu reviewer reviewing");
  EXPECT_EQ(wish.reason, "review 1");
  EXPECT_EQ(wish.identifier, "identifier-0");
  wishes_.code = "role.not_allowed";
  EXPECT_EQ(refused(409, kReviewerKey, "review show", {{"review", "1"}}), "role.not_allowed");
  records_accesses_ = false;
  desk_.reset();
  const OperationAnswer masked = done(kReviewerKey, "review show", {{"review", "1"}});
  EXPECT_EQ(holder_in(masked), "字字");
  EXPECT_EQ(value_of(masked, "masked"), "yes");
  EXPECT_EQ(value_of(masked, "digest"), value_of(shown, "digest"));
}

TEST_F(ReviewTest, AReleaseHoldsForWhatWasSeenAndForNothingElse) {
  start();
  const std::string id = put_in_review();
  ParameterValues other = decision("1");
  other["digest"] = std::string(64, '0');
  EXPECT_EQ(refused(409, kReviewerKey, "review release", other), "review.other_digest");
  // The record changes between the release and the next run of the steps.
  holder_ = "李晓明";
  done(kReviewerKey, "review release", decision("1"));
  ASSERT_TRUE(eventually([&] { return store_->desk().review(2).ok(); }));
  EXPECT_TRUE(message_becomes(id, MessageState::kInReview));
  EXPECT_EQ(sealed(), 0);
  done(kReviewerKey, "review release", decision("2"));
  EXPECT_TRUE(delivery_becomes(id + "/0", "library", DeliveryState::kDelivered));
}

TEST_F(ReviewTest, WhatIsReturnedIsParkedAndReportedWithTheReason) {
  start();
  const std::string id = put_in_review();
  done(kReviewerKey, "review return", decision("1"));
  EXPECT_TRUE(message_becomes(id, MessageState::kParked));
  EXPECT_EQ(message(id).error_code, "review.returned");
  ASSERT_TRUE(delivery_becomes(id + "/refusal", "report-refusal", DeliveryState::kDelivered));
  EXPECT_EQ(endpoints_.sinks["reporter"].messages().at(0).headers.at("review-reason"),
            "looked at it");
  EXPECT_EQ(sealed(), 0);
  // Corrected and read again it is another preparation, and reviewed anew.
  holder_ = "李晓明";
  done(kOperatorKey, "parked refetch", {{"message", id}, {"reason", "corrected"}});
  EXPECT_TRUE(message_becomes(id, MessageState::kInReview));
}

TEST_F(ReviewTest, ACaseWithSeveralCertificatesGoesOnWhenAllAreReleased) {
  certificates_ = 2;
  start();
  const std::string id = put_in_review();
  done(kReviewerKey, "review release", decision("1"));
  EXPECT_EQ(message(id).state, MessageState::kInReview);
  done(kReviewerKey, "review release", decision("2"));
  EXPECT_TRUE(delivery_becomes(id + "/0", "library", DeliveryState::kDelivered));
  EXPECT_TRUE(delivery_becomes(id + "/1", "library", DeliveryState::kDelivered));
}

TEST_F(ReviewTest, OneReturnedCertificateEndsTheReviewOfTheOthers) {
  certificates_ = 2;
  start();
  const std::string id = put_in_review();
  done(kReviewerKey, "review return", decision("1"));
  EXPECT_TRUE(message_becomes(id, MessageState::kParked));
  EXPECT_EQ(rows_of(done(kOperatorKey, "review list"), "reviews"), 0U);
  EXPECT_EQ(refused(409, kReviewerKey, "review release", decision("2")), "journal.state_changed");
}

TEST_F(ReviewTest, AShareIsChosenByDigestTheSameEachTime) {
  review_step().share = 0.5;
  start();
  int waiting = 0;
  for (int i = 0; i < 40; ++i) {
    holder_ = "holder " + std::to_string(i);
    const std::string id =
        accept(event("k" + std::to_string(i), "SHANZHENG", "C" + std::to_string(i))).id;
    ASSERT_TRUE(eventually([&] { return message(id).state != MessageState::kAccepted; }));
    waiting += message(id).state == MessageState::kInReview ? 1 : 0;
  }
  EXPECT_GT(waiting, 8);
  EXPECT_LT(waiting, 32);
  Sm3Digest digest{};
  EXPECT_TRUE(in_share(digest, 0.001));
  EXPECT_FALSE(in_share(digest, 0));
  digest.fill(0xFF);
  EXPECT_TRUE(in_share(digest, 1.0));
  EXPECT_FALSE(in_share(digest, 0.999));
}

TEST_F(ReviewTest, ItIsStillWaitingAfterARestart) {
  start();
  const std::string id = put_in_review();
  ASSERT_TRUE(stop());
  engine_.reset();
  start();
  EXPECT_EQ(message(id).state, MessageState::kInReview);
  done(kReviewerKey, "review release", decision("1"));
  EXPECT_TRUE(delivery_becomes(id + "/0", "library", DeliveryState::kDelivered));
}

}  // namespace
}  // namespace certbridge::host
