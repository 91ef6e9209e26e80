#include "reports/record_inspection.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace certbridge::host {
namespace {

constexpr const char* kCard = "11100000000013127D001";
constexpr const char* kOther = "11100000000013127D999";

// A month of records without anything to look at, into which a test plants what is to be found.
class RecordInspectionTest : public ::testing::Test {
 protected:
  RecordInspectionTest() {
    settings_.period = month_period("2026-11").value();
    settings_.made = settings_.period.until();
    settings_.master_key.fill(7);
    settings_.office_hours.days = {false, true, true, true, true, true, false};
    settings_.office_hours.from = std::chrono::hours(8);
    settings_.office_hours.until = std::chrono::hours(18);
    settings_.holder_grounds = {"own"};
    settings_.known_types = {{kCard, {}}};
    now_ = settings_.period.from() + std::chrono::hours(24 + 9);  // Monday, the 2nd, 9 o'clock
  }

  AccessRecord query(const std::string& person, const std::string& holder,
                     const std::string& ground) const {
    AccessRecord record;
    record.person = person;
    record.unit = "unit";
    record.ground_kind = "case";
    record.ground = ground;
    record.purpose = "registration";
    record.holder = holder;
    record.certificate_type = kCard;
    record.decision = AccessDecision::kAllowed;
    record.code = "allowed";
    record.result = "found";
    record.disclosed = {"number"};
    return record;
  }
  AccessRecord nothing_found(const std::string& person, const std::string& holder) const {
    AccessRecord record = query(person, holder, "case of " + holder);
    record.result = "none-found";
    record.disclosed.clear();
    return record;
  }
  AccessRecord denied(const std::string& person, const std::string& code) const {
    AccessRecord record = nothing_found(person, "holder of " + person);
    record.decision = AccessDecision::kDenied;
    record.code = code;
    record.result = "refused";
    return record;
  }
  static AccessRecord paper_after(AccessRecord record) {
    record.kind = AccessKind::kPaperAccepted;
    record.result = "paper-accepted";
    return record;
  }

  std::uint64_t add(AccessRecord record) {
    ReadAccess access;
    access.place = {"2026-11-0001", ++number_, {}};
    access.written = record.asked = now_;
    access.record = std::move(record);
    records_.push_back(std::move(access));
    now_ += std::chrono::seconds(20);
    return number_;
  }
  void next_day() {
    const auto day = std::chrono::floor<std::chrono::days>(now_ + std::chrono::hours(8));
    now_ = day + std::chrono::hours(24 + 1);
    const std::chrono::weekday weekday{
        std::chrono::sys_days(std::chrono::floor<std::chrono::days>(now_))};
    if (weekday == std::chrono::Saturday) now_ += std::chrono::hours(48);
  }
  // Each holder in one case, each person fails less often than is looked at, at office hours.
  void add_clean_days(int days) {
    for (int day = 0; day < days; ++day, next_day()) {
      for (int i = 0; i < 60; ++i) {
        const std::string name = std::to_string(day) + "-" + std::to_string(i);
        const std::string person = "clerk-" + std::to_string(i % 10);
        add(i % 10 == 0 ? nothing_found(person + "x" + std::to_string(i), "nobody-" + name)
                        : query(person, "holder-" + name, "case-" + name));
      }
    }
  }

  std::map<std::string, InspectionSection> inspected() {
    RecordInspection inspection(settings_);
    for (const ReadAccess& one : records_) inspection.add(one);
    std::map<std::string, InspectionSection> sections;
    for (InspectionSection& one : inspection.sections()) {
      const std::string name = one.name;
      sections[name] = std::move(one);
    }
    EXPECT_EQ(records_.size(), inspection.records().records);
    return sections;
  }
  // How much each section found, without those that found nothing.
  std::map<std::string, std::uint64_t> found() {
    std::map<std::string, std::uint64_t> counts;
    for (const auto& [name, section] : inspected()) {
      if (section.found > 0) counts[name] = section.found;
    }
    return counts;
  }
  using Found = std::map<std::string, std::uint64_t>;

