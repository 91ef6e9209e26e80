// What is used in a case is kept before it leaves: as it was received, with its record.
#include "desk_fixture.h"
#include "journal/cipher.h"

namespace certbridge::host {
namespace {

std::string sm3_of(std::string_view bytes) {
  Sm3 sm3;
  sm3.add(bytes);
  const Sm3Digest digest = sm3.finish();
  return {digest.begin(), digest.end()};
}

TEST_F(DeskTest, WhatIsUsedInACaseIsKeptAsItWasReceived) {
  first_.found = {title("N1", kZhangSan), title("N2", kZhangSan)};
  const QueryResponse response = ask(QueryKind::kFind, by_holder());
  ASSERT_EQ(code_of(response), "200 found") << response.body;
  ASSERT_EQ(kept_.uses().size(), 1u);
  const KeptUse use = kept_.uses()[0];
  EXPECT_EQ(use.case_no, "C1");
  EXPECT_EQ(use.place.number, 1u) << "the number of its record";
  ASSERT_EQ(use.certificates.size(), 2u);
  EXPECT_EQ(use.certificates[0].source, "first");
  EXPECT_EQ(use.certificates[0].found, first_.found[0]) << "also what did not leave";
  EXPECT_NE(response.body.find(use.answer), std::string::npos) << "what left";
  EXPECT_EQ(sm3_of(use.answer), records()[0].disclosed_digest);
}

TEST_F(DeskTest, WhatCannotBeKeptIsNotAnswered) {
  first_.found = {title("N1", kZhangSan)};
  kept_.full = true;
  const QueryResponse response = ask(QueryKind::kFind, by_holder());
  EXPECT_EQ(code_of(response), "503 archive.full") << response.body;
  EXPECT_EQ(response.body.find("N1"), std::string::npos);
  EXPECT_EQ(records().size(), 1u) << "it was recorded before";
}

TEST_F(DeskTest, WhatDidNotLeaveIsNotKept) {
  EXPECT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "200 none-found");
  first_.found = {title("N1", kZhangSan)};
  EXPECT_EQ(code_of(ask(QueryKind::kAvailability, by_holder())), "200 found");
  facts_.open = false;
  EXPECT_EQ(ask(QueryKind::kFind, by_holder()).status, 403);
  EXPECT_TRUE(kept_.uses().empty());
}

TEST_F(DeskTest, AComparisonAndAVerificationAreUses) {
  first_.found = {title("N1", kZhangSan)};
  ASSERT_EQ(ask(QueryKind::kCompare, body_of(R"("number":"N1","printed":{"number":"N1"})")).status,
            200);
  verdict_.verdict = VerifyAnswer::Verdict::kGenuine;
  ASSERT_EQ(ask(QueryKind::kVerify, body_of(R"("file":"T0ZE")")).status, 200);
  const auto uses = kept_.uses();
  ASSERT_EQ(uses.size(), 2u);
  EXPECT_EQ(uses[0].certificates.size(), 1u);
  ASSERT_TRUE(uses[1].file) << "the file that was shown";
  EXPECT_EQ(read_all(*uses[1].file->content, 100).value(), "OFD");
  EXPECT_NE(uses[1].answer.find("genuine"), std::string::npos) << "the verdict at that time";
}

}  // namespace
}  // namespace certbridge::host
