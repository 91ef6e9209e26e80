// What differs between books, one gap at a time.
#include "reconcile/compare.h"

#include <gtest/gtest.h>

#include "books_sample.h"

namespace certbridge::host {
namespace {

class CompareTest : public testing::Test {
 protected:
  Gathered all_ = agreeing_books(6);
  std::vector<BookedCertificate>& held() { return all_.counterparts[0].page.certificates; }
  std::vector<BookedCertificate>& booked() { return all_.registration.page.certificates; }
  JournalCertificate& ours(int index) {
    return all_.journal.at(static_cast<std::size_t>(index) - 1);
  }

  // "library missing identifier-2", one for each difference.
  std::vector<std::string> found() {
    result_ = compare_books(all_);
    std::vector<std::string> lines;
    for (const Difference& one : result_.differences) {
      lines.push_back(one.books + " " + to_word(one.sort) + " " +
                      (one.identifier.empty() ? one.case_no : one.identifier));
    }
    return lines;
  }
  std::uint64_t under_way(const std::string& books) {
    for (const BooksAsked& one : result_.asked) {
      if (one.books == books) return one.under_way;
    }
    return 0;
  }
  void erase(std::vector<BookedCertificate>& from, int index) {
    from.erase(from.begin() + index - 1);
  }

  using Lines = std::vector<std::string>;
  Comparison result_{};
};

TEST_F(CompareTest, BooksThatAgreeHaveNoDifferenceAndTheSameCounts) {
  EXPECT_EQ(found(), Lines{});
  std::map<std::string, std::uint64_t> sums;
  for (const BooksTally& one : result_.tallies) sums[one.books] += one.number;
  EXPECT_EQ(sums["registration"], 6U);
  EXPECT_EQ(sums["journal"], 6U);
  EXPECT_EQ(sums[kLibrary], 6U);
}

TEST_F(CompareTest, WhatIsDeliveredAndNotHeldIsMissing) {
  erase(held(), 2);
  EXPECT_EQ(found(), Lines{"library missing identifier-2"});
  EXPECT_EQ(result_.differences[0].proposal, Proposal::kDeliverAgain);
  EXPECT_EQ(result_.differences[0].message, "m-2/0");
  ours(2).standing[kLibrary] = Standing::kParked;
  EXPECT_EQ(found(), Lines{"library missing identifier-2"});
  EXPECT_EQ(result_.differences[0].proposal, Proposal::kReplay);
  ours(2).standing[kLibrary] = Standing::kUnderWay;
  EXPECT_EQ(found(), Lines{});
  EXPECT_EQ(under_way(kLibrary), 1U);
  ours(2).standing[kLibrary] = Standing::kNotMeant;
  EXPECT_EQ(found(), Lines{});
}

TEST_F(CompareTest, WhereSomebodyElseForwardsNothingIsProposedToBeSent) {
  GatheredBooks province = all_.counterparts[0];
  province.books = "city-forwards";
  province.only_compared = province.newest_only = true;
  for (JournalCertificate& one : all_.journal) one.standing["city-forwards"] = Standing::kHeld;
  all_.counterparts.push_back(province);
  EXPECT_EQ(found(), Lines{});
  auto& shown = all_.counterparts[1].page.certificates;
  shown[1].state = said_ended();
  shown[2].digest = "another";
  erase(shown, 4);
  shown.push_back(held_at(7));
  ours(5).standing["city-forwards"] = Standing::kNotMeant;
  EXPECT_EQ(
      found(),
      (Lines{"city-forwards missing identifier-4", "city-forwards extra identifier-7",
             "city-forwards other-state identifier-2", "city-forwards other-digest identifier-3"}));
  for (const Difference& one : result_.differences) {
    EXPECT_EQ(one.proposal, Proposal::kAskForwarder);
  }
}

TEST_F(CompareTest, WhoShowsOnlyTheNewestVersionLacksNoEarlierOne) {
  JournalCertificate earlier = ours_at(2);
  earlier.is_newest = false;
  ours(2).version = held()[1].version = 2;
  all_.journal.push_back(earlier);
  EXPECT_EQ(found(), Lines{"library missing identifier-2"});
  all_.counterparts[0].newest_only = true;
  EXPECT_EQ(found(), Lines{});
}

TEST_F(CompareTest, WhatIsHeldAndNotKnownIsExtraAlsoWhenItIsThereTwice) {
  held().push_back(held_at(7));
  held().push_back(held_at(1));
  EXPECT_EQ(found(), (Lines{"library extra identifier-1", "library extra identifier-7"}));
  EXPECT_EQ(result_.differences[0].here, "known once");
}

TEST_F(CompareTest, AnotherWordIsAnotherStateUnlessSomethingIsOnItsWay) {
  held()[1].state = said_ended();
  EXPECT_EQ(found(), Lines{"library other-state identifier-2"});
  EXPECT_EQ(result_.differences[0].proposal, Proposal::kTellAgain);
  ours(2).moving = true;
  EXPECT_EQ(found(), Lines{});
  EXPECT_EQ(under_way(kLibrary), 1U);
  ours(2).moving = false;
  ours(2).change_parked = true;
  EXPECT_EQ(found(), Lines{"library other-state identifier-2"});
  EXPECT_EQ(result_.differences[0].proposal, Proposal::kReplay);
}

TEST_F(CompareTest, AWordThatNobodyKnowsIsAnotherStateAndNoWordIsNone) {
  held()[1].state = {{}, "冻结", false};
  EXPECT_EQ(found(), Lines{"library other-state identifier-2"});
  EXPECT_EQ(result_.differences[0].there, "冻结");
  held()[1].state = {};
  EXPECT_EQ(found(), Lines{});
  held()[1].state = {{}, "处理中", true};
  EXPECT_EQ(found(), Lines{"library other-state identifier-2"});
}

TEST_F(CompareTest, AnotherDigestIsFoundAndNoDigestSaysNothing) {
  held()[1].digest = "other";
  EXPECT_EQ(found(), Lines{"library other-digest identifier-2"});
  EXPECT_EQ(result_.differences[0].proposal, Proposal::kNewRevision);
  held()[1].digest.clear();
  EXPECT_EQ(found(), Lines{});
}

TEST_F(CompareTest, AVersionThatWasReplacedNeedsOnlyBeThere) {
  JournalCertificate second = ours(2);
  second.version = 2;
  second.identifier = "identifier-2b";
  second.digest = "digest-2b";
  ours(2).is_newest = false;
  all_.journal.push_back(second);
  EXPECT_EQ(found(), Lines{"library missing identifier-2b"});
  BookedCertificate there = held_at(2);
  there.version = 2;
  there.digest = "digest-2b";
  held()[1].state = {{"replaced"}, "正常", false};
  held().push_back(there);
  EXPECT_EQ(found(), Lines{});
}

TEST_F(CompareTest, ACaseThatNeverArrivedIsSaidOnce) {
  all_.registration.page.cases.push_back({"case-7", "411324", {}});
  booked().push_back(booked_at(7));
  all_.cases["case-7"];
  EXPECT_EQ(found(), Lines{"journal never-arrived case-7"});
  EXPECT_EQ(result_.differences[0].proposal, Proposal::kHandOver);
}

TEST_F(CompareTest, ACertificateThatWasNotIssuedSaysWhy) {
  booked().push_back(booked_at(7));
  JournalCase& it = all_.cases["case-7"];
  it.arrived = true;
  EXPECT_EQ(found(), Lines{"journal not-issued case-7"});
  EXPECT_EQ(result_.differences[0].proposal, Proposal::kHandOver);
  it.parked = "m-9";
  it.parked_code = "validation.face.required";
  EXPECT_EQ(found(), Lines{"journal not-issued case-7"});
  EXPECT_EQ(result_.differences[0].proposal, Proposal::kSeeParked);
  EXPECT_EQ(result_.differences[0].here, "parked: validation.face.required");
  it.moving = true;
  EXPECT_EQ(found(), Lines{});
  it.moving = false;
  it.withheld = true;
  EXPECT_EQ(found(), Lines{});
}

TEST_F(CompareTest, WhatWasWithdrawnThereMustHaveEndedHere) {
  booked()[1].state = {{"cancelled", "voided"}, "withdrawn", false};
  EXPECT_EQ(found(), Lines{"registration other-state identifier-2"});
  ours(2).word = "voided";
  held()[1].state = said_ended();
  EXPECT_EQ(found(), Lines{});
  // And what was withdrawn before it was issued is nothing.
  booked().push_back(booked_at(7));
  booked().back().state = booked()[1].state;
  all_.cases["case-7"].arrived = true;
  EXPECT_EQ(found(), Lines{});
}

TEST_F(CompareTest, WhatIsIssuedAndNotBookedIsMissingThere) {
  erase(booked(), 2);
  EXPECT_EQ(found(), Lines{"registration missing identifier-2"});
  ours(2).of_the_day = false;
  EXPECT_EQ(found(), Lines{});
}

TEST_F(CompareTest, WhoCannotBeAskedIsSaidAndTheOthersAreCompared) {
  all_.registration.error = Error::retryable("sql.connection", "the database is away");
  all_.registration.page = {};
  erase(held(), 2);
  EXPECT_EQ(found(), Lines{"library missing identifier-2"});
  EXPECT_FALSE(result_.asked[0].answered);
  EXPECT_EQ(result_.asked[0].reason, "not asked: sql.connection: the database is away");
  EXPECT_TRUE(result_.asked[2].answered);
}

TEST_F(CompareTest, WhatCannotListIsSaidSo) {
  all_.counterparts[0].page = {};
  EXPECT_EQ(found(), Lines{});
  EXPECT_EQ(result_.asked[2].reason, "it can neither list nor count: its books were not compared");
}

class CountTest : public CompareTest {
 protected:
  CountTest() {
    all_.counterparts[0].page = {};
    all_.counterparts[0].page.kind = BooksKind::kCounts;
    count(said_valid(), 6);
  }
  void count(BookedState state, std::uint64_t number) {
    all_.counterparts[0].page.counts.push_back(
        {"411324", kTitleTypeCode, std::move(state), number});
  }
  std::vector<BookedCount>& counts() { return all_.counterparts[0].page.counts; }
};

TEST_F(CountTest, CountsAreComparedByAreaTypeAndState) {
  EXPECT_EQ(found(), Lines{});
  EXPECT_EQ(result_.asked[2].reason,
            "it cannot list, it only counts: what differs cannot be named");
  counts()[0].number = 5;
  ASSERT_EQ(found().size(), 1U);
  EXPECT_EQ(result_.differences[0].sort, DifferenceSort::kCount);
  EXPECT_EQ(result_.differences[0].here, "6 mortgaged/valid");
  EXPECT_EQ(result_.differences[0].there, "5 mortgaged/valid");
  count(said_ended(), 1);
  EXPECT_EQ(found().size(), 2U);
  ours(2).word = "cancelled";
  EXPECT_EQ(found(), Lines{});
}

TEST_F(CountTest, WhatIsOnItsWayMayBeCountedOrNot) {
  ours(2).standing[kLibrary] = Standing::kUnderWay;
  EXPECT_EQ(found(), Lines{});
  counts()[0].number = 5;
  EXPECT_EQ(found(), Lines{});
  EXPECT_EQ(under_way(kLibrary), 1U);
  counts()[0].number = 4;
  EXPECT_EQ(found().size(), 1U);
}

TEST_F(CountTest, ALibraryThatCountsNothingLacksEverything) {
  counts().clear();
  ASSERT_EQ(found().size(), 2U) << "four valid, two mortgaged";
  EXPECT_EQ(result_.differences[0].there, "0 mortgaged");
}

}  // namespace
}  // namespace certbridge::host
