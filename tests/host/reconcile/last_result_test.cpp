// What the schedule remembers, and which day comes next.
#include "reconcile/last_result.h"

#include <gtest/gtest.h>

namespace certbridge::host {
namespace {

using namespace std::chrono;

constexpr minutes kZone{480};
constexpr sys_days kToday = year(2026) / 11 / 28;

// Local wall clock of kToday.
Timestamp at(int hour, int minute) { return kToday + hours(hour) + minutes(minute) - kZone; }
LastComparison last(sys_days day, Timestamp when, bool complete) {
  return {day, when, complete, {}};
}

TEST(DueDay, YesterdayOnceAndNotAgain) {
  EXPECT_EQ(due_day({}, at(2, 0), kZone), kToday - days(1));
  EXPECT_EQ(due_day(last(kToday - days(1), at(2, 0), true), at(2, 1), kZone), std::nullopt);
  EXPECT_EQ(due_day(last(kToday - days(2), at(2, 0) - days(1), true), at(2, 0), kZone),
            kToday - days(1));
}

TEST(DueDay, TheZoneSaysWhichDayItIs) {
  const Timestamp early = at(0, 30);  // the day before in UTC
  EXPECT_EQ(due_day({}, early, kZone), kToday - days(1));
  EXPECT_EQ(due_day({}, early, minutes(0)), kToday - days(2));
}

TEST(DueDay, DaysThatWereMissedAreMadeUpForAtMostAWeek) {
  EXPECT_EQ(due_day(last(kToday - days(4), at(2, 0) - days(3), true), at(2, 0), kZone),
            kToday - days(3));
  EXPECT_EQ(due_day(last(kToday - days(40), at(2, 0) - days(39), true), at(2, 0), kZone),
            kToday - days(7));
}

TEST(DueDay, WhatIsNotWholeIsComparedAgainOnTheSameNightOnly) {
  const auto night = last(kToday - days(1), at(2, 0), false);
  EXPECT_EQ(due_day(night, at(2, 9), kZone), std::nullopt);
  EXPECT_EQ(due_day(night, at(2, 10), kZone), kToday - days(1));
  EXPECT_EQ(due_day(night, at(2, 0) + days(1), kZone), kToday);
}

TEST(DueDay, AClockThatWentBackComparesNothingAnew) {
  EXPECT_EQ(due_day(last(kToday + days(3), at(2, 0) + days(4), true), at(2, 0), kZone),
            std::nullopt);
}

TEST(LastComparison, IsReadAsItWasWritten) {
  LastComparison written = last(kToday, at(3, 4), true);
  written.books = {
      {"registration", true, {}},
      {"library", false, {{DifferenceSort::kMissing, 3}, {DifferenceSort::kCount, 1}}}};
  const auto read = parse_last(write_last(written));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->day, written.day);
  EXPECT_EQ(read->when, written.when);
  EXPECT_TRUE(read->complete);
  ASSERT_EQ(read->books.size(), 2U);
  EXPECT_EQ(read->books[1].books, "library");
  EXPECT_FALSE(read->books[1].asked);
  EXPECT_EQ(read->books[1].differences, written.books[1].differences);
  EXPECT_FALSE(parse_last("something else"));
  EXPECT_FALSE(parse_last("<sweep/>"));
}

TEST(LastComparison, IsCompleteWhenEverybodyWasAsked) {
  Comparison found;
  found.asked = {{"registration", true, BooksKind::kList, "", 0, 0},
                 {"library", true, BooksKind::kCounts, "", 1, 0}};
  Difference one;
  one.books = "library";
  one.sort = DifferenceSort::kCount;
  found.differences.push_back(one);
  EXPECT_TRUE(last_of(found, kToday, at(2, 0)).complete);
  EXPECT_EQ(last_of(found, kToday, at(2, 0)).books[1].differences.at(DifferenceSort::kCount), 1U);
  found.asked[0].answered = false;
  EXPECT_FALSE(last_of(found, kToday, at(2, 0)).complete);
}

}  // namespace
}  // namespace certbridge::host
