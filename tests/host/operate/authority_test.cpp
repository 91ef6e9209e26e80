#include "operate_fixture.h"

namespace certbridge::host {
namespace {

using testing::HasSubstr;

class AuthorityTest : public OperateTest {
 protected:
  OperationResponse answer(const std::string& method, const std::string& target,
                           const std::string& key, const std::string& body = "") {
    OperationRequest request;
    request.method = method;
    request.target = target;
    request.key = key;
    request.body = body;
    return desk().answer(request);
  }
  std::size_t actions() { return store_->desk().actions({}).value().size(); }
};

TEST_F(AuthorityTest, NobodyActsWithoutAName) {
  EXPECT_EQ(refused(401, "", "parked list"), "operate.nobody");
  EXPECT_EQ(refused(401, "somebody else's key, long enough to be one", "parked list"),
            "operate.nobody");
  EXPECT_EQ(refused(401, std::string(kOperatorKey).substr(1), "parked list"), "operate.nobody");
  EXPECT_EQ(done(kOperatorKey, "parked list").tables.size(), 1U);
}

TEST_F(AuthorityTest, ASocketTellsWhoItIsAndAKeyOnItDoesNotCount) {
  configuration_.operate.people[0].user = "root";
  OperationRequest request;
  request.method = "GET";
  request.target = "/api/1/parked/list";
  request.user = 0;
  EXPECT_EQ(desk().answer(request).status, 200);
  request.user = 4242;
  request.key = kOperatorKey;
  EXPECT_EQ(desk().answer(request).status, 401);
}

TEST_F(AuthorityTest, ARoleDoesWhatIsItsOwnAndNoMore) {
  const ParameterValues discard{{"message", "m-0000000001"}, {"reason", "x"}};
  EXPECT_EQ(refused(403, kReviewerKey, "parked discard", discard), "operate.role");
  EXPECT_EQ(refused(403, kAuditorKey, "parked discard", discard), "operate.role");
  EXPECT_EQ(refused(404, kOperatorKey, "parked discard", discard), "journal.no_such_message");
  const ParameterValues release{{"review", "1"}, {"digest", "00"}, {"reason", "x"}};
  EXPECT_EQ(refused(403, kOperatorKey, "review release", release), "operate.role");
  EXPECT_EQ(refused(403, kOperatorKey, "review show", {{"review", "1"}}), "operate.role");
  EXPECT_EQ(refused(404, kReviewerKey, "review release", release), "review.no_such_review");
  EXPECT_EQ(actions(), 0U);
}

TEST_F(AuthorityTest, WhatIsNotInTheListIsNotThere) {
  EXPECT_EQ(answer("POST", "/api/1/parked/edit", kOperatorKey).status, 404);
  EXPECT_EQ(answer("GET", "/", kOperatorKey).status, 404);
  EXPECT_EQ(answer("GET", "/api/1/parked/list/", kOperatorKey).status, 404);
  EXPECT_EQ(answer("GET", "/api/1/parked/discard", kOperatorKey).status, 405);
  EXPECT_EQ(answer("POST", "/api/1/parked/list", kOperatorKey).status, 405);
  EXPECT_EQ(answer("DELETE", "/api/1/parked/list", kOperatorKey).status, 405);
}

TEST_F(AuthorityTest, ParametersAreRefusedBeforeAnythingIsDone) {
  EXPECT_EQ(refused(400, kOperatorKey, "parked discard", {{"message", "m-0000000001"}}),
            "operate.parameter");
  EXPECT_EQ(answer("GET", "/api/1/parked/list?limit=many", kOperatorKey).status, 400);
  EXPECT_EQ(answer("GET", "/api/1/parked/list?limit=1&sql=x", kOperatorKey).status, 400);
  EXPECT_EQ(answer("POST", "/api/1/parked/discard", kOperatorKey, "[]").status, 400);
  // A link that somebody follows is no change.
  EXPECT_EQ(
      answer("POST", "/api/1/parked/discard?message=m-0000000001&reason=x", kOperatorKey).status,
      400);
}

}  // namespace
}  // namespace certbridge::host
