// The files of the index: by month, one range of numbers each, made anew where one is missing or
// damaged, dropped whole.
#include <sqlite3.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "search/descent.h"
#include "search_fixture.h"

namespace certbridge::host::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Kind = SearchTerm::Kind;
using Ids = std::vector<std::string>;

namespace files = std::filesystem;

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class SearchFiles : public SearchTest {
 protected:
  // Four certificates of one holder in each of three months, from 2026-11 on.
  void three_months() {
    for (int i = 0; i < 12; ++i) {
      all_.insert(all_.begin(),
                  add_certificate(std::to_string(i), "Z-" + std::to_string(i), kCitizen, "张三"));
      if (i % 4 == 3) clock_.advance(kMonth);
    }
    fill();
    ASSERT_THAT(months(), ElementsAre("2026-11", "2026-12", "2027-01"));
  }
  // Everything of the holder is found, each once, in the files and not beside them.
  void expect_whole() {
    EXPECT_EQ(ids(by(Kind::kHolderId, kCitizen)), all_);
    std::int64_t rows = 0;
    for (const std::string& month : months()) {
      rows += number(month, "select count(*) from terms");
    }
    // Of an event its case, of a certificate case, number, holder's number and name.
    EXPECT_EQ(rows, static_cast<std::int64_t>(all_.size()) * 5);
    EXPECT_EQ(number(months().back(), "select value from meta where name = 'ends'"),
              store_->search_source().newest().value());
  }
  std::int64_t number(const std::string& month, const char* sql) {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open(month_file(month).c_str(), &database), SQLITE_OK);
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database, sql, -1, &statement, nullptr), SQLITE_OK);
    EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
    const std::int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return value;
  }
  void execute(const std::string& month, const char* sql) {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open(month_file(month).c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }
  void restart() {
    open();
    fill();
  }

  Ids all_{};  // ids of the certificates, newest first
};

TEST_F(SearchFiles, AreFilledByMonthAndOnceOnly) {
  three_months();
  expect_whole();
  EXPECT_EQ(fill().entered, 0U);
  open();
  for (int again = 0; again < 3; ++again) EXPECT_EQ(fill().entered, 0U);
  expect_whole();
  EXPECT_EQ(number("2026-12", "select value from meta where name = 'begins'"),
            number("2026-11", "select value from meta where name = 'ends'"));
}

TEST_F(SearchFiles, AMissingOneIsMadeAnewWhicheverItIs) {
  three_months();
  for (const char* month : {"2026-11", "2026-12", "2027-01"}) {
    filler_.reset();
    files::remove(month_file(month));
    restart();
    EXPECT_THAT(months(), ElementsAre("2026-11", "2026-12", "2027-01")) << month;
    expect_whole();
  }
  filler_.reset();
  files::remove_all(folder_.path() + "/search");
  restart();
  expect_whole();
}

TEST_F(SearchFiles, ADamagedOneIsMadeAnew) {
  three_months();
  filler_.reset();
  std::fstream(month_file("2026-12"), std::ios::in | std::ios::out | std::ios::binary)
      << std::string(200, 'x');
  restart();
  expect_whole();
  filler_.reset();
  files::resize_file(month_file("2027-01"), 5000);
  restart();
  expect_whole();
}

