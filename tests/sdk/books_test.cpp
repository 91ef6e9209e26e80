#include "certbridge/books.h"

#include <gtest/gtest.h>

namespace certbridge {
namespace {

using namespace std::chrono;

BooksPage sample() {
  BooksPage page;
  page.kind = BooksKind::kList;
  page.next = "2";
  page.cases.push_back({"20264113240000001", "411324", Timestamp(milliseconds(1'764'000'000'123))});
  BookedCertificate one;
  one.area = "411324";
  one.type_code = "11100000MB03271699001";
  one.number = "豫（2026）南召县不动产权第0000001号";
  one.case_no = "20264113240000001";
  one.identifier = "1.2.156.3005.2";
  one.version = 2;
  one.state = {{"valid", "mortgaged"}, "<正常>", false};
  one.digest = "ab";
  page.certificates.push_back(one);
  return page;
}

TEST(Books, APageIsReadAsItWasWritten) {
  const auto read = parse_books(write_books(sample()));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(write_books(read.value()), write_books(sample()));
  const BookedCertificate& one = read.value().certificates.at(0);
  EXPECT_EQ(one.state, sample().certificates[0].state);
  EXPECT_EQ(one.version, 2);
  EXPECT_EQ(read.value().cases.at(0).booked, sample().cases[0].booked);
  EXPECT_EQ(read.value().next, "2");
}

TEST(Books, CountsAreReadAsTheyWereWritten) {
  BooksPage page;
  page.kind = BooksKind::kCounts;
  page.counts.push_back({"411324", "11100000MB03271699001", {{}, "0", true}, 12});
  const auto read = parse_books(write_books(page));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().counts.at(0).number, 12U);
  EXPECT_TRUE(read.value().counts[0].state.in_progress);
}

TEST(Books, AQuestionIsReadAsItWasWritten) {
  const BooksQuestion question{year(2026) / 11 / 27, "411324", "page 2", 50};
  const auto read = read_books_question(write_books_question(question));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().day, question.day);
  EXPECT_EQ(read.value().area, "411324");
  EXPECT_EQ(read.value().after, "page 2");
  EXPECT_EQ(read.value().limit, 50U);
  Message wrong = write_books_question(question);
  wrong.headers["books-limit"] = "1001";
  EXPECT_EQ(read_books_question(wrong).error().code, "books.question");
  wrong = write_books_question(question);
  wrong.headers["books-day"] = "2026-02-30";
  EXPECT_EQ(read_books_question(wrong).error().code, "books.question");
}

TEST(Books, Refusals) {
  const auto code = [](const std::string& kind, const std::string& inside) {
    const auto page = parse_books("<books xmlns=\"urn:certbridge:books:1\" kind=\"" + kind + "\">" +
                                  inside + "</books>");
    return page.ok() ? "accepted" : page.error().code;
  };
  EXPECT_EQ(code("nothing", ""), "accepted");
  EXPECT_EQ(code("everything", ""), "books.value");
  EXPECT_EQ(code("list", "<count number=\"1\"/>"), "books.shape");
  EXPECT_EQ(code("counts", "<certificate number=\"1\"/>"), "books.shape");
  EXPECT_EQ(code("list", "<certificate/>"), "books.value");
  EXPECT_EQ(code("list", "<certificate number=\"1\" version=\"1000\"/>"), "books.value");
  EXPECT_EQ(code("list", "<certificate number=\"1\" holder=\"x\"/>"), "books.shape");
  EXPECT_EQ(code("list", "<case case-no=\"1\" booked=\"yesterday\"/>"), "books.value");
  EXPECT_EQ(code("counts", "<count number=\"-1\"/>"), "books.value");
  EXPECT_EQ(parse_books("<x/>").error().code, "books.shape");
}

}  // namespace
}  // namespace certbridge
