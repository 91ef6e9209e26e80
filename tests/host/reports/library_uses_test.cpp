#include "reports/library_uses.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "reports/usage_files.h"
#include "usage_maker.h"

namespace certbridge::host {
namespace {

using report_test::kIssuerA;
using report_test::kIssuerB;
using report_test::kTypeA;

UsageReport report_for(const std::string& issuer) {
  UsageReport report;
  report.period = month_period("2026-11").value();
  report.issuer = issuer;
  return report;
}

// A log of a month, and what a report has to say of it.
struct MadeLog {
  std::vector<std::pair<int, LibraryUse>> uses{};  // days from the first
  UsageLibrary truth{};
  std::map<UsageKey, std::uint64_t> rows{};
};

MadeLog made_log() {
  MadeLog made;
  std::mt19937 chance(2026);
  for (int i = 0; i < 500; ++i) {
    LibraryUse use{"others",
                   i % 2 == 0 ? kIssuerA : kIssuerB,
                   "bank-" + std::to_string(chance() % 3),
                   kTypeA,
                   "loan",
                   "query",
                   "found",
                   1 + chance() % 4};
    made.truth.logged += use.count;
    switch (chance() % 5) {
      case 0:
        use.by = "ourselves";
        made.truth.ours += use.count;
        break;
      case 1:
        use.by = "unknown";
        made.truth.not_counted["unknown-caller"] += use.count;
        break;
      case 2:
        use.result = "none-found";
        use.issuer.clear();
        made.truth.not_counted["none-found"] += use.count;
        break;
      default:
        made.truth.counted += use.count;
        made.rows[{"2026-11", use.issuer, use.unit, use.type, use.purpose, kLibraryUses, use.kind,
                   use.result}] += use.count;
    }
    made.uses.emplace_back(i % 30, use);
  }
  made.truth.library = "library";
  return made;
}

void add_all(const MadeLog& made, UsageReport& report) {
  for (const auto& [day, use] : made.uses) {
    const auto added =
        add_library_use(report, "library", report.period.first + std::chrono::days(day), use);
    ASSERT_TRUE(added.ok());
  }
}

TEST(LibraryUses, AreCountedAndOursAreNotCountedTwice) {
  const MadeLog made = made_log();
  UsageReport report = report_for("");
  add_all(made, report);
  ASSERT_EQ(1U, report.libraries.size());
  EXPECT_EQ(made.truth, report.libraries[0]);
  EXPECT_EQ(made.rows, report.rows);
  EXPECT_EQ(0U, report.total(kOwnUses));
  EXPECT_EQ(std::vector<std::string>{}, wrong_sums(report));
  ++report.libraries[0].ours;
  EXPECT_NE(std::vector<std::string>{}, wrong_sums(report));
}

TEST(LibraryUses, AnExtractHasThoseOfItsIssuer) {
  const MadeLog made = made_log();
  UsageReport a = report_for(kIssuerA);
  UsageReport b = report_for(kIssuerB);
  add_all(made, a);
  add_all(made, b);
  EXPECT_EQ(made.truth.counted, a.total(kLibraryUses) + b.total(kLibraryUses));
  EXPECT_EQ(std::vector<std::string>{}, wrong_sums(a));
  const std::string json = write_usage_json(a);
  EXPECT_EQ(std::string::npos, json.find("ours"));
  const auto read = read_usage_json(json);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(std::vector<std::string>{}, wrong_sums(read.value()));
}

TEST(LibraryUses, WhatCannotBeToldIsSaid) {
  UsageReport report = report_for("");
  const auto add = [&](const LibraryUse& use) {
    ASSERT_TRUE(add_library_use(report, "library", report.period.first, use).ok());
  };
  add({"others", "", "bank", kTypeA, "loan", "query", "found", 2});
  add({"others", kIssuerA, "bank", kTypeA, "loan", "query", "", 3});
  add({"others", kIssuerA, "bank", kTypeA, "loan", "", "found", 4});
  EXPECT_EQ((CountsByReason{{"no-issuer", 2}, {"unknown-result", 3}}),
            report.libraries[0].not_counted);
  ASSERT_EQ(1U, report.rows.size());
  EXPECT_EQ("other", report.rows.begin()->first.kind);
}

}  // namespace
}  // namespace certbridge::host