TEST_F(SearchFiles, DamageThatASearchMeetsIsMadeGoodByTheHostThatRuns) {
  three_months();
  // Inside of the tree of terms, where only a search comes.
  const auto page = number("2026-11", "select rootpage from sqlite_master where name = 'terms'");
  execute("2026-11", "pragma wal_checkpoint(truncate)");
  std::fstream file(month_file("2026-11"), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp((page - 1) * 4096);
  file << std::string(4096, '\x7f');
  file.close();
  const auto met =
      search_messages(folder_.path(), store_->search_source(), by(Kind::kHolderId, kCitizen));
  ASSERT_FALSE(met.ok());
  EXPECT_EQ(met.error().code, "search.damaged");
  EXPECT_EQ(met.error().severity, Severity::kRetryable);
  EXPECT_THAT(fill().removed, ElementsAre("2026-11"));
  expect_whole();
  EXPECT_THAT(SearchFolder(folder_.path()).distrusted(), IsEmpty());
}

TEST_F(SearchFiles, OneOfAnotherJournalIsNotTakenForItsOwn) {
  three_months();
  filler_.reset();
  execute("2026-12", "update meta set value = 'somebody else' where name = 'journal'");
  restart();
  expect_whole();
}

// A power cut may take the last commits of one file and leave later ones of the next.
TEST_F(SearchFiles, WhatAPowerCutTookIsEnteredAnew) {
  three_months();
  filler_.reset();
  execute("2026-11",
          "delete from terms where number > 5; update meta set value = '5' where name = 'ends'");
  restart();
  expect_whole();
}

TEST_F(SearchFiles, AClockThatGoesBackLosesNothing) {
  three_months();
  const Timestamp late = clock_.now();
  clock_.advance(-kMonth * 2 + std::chrono::hours(1));
  all_.insert(all_.begin(), add_certificate("back", "Z-b", kCitizen, "张三"));
  const Timestamp early = clock_.now();
  clock_.advance(kMonth * 2 - std::chrono::hours(1));
  all_.insert(all_.begin(), add_certificate("on", "Z-o", kCitizen, "张三"));
  fill();
  SearchQuestion question = by(Kind::kHolderId, kCitizen);
  question.filter = {{}, early, early + std::chrono::milliseconds(1)};
  EXPECT_EQ(ids(question), Ids{all_[1]});
  question.filter = {{}, late, {}};
  EXPECT_EQ(ids(question), Ids{all_[0]});
  restart();
  EXPECT_EQ(ids(by(Kind::kHolderId, kCitizen)), all_);
}

TEST_F(SearchFiles, AreDroppedWholeAfterTheirTimeAndNothingElseIs) {
  three_months();
  filler_.reset();
  FillerSettings settings;
  settings.data_folder = folder_.path();
  settings.retention = std::chrono::hours(24);
  clock_.advance(Timestamp(end_of_month("2026-12")) - clock_.now() + settings.retention -
                 std::chrono::milliseconds(1));
  filler_ = std::make_unique<SearchFiller>(settings, store_->search_source(), clock_);
  ASSERT_TRUE(filler_->open().ok());
  EXPECT_THAT(fill().dropped, ElementsAre("2026-11"));
  EXPECT_THAT(months(), ElementsAre("2026-12", "2027-01"));
  clock_.advance(std::chrono::milliseconds(1));
  EXPECT_THAT(fill().dropped, ElementsAre("2026-12"));
  EXPECT_THAT(fill().dropped, IsEmpty());
  EXPECT_THAT(months(), ElementsAre("2027-01"));
  EXPECT_EQ(number("2027-01", "select value from meta where name = 'floor'"), 16);
  EXPECT_EQ(ids(by(Kind::kHolderId, kCitizen)), Ids(all_.begin(), all_.begin() + 4));
  EXPECT_EQ(ask(by(Kind::kHolderId, kCitizen)).behind, 0U);
  EXPECT_EQ(ask({}).found.size(), 24U);  // the journal keeps them
  // Also a host that does not drop any more makes nothing of it anew.
  restart();
  EXPECT_THAT(months(), ElementsAre("2027-01"));
  // The newest one stays whatever its age.
  filler_ = nullptr;
  clock_.advance(kMonth * 12);
  filler_ = std::make_unique<SearchFiller>(settings, store_->search_source(), clock_);
  ASSERT_TRUE(filler_->open().ok());
  EXPECT_THAT(fill().dropped, IsEmpty());
}

TEST_F(SearchFiles, HoldNothingThatTellsOfAPerson) {
  const std::string holder = "QX7HOLDER7QX";
  add_certificate("1", "CANARYNUMBER", holder, "CANARYNAME");
  fill();
  filler_.reset();
  for (const auto& entry : files::directory_iterator(folder_.path() + "/search")) {
    const std::string bytes = bytes_of(entry.path().string());
    for (const std::string& canary :
         {holder, std::string("CANARYNUMBER"), std::string("CANARYNAME"), std::string("C-1")}) {
      EXPECT_THAT(bytes, Not(HasSubstr(canary))) << entry.path();
    }
  }
  for (const char* name : {"journal.db", "journal.db-wal"}) {
    EXPECT_THAT(bytes_of(folder_.path() + "/" + name), Not(HasSubstr(holder))) << name;
  }
}

TEST_F(SearchFiles, AreFilledByOneAtATime) {
  fill();
  SearchFiller other({folder_.path()}, store_->search_source(), clock_);
  EXPECT_EQ(other.open().error().code, "search.in_use");
}

#ifdef CERTBRIDGE_STOP_POINTS

// Run by the test below in a process of its own, which is killed on its way.
TEST_F(SearchFiles, DISABLED_FillsWhatTheEnvironmentNames) {
  const char* folder = std::getenv("CERTBRIDGE_SEARCH_FOLDER");
  ASSERT_NE(folder, nullptr);
  StoreSettings settings = sqlite_settings(folder, clock_);
  settings.read_only = true;
  const auto store = open_sqlite_store(settings);
  ASSERT_TRUE(store.ok()) << store.error().message;
  FillerSettings filling;
  filling.data_folder = folder;
  filling.batch = 3;
  SearchFiller filler(filling, store.value()->search_source(), clock_);
  ASSERT_TRUE(filler.open().ok());
  ASSERT_TRUE(filler.fill({}).ok());
}

TEST_F(SearchFiles, AProcessThatIsKilledAnywhereLosesAndDoublesNothing) {
  for (int i = 0; i < 12; ++i) {
    all_.insert(all_.begin(), add_certificate(std::to_string(i), "Z", kCitizen, "张三"));
    if (i % 4 == 3) clock_.advance(kMonth);
  }
  int killed = 0;
  for (const char* point : {"search.before_commit", "search.after_commit"}) {
    files::remove_all(folder_.path() + "/search");
    for (bool ended = false; !ended;) {
      ASSERT_LT(killed, 200);
      // The third arrival: a process that is killed each time comes on all the same.
      const std::string command = "CERTBRIDGE_STOP_AT=" + std::string(point) +
                                  ":3 CERTBRIDGE_SEARCH_FOLDER=" + folder_.path() + " exec " +
                                  files::read_symlink("/proc/self/exe").string() +
                                  " --gtest_also_run_disabled_tests --gtest_filter="
                                  "SearchFiles.DISABLED_FillsWhatTheEnvironmentNames > /dev/null";
      const int status = std::system(command.c_str());
      ended = WIFEXITED(status) && WEXITSTATUS(status) == 0;
      if (!ended) {
        ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
        ++killed;
        EXPECT_EQ(ids(by(Kind::kHolderId, kCitizen)), all_) << "after " << killed;
      }
    }
    expect_whole();
  }
  EXPECT_GT(killed, 6);
}

#endif

std::string plan_of(const std::string& file, const char* sql) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(database, (std::string("explain query plan ") + sql).c_str(), -1,
                               &statement, nullptr),
            SQLITE_OK);
  std::string steps;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    steps += reinterpret_cast<const char*>(sqlite3_column_text(statement, 3));
    steps += "\n";
  }
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return steps;
}