  RecordInspectionSettings settings_{};
  std::vector<ReadAccess> records_{};
  Timestamp now_{};
  std::uint64_t number_ = 0;
};

std::uint64_t number_in(const InspectionSection& section, std::size_t row,
                        const std::string& column) {
  for (std::size_t i = 0; i < section.columns.size(); ++i) {
    if (section.columns[i] == column) return std::get<std::uint64_t>(section.rows.at(row).at(i));
  }
  ADD_FAILURE() << column;
  return 0;
}

TEST_F(RecordInspectionTest, NothingIsInventedOnCleanDays) {
  add_clean_days(20);
  EXPECT_EQ(Found{}, found());
}

TEST_F(RecordInspectionTest, DenialsAreCountedByReason) {
  add_clean_days(3);
  std::map<std::string, std::uint64_t> truth;
  std::mt19937 chance(2026);
  for (int i = 0; i < 200; ++i) {
    const std::string code =
        std::array{"case.closed", "holder.no_party", "person.level"}[chance() % 3];
    ++truth[code];
    add(denied("person-" + std::to_string(i), code));
  }
  const InspectionSection section = inspected()["denials"];
  EXPECT_EQ(200U, section.found);
  std::map<std::string, std::uint64_t> told;
  for (const auto& row : section.rows)
    told[std::get<std::string>(row[0])] = std::get<std::uint64_t>(row[1]);
  EXPECT_EQ(truth, told);
}

TEST_F(RecordInspectionTest, PaperThatAQueryOfTheDayMadeNeedless) {
  add_clean_days(2);
  const std::uint64_t seen = add(query("clerk-1", "wang", "case-1"));
  const std::uint64_t paper = add(paper_after(nothing_found("clerk-2", "wang")));
  add_clean_days(2);
  EXPECT_EQ((Found{{"paper-although-available", 1}}), found());
  const InspectionSection section = inspected()["paper-although-available"];
  EXPECT_EQ(paper, number_in(section, 0, "record"));
  EXPECT_EQ(seen, number_in(section, 0, "found by record"));
}

TEST_F(RecordInspectionTest, WhatTheSourcesHadSaidWhenPaperWasTaken) {
  add(query("clerk-1", "wang", "case-1"));
  const auto then = [&](std::vector<AskedSource> sources) {
    AccessRecord paper = paper_after(nothing_found("clerk-2", "wang"));
    paper.sources = std::move(sources);
    add(paper);
    const InspectionSection section = inspected()["paper-although-available"];
    return std::get<std::string>(section.rows.back().back());
  };
  EXPECT_EQ("not there", then({{"library", "absent"}}));
  EXPECT_EQ("unavailable: province", then({{"library", "absent"}, {"province", "busy"}}));
  EXPECT_EQ("not asked", then({}));
}

TEST_F(RecordInspectionTest, TypesThatAreNotUsedOnThatDay) {
  settings_.known_types = {{kCard, {"2026-11-01", "2026-11-02"}}};
  add(query("clerk-1", "wang", "case-1"));
  EXPECT_EQ(Found{}, found());
  settings_.known_types = {{kCard, {"", "2026-11-01"}}};
  EXPECT_EQ((Found{{"types-out-of-date", 1}}), found());
  settings_.known_types = {{kCard, {"2026-11-03", ""}}};
  const InspectionSection section = inspected()["types-out-of-date"];
  EXPECT_EQ("not yet", std::get<std::string>(section.rows.at(0).at(1)));
}

TEST_F(RecordInspectionTest, PaperOfATypeAmongSeveral) {
  AccessRecord paper = nothing_found("clerk-2", "wang");
  paper.certificate_type = std::string(kOther) + " " + kCard;
  add(paper_after(paper));
  add(query("clerk-1", "wang", "case-1"));  // afterwards, on the same day
  EXPECT_EQ((Found{{"paper-although-available", 1}}), found());
}

TEST_F(RecordInspectionTest, PaperThatWasNeeded) {
  add(query("clerk-1", "wang", "case-1"));  // the day before
  next_day();
  add(query("clerk-1", "zhang", "case-2"));  // another holder
  add(paper_after(nothing_found("clerk-2", "wang")));
  AccessRecord other = query("clerk-1", "wang", "case-1");  // another type
  other.certificate_type = kOther;
  settings_.known_types[kOther];
  add(other);
  AccessRecord denied_paper = paper_after(denied("clerk-2", "access.not_allowed"));
  denied_paper.holder = "zhang";
  add(denied_paper);
  EXPECT_EQ((Found{{"denials", 1}}), found());
}

TEST_F(RecordInspectionTest, SomebodyWhoFailsAgainAndAgain) {
  add_clean_days(1);
  for (int i = 0; i < 6; ++i) add(denied("fisher", "holder.no_party"));
  for (int i = 0; i < 4; ++i) add(nothing_found("fisher", "nobody-" + std::to_string(i)));
  // As often, on two days, by another.
  for (int i = 0; i < 5; ++i) add(nothing_found("clerk-77", "some-" + std::to_string(i)));
  next_day();
  for (int i = 0; i < 5; ++i) add(nothing_found("clerk-77", "more-" + std::to_string(i)));
  EXPECT_EQ((Found{{"denials", 6}, {"repeated-failed-queries", 1}}), found());
  const InspectionSection section = inspected()["repeated-failed-queries"];
  EXPECT_EQ(6U, number_in(section, 0, "denied"));
  EXPECT_EQ(4U, number_in(section, 0, "nothing found"));
  settings_.failed_queries = 11;
  EXPECT_EQ((Found{{"denials", 6}}), found());
}

TEST_F(RecordInspectionTest, AHolderInSeveralCases) {
  add_clean_days(2);
  for (const char* ground : {"case-a", "case-b", "case-a"}) add(query("clerk-1", "wang", ground));
  EXPECT_EQ(Found{}, found());
  next_day();
  add(query("clerk-2", "wang", "case-c"));
  EXPECT_EQ((Found{{"holder-in-several-cases", 1}}), found());
  EXPECT_EQ(3U, number_in(inspected()["holder-in-several-cases"], 0, "cases"));
  settings_.cases_of_a_holder = 4;
  EXPECT_EQ(Found{}, found());
}

TEST_F(RecordInspectionTest, HoldersAreFollowedWithinTheirBound) {
  settings_.most_followed = 64;
  for (int i = 0; i < 1000; ++i) add(query("clerk-1", "wang", "case-" + std::to_string(i % 3)));
  EXPECT_EQ((Found{{"holder-in-several-cases", 1}}), found());
  EXPECT_EQ("", inspected()["holder-in-several-cases"].remark);
  for (int i = 0; i < 1000; ++i) {
    add(query("clerk-1", "holder-" + std::to_string(i), "case-" + std::to_string(i)));
  }
  EXPECT_NE("", inspected()["holder-in-several-cases"].remark);
}

TEST_F(RecordInspectionTest, QueriesOutsideOfficeHours) {
  add_clean_days(2);
  now_ += std::chrono::hours(12);  // at night
  add(query("night-owl", "zhang", "case-1"));
  add(query("night-owl", "li", "case-2"));
  AccessRecord himself = query("citizen", "li", "");
  himself.ground_kind = "own";
  add(himself);
  add(query("", "qian", "case-3"));  // a system by itself
  EXPECT_EQ((Found{{"outside-office-hours", 2}}), found());
  EXPECT_EQ(2U, number_in(inspected()["outside-office-hours"], 0, "queries"));
}

TEST_F(RecordInspectionTest, TypesThatTheCatalogueDoesNotHave) {
  add_clean_days(1);
  AccessRecord other = query("clerk-1", "wang", "case-1");
  other.certificate_type = kOther;
  add(other);
  EXPECT_EQ((Found{{"types-out-of-date", 1}}), found());
  settings_.known_types.clear();
  EXPECT_EQ(Found{}, found());
  EXPECT_EQ("no catalogue was given", inspected()["types-out-of-date"].remark);
}

TEST_F(RecordInspectionTest, FurtherCertificatesOfAnAnswerAreNoFurtherQueries) {
  const std::uint64_t main = add(query("clerk-1", "wang", "case-1"));
  now_ += std::chrono::hours(24 * 5);  // Saturday
  AccessRecord further = query("clerk-1", "wang", "case-1");
  further.refers_to = main;
  add(further);
  EXPECT_EQ(Found{}, found());
}

TEST_F(RecordInspectionTest, NobodyIsNamed) {
  now_ += std::chrono::hours(12);
  for (int i = 0; i < 12; ++i) add(denied("fisher", "holder.no_party"));
  for (const char* ground : {"ground-a", "ground-b", "ground-c"})
    add(query("fisher", "wang", ground));
  add(paper_after(nothing_found("fisher", "wang")));
  InspectionReport report;
  for (auto& [name, section] : inspected()) report.sections.push_back(std::move(section));
  EXPECT_EQ(6U, report.sections.size());
  for (const std::string& text : {write_inspection_json(report), write_inspection_text(report)}) {
    for (const char* word : {"fisher", "wang", "ground-a", "nobody"}) {
      EXPECT_EQ(std::string::npos, text.find(word)) << word << " in " << text;
    }
    EXPECT_NE(std::string::npos, text.find("person "));
  }
}

TEST_F(RecordInspectionTest, OnlySoManyAreNamedAndAllAreCounted) {
  settings_.most_named = 2;
  for (int i = 0; i < 5; ++i) {
    for (const char* ground : {"a", "b", "c"})
      add(query("clerk-1", "h" + std::to_string(i), ground));
  }
  const InspectionSection section = inspected()["holder-in-several-cases"];
  EXPECT_EQ(5U, section.found);
  EXPECT_EQ(2U, section.rows.size());
}

TEST(OverdueObjections, AreThoseThatAreGiven) {
  const Timestamp when(std::chrono::milliseconds(1'795'500'000'000));
  const std::vector<OverdueObjection> overdue{{"O-1", "objection", "raised", "unit", when, when}};
  EXPECT_EQ(1U, overdue_objections(overdue, true, 10).found);
  EXPECT_EQ("", overdue_objections({}, true, 10).remark);
  EXPECT_NE("", overdue_objections({}, false, 10).remark);
}

}  // namespace
}  // namespace certbridge::host
