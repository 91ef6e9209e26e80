// Messages found by certificate number, case, holder, state and time, in the index and beside it.
#include "search_fixture.h"

namespace certbridge::host::testing {
namespace {

using ::testing::IsEmpty;
using Kind = SearchTerm::Kind;
using Ids = std::vector<std::string>;

class Found : public SearchTest, public ::testing::WithParamInterface<bool> {
 protected:
  // Whether the index is filled, or everything is looked at beside it: the answers are the same.
  void settle() {
    if (GetParam()) fill();
  }
};
std::string name_of_index(const ::testing::TestParamInfo<bool>& filled) {
  return filled.param ? "Filled" : "NotThere";
}
INSTANTIATE_TEST_SUITE_P(Index, Found, ::testing::Bool(), name_of_index);

TEST_P(Found, ByNumberInAnyFormByCaseAndByHolder) {
  const std::string id =
      add_certificate("1", "豫(2026)南阳市不动产权第0000001号", kCitizen, "张 三");
  add_certificate("2", "豫(2026)南阳市不动产权第0000002号", "440524188001010014", "李四");
  settle();
  EXPECT_EQ(ids(Kind::kCertificateNumber, "豫（2026）南阳市不动产权第0000001号"), Ids{id});
  EXPECT_EQ(ids(Kind::kCertificateNumber, "豫(2026)南阳市不动产权第 ０００0001号"), Ids{id});
  EXPECT_EQ(ids(Kind::kCase, "C-1"), (Ids{id, "m-0000000001"}));
  EXPECT_EQ(ids(Kind::kHolderId, "１１０１０５19491231002x"), Ids{id});
  EXPECT_EQ(ids(Kind::kHolderName, "张三"), Ids{id});
  EXPECT_THAT(ids(Kind::kHolderName, "王五"), IsEmpty());
  EXPECT_THAT(ids(Kind::kHolderName, kCitizen), IsEmpty());  // each kind for itself
  EXPECT_EQ(ask(by(Kind::kCase, "C-1")).behind, 0U);
}

TEST_P(Found, ByTheOldNumberOfACitizen) {
  const std::string id = add_certificate("1", "Z-1", "440524188001010014", "李四");
  const std::string younger = add_certificate("2", "Z-2", "110105491231002", "张三");
  settle();
  EXPECT_EQ(ids(Kind::kHolderId, kCitizen), Ids{younger});
  EXPECT_EQ(ids(Kind::kHolderId, "110105491231002"), Ids{younger});
  EXPECT_EQ(ids(Kind::kHolderId, "440524188001010014"), Ids{id});
}

TEST_P(Found, ByAllThatIsAskedTogether) {
  const Timestamp began = clock_.now();
  const std::string first = add_certificate("1", "Z-1", kCitizen, "张三");
  clock_.advance(std::chrono::hours(2));
  const std::string second = add_certificate("2", "Z-2", kCitizen, "张三");
  set_state(second, MessageState::kParked);
  clock_.advance(kMonth);
  const std::string third = add_certificate("3", "Z-3", kCitizen, "张三");
  settle();
  SearchQuestion question = by(Kind::kHolderId, kCitizen);
  EXPECT_EQ(ids(question), (Ids{third, second, first}));
  question.filter.state = MessageState::kParked;
  EXPECT_EQ(ids(question), Ids{second});
  question.filter.state = MessageState::kWithdrawn;
  EXPECT_THAT(ids(question), IsEmpty());
  question.filter = {};
  question.filter.until = began + std::chrono::hours(2);  // not itself
  EXPECT_EQ(ids(question), Ids{first});
  question.filter = {};
  question.filter.from = began + std::chrono::hours(2);  // itself as well
  EXPECT_EQ(ids(question), (Ids{third, second}));
  question.terms.push_back({Kind::kCertificateNumber, "Z-3"});
  EXPECT_EQ(ids(question), Ids{third});
  question.terms.push_back({Kind::kCase, "C-1"});
  EXPECT_THAT(ids(question), IsEmpty());
}

TEST_P(Found, ByStateAndTimeAlone) {
  const Timestamp began = clock_.now();
  const std::string first = add_event("1");
  clock_.advance(std::chrono::hours(1));
  const std::string second = add_event("2");
  set_state(first, MessageState::kParked);
  set_state(second, MessageState::kDone);
  clock_.advance(kMonth);
  const std::string third = add_event("3");
  set_state(third, MessageState::kWithdrawn);
  settle();
  EXPECT_EQ(ids(SearchQuestion{}), (Ids{third, second, first}));
  SearchQuestion question;
  question.filter.state = MessageState::kDone;
  EXPECT_EQ(ids(question), Ids{second});
  question.filter.state = MessageState::kWithdrawn;
  EXPECT_EQ(ids(question), Ids{third});
  question.filter = {{}, began + std::chrono::minutes(30), began + std::chrono::hours(2)};
  EXPECT_EQ(ids(question), Ids{second});
  question.filter = {{}, began + std::chrono::hours(2), began + std::chrono::hours(3)};
  EXPECT_THAT(ids(question), IsEmpty());
}

TEST_P(Found, AStateIsThatOfTheMoment) {
  const std::string id = add_certificate("1", "Z-1", kCitizen, "张三");
  settle();
  SearchQuestion question = by(Kind::kHolderId, kCitizen);
  question.filter.state = MessageState::kParked;
  EXPECT_THAT(ids(question), IsEmpty());
  set_state(id, MessageState::kParked);
  EXPECT_EQ(ids(question), Ids{id});
}

TEST_P(Found, InPagesThatTogetherHaveEachMessageOnce) {
  Ids all;
  for (int i = 0; i < 25; ++i) {
    all.insert(all.begin(), add_certificate(std::to_string(i), "Z", kCitizen, "张三"));
    clock_.advance(std::chrono::hours(24 * 5));
  }
  settle();
  for (const std::size_t limit : {1U, 7U, 25U, 26U}) {
    SearchQuestion question = by(Kind::kHolderId, kCitizen);
    question.limit = limit;
    Ids seen;
    do {
      const SearchAnswer answer = ask(question);
      EXPECT_LE(answer.found.size(), limit);
      for (const FoundMessage& one : answer.found) seen.push_back(one.message.message.id);
      question.before = answer.next;
    } while (question.before != 0);
    EXPECT_EQ(seen, all) << "pages of " << limit;
  }
}

TEST_P(Found, AfterTheBodyIsGone) {
  const std::string id = add_certificate("1", "Z-1", kCitizen, "张三");
  set_state(id, MessageState::kDone);
  clock_.advance(std::chrono::hours(1));
  ASSERT_GE(store_->drop_bodies(clock_.now()).value(), 1U);
  settle();
  open();
  EXPECT_EQ(ids(Kind::kHolderId, kCitizen), Ids{id});
  EXPECT_EQ(ids(Kind::kCertificateNumber, "Z-1"), Ids{id});
}

TEST_F(SearchTest, WhatIsNotInTheIndexYetIsFoundAllTheSame) {
  const std::string first = add_certificate("1", "Z-1", kCitizen, "张三");
  fill();
  const std::string second = add_certificate("2", "Z-2", kCitizen, "张三");
  EXPECT_EQ(ids(Kind::kHolderId, kCitizen), (Ids{second, first}));
}

TEST_F(SearchTest, AnIndexThatIsFarBehindIsSaidToBe) {
  const std::string id = add_certificate("1", "Z-1", kCitizen, "张三");
  fill();
  std::vector<Message> batch;
  for (int i = 0; i < 5'200; ++i) {
    batch.push_back(event("e" + std::to_string(i), {}));
    if (batch.size() < 260) continue;
    store_->accept("registration", batch);
    batch.clear();
  }
  EXPECT_EQ(ask(by(Kind::kHolderId, kCitizen)).behind, 5'200U);
  EXPECT_EQ(ids(Kind::kHolderId, kCitizen), Ids{id});
  EXPECT_EQ(ask({}).behind, 0U);  // the journal itself answers
  fill();
  EXPECT_EQ(ask(by(Kind::kHolderId, kCitizen)).behind, 0U);
}

}  // namespace
}  // namespace certbridge::host::testing
