// Limits and what is unusual, by a clock that the test moves.
#include "access/policy/patterns.h"

#include <atomic>
#include <thread>

#include "access/policy/decision_codes.h"
#include "access_fixture.h"
#include "situations.h"

namespace certbridge::host::access_test {
namespace {

using Flags = std::vector<std::string>;

class Patterns : public ::testing::Test {
 protected:
  Patterns() {
    clock_.time = time_of("2026-11-27T02:00:00Z");
    settings_.person = {3, 2};
    settings_.system = {5, 4};
    settings_.cases_of_a_holder = 2;
    settings_.denials_of_a_person = 3;
    settings_.flags_outside_office_hours = true;
    settings_.office_hours.days = {false, true, true, true, true, true, false};
    settings_.office_hours.from = std::chrono::hours(8);
    settings_.office_hours.until = std::chrono::hours(18);
  }
  AccessPatterns& patterns() {
    if (!patterns_) patterns_ = std::make_unique<AccessPatterns>(settings_, clock_);
    return *patterns_;
  }
  static AccessRequest request(const std::string& changes) {
    return changed(situation("case"), changes).request;
  }
  std::string refusal(const std::string& changes) { return patterns().refusal(request(changes)); }
  Flags flags(const std::string& changes, bool allowed) {
    Decision decision;
    decision.allowed = allowed;
    return patterns().flags(request(changes), decision);
  }
  // So many different holders.
  static std::string holder(int number) {
    return number == 0 ? "holder=zhang" : number == 1 ? "holder=li" : "holder=wang";
  }

  SetClock clock_{};
  PatternSettings settings_{};
  std::unique_ptr<AccessPatterns> patterns_{};
};

TEST_F(Patterns, RequestsOfAPersonInAMinute) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(refusal("holder=zhang"), "");
  EXPECT_EQ(refusal("holder=zhang"), "limit.person_requests");
  EXPECT_EQ(refusal("person=staff/wu"), "");
  clock_.time += std::chrono::seconds(59);
  EXPECT_EQ(refusal("holder=zhang"), "limit.person_requests");
  clock_.time += std::chrono::seconds(1);
  EXPECT_EQ(refusal("holder=zhang"), "");
}

TEST_F(Patterns, RequestsOfASystemInAMinute) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(refusal("person=staff/p" + std::to_string(i)), "");
  EXPECT_EQ(refusal("person=staff/p9"), "limit.system_requests");
  EXPECT_EQ(refusal("person=staff/p9; system=other"), "");
}

TEST_F(Patterns, ASystemHasItsOwnLimits) {
  settings_.systems["window"] = {1, 0};
  settings_.persons_of["window"] = {0, 1};
  EXPECT_EQ(refusal("holder=zhang"), "");
  EXPECT_EQ(refusal("person=staff/wu"), "limit.system_requests");
  clock_.time += std::chrono::minutes(1);
  EXPECT_EQ(refusal("holder=li"), "limit.person_holders");
}

TEST_F(Patterns, HoldersOfAPersonOnADay) {
  EXPECT_EQ(refusal(holder(0)), "");
  EXPECT_EQ(refusal(holder(1)), "");
  EXPECT_EQ(refusal(holder(2)), "limit.person_holders");
  clock_.time += std::chrono::hours(13);
  EXPECT_EQ(refusal("holder=zhang-15"), "");  // the same as before, otherwise written
  EXPECT_EQ(refusal(holder(2)), "limit.person_holders");
  clock_.time += std::chrono::hours(1);  // midnight in Beijing
  EXPECT_EQ(refusal(holder(2)), "");
}

TEST_F(Patterns, HoldersOfASystemOnADay) {
  settings_.person = {};
  settings_.system = {0, 2};
  EXPECT_EQ(refusal("person=staff/a; holder=zhang"), "");
  EXPECT_EQ(refusal("person=staff/b; holder=li"), "");
  EXPECT_EQ(refusal("person=staff/c; holder=wang"), "limit.system_holders");
  EXPECT_EQ(refusal("person=staff/c; holder=li"), "");
  EXPECT_EQ(refusal("person=staff/c; holder=none"), "");
}