TEST_F(SearchFiles, AreReadByTheirKeys) {
  three_months();
  const std::string file = month_file("2026-11");
  EXPECT_EQ(plan_of(file, kSearchTermQuery),
            "SEARCH terms USING PRIMARY KEY (segment=? AND digest=? AND number>? AND number<?)\n");
  EXPECT_EQ(plan_of(file, kSearchMinutesQuery),
            "SEARCH minutes USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)\n");
  EXPECT_THAT(plan_of(file, kSearchSpanQuery), Not(HasSubstr("SCAN minutes")));
}

// Against the intersection that a plain loop finds.
TEST(Descents, MeetInWhatIsInAllOfThem) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    const int highest = 1 + static_cast<int>(random() % 3000);
    std::vector<std::vector<std::int64_t>> lists(1 + random() % 4);
    std::vector<Descent> descents;
    for (auto& list : lists) {
      const unsigned one_in = 1 + random() % 40;
      for (int n = highest; n > 0; --n) {
        if (random() % one_in == 0) list.push_back(n);
      }
      descents.emplace_back([&list](std::int64_t high, std::size_t limit) {
        auto at = std::find_if(list.begin(), list.end(), [&](auto n) { return n <= high; });
        const auto count = std::min<std::ptrdiff_t>(list.end() - at, std::ptrdiff_t(limit));
        return std::vector<std::int64_t>(at, at + count);
      });
    }
    std::vector<std::int64_t> expected, found;
    for (int n = highest; n > 0; --n) {
      const bool everywhere = std::all_of(lists.begin(), lists.end(), [&](const auto& list) {
        return std::find(list.begin(), list.end(), n) != list.end();
      });
      if (everywhere) expected.push_back(n);
    }
    std::size_t steps = 1'000'000;
    std::int64_t high = highest;
    while (const auto number = common_at_most(descents, high, steps)) {
      found.push_back(*number);
      high = *number - 1;
    }
    ASSERT_EQ(found, expected) << "round " << round;
  }
}

TEST(Descents, StopWhenTheirStepsAreUsedUp) {
  std::vector<Descent> lists;
  for (const int parity : {0, 1}) {
    lists.emplace_back([parity](std::int64_t high, std::size_t limit) {
      std::vector<std::int64_t> piece;
      for (std::int64_t n = high; n > 0 && piece.size() < limit; --n) {
        if (n % 2 == parity) piece.push_back(n);
      }
      return piece;
    });
  }
  std::size_t steps = 100;
  std::int64_t high = 100'000;
  EXPECT_FALSE(common_at_most(lists, high, steps));
  EXPECT_EQ(steps, 0U);
  EXPECT_LE(high, 100'000 - 98);
}

}  // namespace
}  // namespace certbridge::host::testing
