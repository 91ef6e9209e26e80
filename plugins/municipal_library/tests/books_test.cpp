// How both dialects tell what a library holds of one day.
#include "books.h"

#include <gtest/gtest.h>

#include "dialect_files.h"
#include "request_body.h"

namespace certbridge::municipal_library {
namespace {

using Words = std::set<std::string>;

TEST(LibraryBooks, AWordStandsForAllThatItIsToldFor) {
  const Dialect epoint = shipped_dialect("epoint");
  // What is suspended is not told: it stands there as valid.
  EXPECT_EQ(booked_state(epoint, "正常", false).words, (Words{"valid", "mortgaged", "suspended"}));
  EXPECT_EQ(booked_state(epoint, "挂失", false).words, Words{"lost"});
  EXPECT_EQ(booked_state(epoint, "注销", false).words,
            (Words{"expired", "cancelled", "revoked", "abolished", "voided"}));
  EXPECT_EQ(booked_state(epoint, "正常", true).words, Words{"replaced"});
  EXPECT_TRUE(booked_state(epoint, "处理中", false).in_progress);
  const Dialect linewell = shipped_dialect("linewell");
  // Of two ends the first one stays, whatever it was.
  EXPECT_EQ(booked_state(linewell, "-5", false).words,
            (Words{"cancelled", "revoked", "abolished", "voided"}));
  EXPECT_EQ(booked_state(linewell, "-4", false).words, Words{"expired"});
  EXPECT_EQ(booked_state(linewell, "-2", false).words, Words{"replaced"});
  EXPECT_EQ(booked_state(linewell, "77", false).words, Words{});
  EXPECT_EQ(booked_state(linewell, "77", false).said, "77");
}

TEST(LibraryBooks, EntriesOfAListAndOfCounts) {
  std::size_t unread = 0;
  const BooksPage list = read_books_page(shipped_dialect("epoint"),
                                         {{{"certno", "1号"},
                                           {"areacode", "411324000000"},
                                           {"version", "2"},
                                           {"status", "正常"},
                                           {"filesm3", "AB"}},
                                          {{"status", "正常"}}},
                                         unread);
  EXPECT_EQ(unread, 1U);
  ASSERT_EQ(list.certificates.size(), 1U);
  EXPECT_EQ(list.certificates[0].area, "411324");
  EXPECT_EQ(list.certificates[0].version, 2);
  EXPECT_EQ(list.certificates[0].digest, "ab");
  const BooksPage counts = read_books_page(
      shipped_dialect("linewell"),
      {{{"certificateAreaCode", "411324"}, {"state", "11"}, {"number", "17"}}}, unread);
  ASSERT_EQ(counts.counts.size(), 1U);
  EXPECT_EQ(counts.counts[0].number, 17U);
}

TEST(LibraryBooks, TheQuestionIsWrittenInTheDialect) {
  const Dialect epoint = shipped_dialect("epoint");
  BooksQuestion question{std::chrono::year(2026) / 11 / 27, "411324", "", 500};
  Subject subject;
  subject.books = &question;
  subject.books_page = 3;
  const auto write = [&] {
    return write_body(epoint, epoint.books.call, subject, {}, {},
                      [](std::size_t) { return std::string(); })
        .value();
  };
  EXPECT_EQ(
      write(),
      R"({"params":{"awarddate":"2026-11-27 00:00:00","areacode":"411324000000","page":3,"pagesize":500}})");
  question.area.clear();
  EXPECT_EQ(write(), R"({"params":{"awarddate":"2026-11-27 00:00:00","page":3,"pagesize":500}})");
}

}  // namespace
}  // namespace certbridge::municipal_library