TEST_F(Patterns, ACertificateCountsAsAHolder) {
  settings_.person = {0, 2};
  settings_.system = {};
  EXPECT_EQ(refusal("holder=none; number=豫(2026)南阳市不动产权第0000001号"), "");
  EXPECT_EQ(refusal("holder=none; number=豫（2026） 南阳市不动产权第0000001号"), "");
  EXPECT_EQ(refusal("holder=none; identifier=I-1"), "");
  EXPECT_EQ(refusal("holder=none; identifier=I-2"), "limit.person_holders");
  EXPECT_EQ(refusal("holder=zhang"), "limit.person_holders");
}

TEST_F(Patterns, WithoutLimitsNothingIsRefused) {
  settings_ = {};
  for (int i = 0; i < 200; ++i) ASSERT_EQ(refusal(holder(i % 3)), "");
  EXPECT_EQ(flags("holder=zhang", false), Flags());
}

TEST_F(Patterns, WhatCannotBeCountedIsRefused) {
  settings_ = {};
  settings_.person = {1000, 1000};
  settings_.most_counted = 6;
  EXPECT_EQ(refusal("person=staff/a"), "");
  EXPECT_EQ(refusal("person=staff/b"), "");
  EXPECT_EQ(refusal("person=staff/c"), "limit.memory");
  clock_.time += std::chrono::hours(24);
  EXPECT_EQ(refusal("person=staff/c"), "");
}

TEST_F(Patterns, TheSameHolderInSeveralCases) {
  EXPECT_EQ(flags("ground=C-1", true), Flags());
  EXPECT_EQ(flags("ground=C-1", true), Flags());
  EXPECT_EQ(flags("ground=C-2", false), Flags());
  EXPECT_EQ(flags("ground=C-2; holder=li", true), Flags());
  EXPECT_EQ(flags("ground=C-2; person=staff/wu; holder=zhang-15", true),
            Flags{"pattern.holder_in_several_cases"});
  EXPECT_EQ(flags("ground=C-3", true), Flags());  // once a day
  clock_.time += std::chrono::hours(72);
  EXPECT_EQ(flags("ground=C-3", true), Flags());
  EXPECT_EQ(flags("ground=C-4", true), Flags{"pattern.holder_in_several_cases"});
}

TEST_F(Patterns, RepeatedDenials) {
  EXPECT_EQ(flags("", false), Flags());
  EXPECT_EQ(flags("person=staff/wu", false), Flags());
  EXPECT_EQ(flags("", true), Flags());
  EXPECT_EQ(flags("", false), Flags());
  EXPECT_EQ(flags("", false), Flags{"pattern.repeated_denials"});
  EXPECT_EQ(flags("", false), Flags());
}

TEST_F(Patterns, OutsideOfficeHours) {
  clock_.time = time_of("2026-11-27T09:59:00Z");
  EXPECT_EQ(flags("", true), Flags());
  clock_.time += std::chrono::minutes(1);
  EXPECT_EQ(flags("", true), Flags{"pattern.outside_office_hours"});
  EXPECT_EQ(flags("", true), Flags());
  EXPECT_EQ(flags("person=none", false), Flags{"pattern.outside_office_hours"});
  clock_.time = time_of("2026-11-28T02:00:00Z");  // a Saturday
  EXPECT_EQ(flags("", true), Flags{"pattern.outside_office_hours"});
}

TEST_F(Patterns, ManyThreadsTogetherGetWhatOneGets) {
  settings_.person = {100, 0};
  settings_.system = {};
  (void)patterns();
  const AccessRequest asked = request("");
  std::atomic<int> allowed{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 100; ++j) allowed += patterns_->refusal(asked).empty() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(allowed, 100);
}

TEST_F(Patterns, EachLimitHasASentence) {
  for (const DecisionCode& one : limit_codes()) EXPECT_FALSE(sentence_of(one.code).empty());
}

}  // namespace
}  // namespace certbridge::host::access_test
