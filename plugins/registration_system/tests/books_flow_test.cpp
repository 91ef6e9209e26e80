// Which cases were booked on a day, as the shipped queries tell it on both databases.
#include "books.h"

#include <gmock/gmock.h>

#include "flow_world.h"

namespace certbridge::registration {
namespace {

using sql::Backend;
using std::chrono::year;

class BooksFlow : public ::testing::TestWithParam<Backend>, public testing::FlowWorld {
 protected:
  BooksFlow() : FlowWorld(GetParam(), testing::intermediate_files()) {}

  BooksPage ask(const BooksQuestion& question) {
    Books books(mapping(), *records_);
    auto answer = books.answer(write_books_question(question), call_);
    EXPECT_TRUE(answer) << answer.error().message;
    return answer ? parse_books(read_all(*answer.value().body, 100'000).value()).value()
                  : BooksPage{};
  }
  // A case with one certificate, booked at this time.
  void book(const std::string& case_no, const std::string& moment, const std::string& final_at,
            int status) {
    run("INSERT INTO mw_case_right (case_id, case_no, unit_no, right_type, djlx, djsj) VALUES ('X" +
        case_no + "', '" + case_no + "', '411381001001GB00001F00010002', '4', '200', '" + moment +
        "')");
    run("INSERT INTO mw_case_cert (cert_id, case_no, cert_kind, cert_no, szsj, status) VALUES ('Z" +
        case_no + "', '" + case_no + "', '2', 'N" + case_no + "', " + final_at + ", " +
        std::to_string(status) + ")");
  }
};

constexpr auto kDay = year(2026) / 11 / 24;

TEST_P(BooksFlow, TheGuidesCaseIsBookedOnItsDayOnly) {
  const BooksPage page = ask({kDay, "", "", 500});
  EXPECT_EQ(page.kind, BooksKind::kList);
  ASSERT_EQ(page.cases.size(), 1U);
  EXPECT_EQ(page.cases[0].case_no, "20261124000001");
  EXPECT_EQ(page.cases[0].area, "411324");
  EXPECT_EQ(page.cases[0].booked, parse_message_time("2026-11-24T01:00:00Z"));
  ASSERT_EQ(page.certificates.size(), 1U);
  EXPECT_EQ(page.certificates[0].type_code, kTitleTypeCode);
  EXPECT_EQ(page.certificates[0].number, "豫（2026）镇平县不动产权第0000123号");
  EXPECT_EQ(page.certificates[0].state, BookedState{});
  EXPECT_TRUE(ask({year(2026) / 11 / 23, "", "", 500}).cases.empty());
  EXPECT_TRUE(ask({year(2026) / 11 / 25, "", "", 500}).cases.empty());
}

TEST_P(BooksFlow, ADayEndsAtMidnightAndAnAreaIsAPart) {
  book("A", "2026-11-24 23:59:59", "'2026-11-25 08:00:00'", 1);
  book("B", "2026-11-25 00:00:00", "'2026-11-25 08:00:00'", 1);
  EXPECT_EQ(ask({kDay, "", "", 500}).cases.size(), 2U);
  const BooksPage part = ask({kDay, "411381", "", 500});
  ASSERT_EQ(part.cases.size(), 1U);
  EXPECT_EQ(part.cases[0].case_no, "A");
  EXPECT_EQ(part.certificates.at(0).type_code, kProofTypeCode);
}

TEST_P(BooksFlow, WithdrawnIsSaidNotFinalIsLeftOutAndClassifiedIsACaseOnly) {
  book("A", "2026-11-24 10:00:00", "'2026-11-24 11:00:00'", 0);
  book("B", "2026-11-24 10:00:00", "NULL", 1);
  run("UPDATE mw_case_outbox SET classified = 1");
  const BooksPage page = ask({kDay, "", "", 500});
  EXPECT_EQ(page.cases.size(), 3U);
  ASSERT_EQ(page.certificates.size(), 1U);
  EXPECT_EQ(page.certificates[0].case_no, "A");
  EXPECT_TRUE(page.certificates[0].state.words.contains("voided"));
  EXPECT_FALSE(page.certificates[0].state.words.contains("valid"));
}

TEST_P(BooksFlow, PagesFollowOnEachOther) {
  for (const char* name : {"A", "B", "C", "D"}) {
    book(name, "2026-11-24 10:00:00", "'2026-11-24 11:00:00'", 1);
  }
  std::vector<std::string> numbers;
  BooksQuestion question{kDay, "", "", 2};
  for (int pages = 0; pages < 9; ++pages) {
    const BooksPage page = ask(question);
    for (const BookedCertificate& one : page.certificates) numbers.push_back(one.case_no);
    question.after = page.next;
    if (page.next.empty()) break;
  }
  EXPECT_THAT(numbers, ::testing::ElementsAre("20261124000001", "A", "B", "C", "D"));
}

TEST_P(BooksFlow, AVendorWithoutTheQueryCanTellNothing) {
  Mapping none = mapping();
  none.books_group.clear();
  none.books_sets.clear();
  Books books(none, *records_);
  auto answer = books.answer(write_books_question({kDay, "", "", 500}), call_);
  ASSERT_TRUE(answer);
  EXPECT_EQ(parse_books(read_all(*answer.value().body, 1000).value()).value().kind,
            BooksKind::kNothing);
}

INSTANTIATE_TEST_SUITE_P(Databases, BooksFlow,
                         ::testing::Values(Backend::kSqlite, Backend::kPostgresql));

}  // namespace
}  // namespace certbridge::registration
