#include "reports/push_inspection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace certbridge::host {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Found = std::map<std::string, std::uint64_t>;

class PushInspectionTest : public ::testing::Test {
 protected:
  PushInspectionTest() {
    settings_.period = month_period("2026-11").value();
    settings_.made = settings_.period.until();
    settings_.libraries = {"library"};
  }
  Timestamp day(int number) const { return settings_.period.from() + hours(24 * (number - 1)); }
  Push push(Timestamp occurred, std::optional<std::chrono::milliseconds> took) const {
    Push push;
    push.message = "m-1";
    push.library = "library";
    push.area = "411324";
    push.occurred = occurred;
    if (took) push.arrived = occurred + *took;
    return push;
  }
  ConcludedCase concluded(Timestamp when) const {
    ConcludedCase one;
    one.case_no = "20261100000001";
    one.area = "411324";
    one.registration_type = "200";
    one.concluded = when;
    return one;
  }
  static Found found(PushInspection& inspection) {
    Found counts;
    for (const InspectionSection& one : inspection.sections()) {
      if (one.found > 0) counts[one.name] = one.found;
    }
    return counts;
  }

  PushInspectionSettings settings_{};
};

TEST_F(PushInspectionTest, NothingIsInventedWhereAllIsWell) {
  PushInspection inspection(settings_);
  inspection.add_issue(push(day(3), minutes(5)));
  inspection.add_status(push(day(3), hours(24)));
  inspection.add_issue(push(settings_.made - hours(1), {}));  // under way
  ConcludedCase collected = concluded(day(3));
  collected.issued = collected.collected = 1;
  inspection.add_case(collected);
  ConcludedCase withheld = concluded(day(3));
  withheld.withheld = true;
  inspection.add_case(withheld);
  ConcludedCase cancellation = concluded(day(3));
  cancellation.ends_others = true;
  inspection.add_case(cancellation);
  ConcludedCase seizure = concluded(day(3));
  seizure.registration_type = "800";
  inspection.add_case(seizure);
  ConcludedCase under_way = concluded(settings_.made - hours(2));
  under_way.moving = true;
  inspection.add_case(under_way);
  Push superseded = push(day(2), {});
  superseded.meant = false;
  inspection.add_issue(superseded);
  inspection.add_status(superseded);
  EXPECT_EQ(Found{}, found(inspection));
}

TEST_F(PushInspectionTest, ConcludedCasesWithoutACertificate) {
  PushInspection inspection(settings_);
  inspection.add_case(concluded(day(3)));
  ConcludedCase parked = concluded(day(4));
  parked.issued = 1;
  parked.code = "municipal.refused";
  inspection.add_case(parked);
  ConcludedCase slow = concluded(day(5));
  slow.moving = true;
  inspection.add_case(slow);
  const InspectionSection section = inspection.sections().front();
  EXPECT_EQ("cases-without-certificate", section.name);
  ASSERT_EQ(3U, section.found);
  std::vector<std::string> reasons;
  for (const auto& row : section.rows) reasons.push_back(std::get<std::string>(row.back()));
  EXPECT_EQ((std::vector<std::string>{"none was made", "parked: municipal.refused", "under way"}),
            reasons);
}

TEST_F(PushInspectionTest, TimesAreThoseThatWereMade) {
  PushInspection inspection(settings_);
  std::mt19937 chance(2026);
  std::vector<std::int64_t> truth;
  std::uint64_t beyond = 0;
  for (int i = 0; i < 1001; ++i) {
    const seconds took(i % 50 == 0 ? 90'000 + static_cast<int>(chance() % 1000)
                                   : static_cast<int>(chance() % 3600));
    beyond += took > hours(24) ? 1 : 0;
    truth.push_back(took.count());
    inspection.add_issue(push(day(1 + i % 25), took));
  }
  inspection.add_issue(push(day(10), {}));  // still not collected
  std::sort(truth.begin(), truth.end());
  const InspectionSection section = inspection.sections().at(1);
  ASSERT_EQ(1U, section.rows.size());
  const auto number = [&](std::size_t column) {
    return static_cast<std::int64_t>(std::get<std::uint64_t>(section.rows[0][column]));
  };
  EXPECT_EQ(1001, number(1));
  EXPECT_EQ(truth[500], number(2));
  EXPECT_EQ(truth[950], number(3));
  EXPECT_EQ(static_cast<std::int64_t>(beyond), number(4));
  EXPECT_EQ(1, number(5));
  EXPECT_EQ(beyond + 1, section.found);
}

TEST_F(PushInspectionTest, StatusChangesThatCameLate) {
  PushInspection inspection(settings_);
  inspection.add_status(push(day(3), hours(25)));
  inspection.add_status(push(day(4), {}));
  inspection.add_status(push(day(5), hours(24)));
  EXPECT_EQ((Found{{"late-status-changes", 2}}), found(inspection));
  settings_.status_limit = hours(30 * 24);
  PushInspection patient(settings_);
  patient.add_status(push(day(3), hours(25)));
  patient.add_status(push(day(4), {}));
  EXPECT_EQ(Found{}, found(patient));
}

TEST_F(PushInspectionTest, RefusalsByCode) {
  PushInspection inspection(settings_);
  for (int i = 0; i < 3; ++i) inspection.add_refused("library", "municipal.refused");
  inspection.add_refused("steps", "validation.failed");
  const InspectionSection section = inspection.sections().back();
  EXPECT_EQ(4U, section.found);
  ASSERT_EQ(2U, section.rows.size());
  EXPECT_EQ((std::vector<InspectionCell>{"library", "municipal.refused", std::uint64_t{3}}),
            section.rows[0]);
}

TEST(Durations, AreExactUpToAnHourAndRoundedUpBehindIt) {
  Durations one;
  EXPECT_EQ(seconds(0), one.percentile(95));
  one.add(std::chrono::milliseconds(1));
  EXPECT_EQ(seconds(1), one.percentile(50));
  Durations longer;
  longer.add(seconds(3601));
  EXPECT_EQ(minutes(61), longer.percentile(95));
  Durations longest;
  longest.add(hours(100) + seconds(1));
  EXPECT_EQ(hours(101), longest.percentile(1));
  Durations before;
  before.add(std::chrono::milliseconds(-5));
  EXPECT_EQ(seconds(0), before.percentile(100));
}

}  // namespace
}  // namespace certbridge::host
