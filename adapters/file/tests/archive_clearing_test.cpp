// Old days of the archive go, a few files at a time, and nothing else does.
#include "archive_clearing.h"

#include <gmock/gmock.h>

#include "certbridge/testing/fake_context.h"
#include "certbridge/testing/ledger_receiver.h"
#include "certbridge/testing/memory_content.h"
#include "drop_folder.h"
#include "incoming.h"
#include "local_folder.h"
#include "troubled_folder.h"

namespace certbridge::file::testing {
namespace {

using certbridge::testing::FakeContext;
using certbridge::testing::LedgerReceiver;
using ::testing::ElementsAre;

const std::string kClearingManifest =
    std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/file/plugin.xml";

// The clock of the context says 2026-11-24.
class ArchiveClearingTest : public ::testing::Test {
 protected:
  ArchiveClearing clearing(int days) {
    return ArchiveClearing({"archive", days}, troubled_, context_);
  }
  void keep(const std::string& day, int files = 1) {
    drop_.make("archive/" + day);
    for (int number = 0; number < files; ++number)
      drop_.put("archive/" + day + "/f" + std::to_string(number), "x");
  }
  // Steps until nothing more goes.
  std::size_t clear(ArchiveClearing& clearing) {
    std::size_t gone = 0;
    for (int step = 0; step < 20; ++step) {
      auto cleared = clearing.step(call());
      EXPECT_TRUE(cleared) << cleared.error().message;
      gone += cleared ? cleared.value() : 0;
    }
    return gone;
  }
  static Call call() { return certbridge::testing::call_of("test", std::chrono::seconds(20)); }
  bool has(const std::string& day) const { return drop_.has("archive/" + day); }

  DropFolder drop_{};
  FakeContext context_{
      kClearingManifest, "incoming", {{"folder", drop_.path()}, {"type", "report"}}};
  std::unique_ptr<Folder> folder_ = open_local_folder(drop_.path());
  TroubledFolder troubled_{*folder_};
};

TEST_F(ArchiveClearingTest, OnlyWhatIsOldEnoughGoes) {
  for (const char* day : {"2026-10-01", "2026-11-13", "2026-11-14", "2026-11-24", "2025-11-24x"})
    keep(day, 2);
  drop_.put("archive/2020-01-01.txt", "x");
  ArchiveClearing ten_days = clearing(10);
  EXPECT_EQ(clear(ten_days), 4U);
  EXPECT_FALSE(has("2026-10-01"));
  EXPECT_FALSE(has("2026-11-13"));
  for (const char* kept : {"2026-11-14", "2026-11-24", "2025-11-24x", "2020-01-01.txt"})
    EXPECT_TRUE(has(kept)) << kept;
  EXPECT_EQ(context_.metrics().value("files_cleared"), 4);
}

TEST_F(ArchiveClearingTest, WithoutDaysNothingEverGoes) {
  keep("2020-01-01");
  keep("2026-11-24");
  ArchiveClearing never = clearing(0);
  EXPECT_EQ(clear(never), 0U);
  EXPECT_EQ(troubled_.times("list"), 0);
  EXPECT_TRUE(has("2020-01-01"));
}

TEST_F(ArchiveClearingTest, TheNewestDayIsKeptWhateverItsAge) {
  keep("2020-01-01");
  keep("2020-01-02");
  ArchiveClearing one_day = clearing(1);
  EXPECT_EQ(clear(one_day), 1U);
  EXPECT_TRUE(has("2020-01-02"));
}

TEST_F(ArchiveClearingTest, AStepIsBounded) {
  keep("2026-01-01", 600);
  keep("2026-11-24");
  ArchiveClearing ten_days = clearing(10);
  EXPECT_EQ(ten_days.step(call()).value(), 256U);
  EXPECT_EQ(ten_days.step(call()).value(), 256U);
  EXPECT_EQ(ten_days.step(call()).value(), 88U);
  EXPECT_FALSE(has("2026-01-01"));
}

TEST_F(ArchiveClearingTest, NothingGoesOnceTheClockWasSet) {
  keep("2026-11-23");
  keep("2026-11-24");
  ArchiveClearing ten_days = clearing(10);
  context_.mutable_clock().set(context_.clock().now() + std::chrono::hours(24 * 365));
  EXPECT_EQ(clear(ten_days), 0U);
  EXPECT_TRUE(has("2026-11-23"));
  EXPECT_EQ(context_.logger().entries().size(), 1U) << "said once";
}

TEST_F(ArchiveClearingTest, AfterAFailureItRestsAndGoesOn) {
  keep("2026-01-01", 3);
  keep("2026-11-24");
  ArchiveClearing ten_days = clearing(10);
  int removed = 0;
  troubled_.trouble_before([&](const std::string& operation) -> Result<void> {
    if (operation != "remove" || ++removed != 2) return {};
    return Error::fault("file.permission", "no");
  });
  EXPECT_EQ(ten_days.step(call()).error().code, "file.permission");
  EXPECT_EQ(ten_days.step(call()).value(), 0U) << "it rests";
  context_.mutable_clock().advance(std::chrono::hours(1));
  EXPECT_EQ(ten_days.step(call()).value(), 2U);
  EXPECT_FALSE(has("2026-01-01"));
}

TEST_F(ArchiveClearingTest, AFailureIsToldOfOnceUntilItIsOver) {
  keep("2026-01-01");
  keep("2026-11-24");
  ArchiveClearing ten_days = clearing(10);
  std::string trouble = "no";
  troubled_.trouble_before([&](const std::string& operation) -> Result<void> {
    if (operation != "remove" || trouble.empty()) return {};
    return Error::fault("file.permission", trouble);
  });
  const auto told_within_hours = [&](int hours) {
    const std::size_t before = context_.logger().entries().size();
    for (int hour = 0; hour < hours; ++hour) {
      ten_days.step_aside(call());
      context_.mutable_clock().advance(std::chrono::hours(1));
    }
    return context_.logger().entries().size() - before;
  };
  EXPECT_EQ(told_within_hours(3), 1U);
  trouble = "another";
  EXPECT_EQ(told_within_hours(3), 1U);
  trouble.clear();
  EXPECT_EQ(told_within_hours(2), 1U) << "that the day is cleared";
  keep("2026-01-02");
  trouble = "another";
  EXPECT_EQ(told_within_hours(3), 1U) << "it had been well meanwhile";
}

TEST_F(ArchiveClearingTest, AnArchiveThatIsNotThereYetIsNoFailure) {
  ArchiveClearing ten_days = clearing(10);
  EXPECT_EQ(ten_days.step(call()).value(), 0U);
}

TEST_F(ArchiveClearingTest, WhatCannotBeClearedHoldsUpNoFile) {
  drop_.make("archive/2026-01-01/somebody's");
  keep("2026-11-24");
  IncomingSettings settings;
  settings.taken.type = "report";
  settings.taken.largest = 1000;
  settings.archive_days = 10;
  Incoming source(settings, *folder_, context_, {});
  LedgerReceiver ledger(drop_.path() + "/.ledger");
  EXPECT_EQ(source.look_once(ledger).value(), 0U);
  EXPECT_THAT(context_.logger().all_text(), ::testing::HasSubstr("file.archive_not_cleared"));
  drop_.put("a", "x");
  EXPECT_EQ(source.look_once(ledger).value(), 1U);
  EXPECT_TRUE(has("2026-01-01/somebody's"));
}

}  // namespace
}  // namespace certbridge::file::testing
