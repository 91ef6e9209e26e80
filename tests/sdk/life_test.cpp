// The life of a certificate: the table, and random histories against a naive model.
#include "certbridge/life.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <random>
#include <sstream>

namespace certbridge {
namespace {

using Base = Status::Base;
using Event = LifeEventKind;
using Kind = RestrictionKind;

Timestamp at(int second) { return Timestamp(std::chrono::seconds(second)); }

LifeState valid_certificate() {
  LifeState state;
  state.base = {Base::kValid, "", at(0)};
  return state;
}

LifeEvent restricted(Kind kind, const std::string& case_no, int second) {
  return {Event::kRestrict, at(second), "", {kind, case_no, "court", {}, false}};
}
LifeEvent released(Kind kind, const std::string& case_no, int second) {
  return {Event::kRelease, at(second), "", {kind, case_no, "", {}, false}};
}

TEST(Life, TheTableHasOneRowForEachEventAndState) {
  std::set<std::pair<Event, Base>> seen;
  for (const LifeTransition& row : life_transitions()) {
    EXPECT_TRUE(seen.emplace(row.event, row.from).second);
    EXPECT_EQ(row.effect == LifeEffect::kChanged, row.from != row.to);
    EXPECT_FALSE(to_word(row.event).empty());
    EXPECT_FALSE(to_word(row.from).empty());
  }
  EXPECT_EQ(seen.size(), 80U);
}

// docs/life.md shows the table to people; what it shows is what the code does.
TEST(Life, TheDocumentShowsTheSameTable) {
  std::ifstream file(std::string(CERTBRIDGE_SOURCE_DIR) + "/docs/life.md");
  std::stringstream text;
  text << file.rdbuf();
  for (std::size_t i = 0; i < life_transitions().size(); i += 8) {
    std::string line = "| `" + to_word(life_transitions()[i].event) + "` |";
    for (const LifeTransition& row : life_transitions().subspan(i, 8)) {
      line += row.effect == LifeEffect::kRefused     ? " refused |"
              : row.effect == LifeEffect::kUnchanged ? " |"
                                                     : " " + to_word(row.to) + " |";
    }
    EXPECT_NE(text.str().find(line), std::string::npos) << line;
  }
}

TEST(Life, AnEndedCertificateStaysEnded) {
  for (const LifeTransition& row : life_transitions()) {
    LifeState state;
    state.base.base = row.from;
    if (!has_ended(state) || row.from == Base::kVoided) continue;
    EXPECT_EQ(row.to, row.from) << to_word(row.event);
  }
}

TEST(Life, TheSecondSeizureWaitsForTheFirst) {
  LifeState state = valid_certificate();
  const std::set<Kind> suspending{Kind::kSeizure};
  state = apply_event(state, restricted(Kind::kSeizure, "A", 1)).after;
  state = apply_event(state, restricted(Kind::kSeizure, "B", 2)).after;
  state = apply_event(state, restricted(Kind::kSeizure, "C", 3)).after;
  EXPECT_FALSE(state.restrictions[0].waiting);
  EXPECT_TRUE(state.restrictions[1].waiting);
  // One that waits may be released before its turn.
  state = apply_event(state, released(Kind::kSeizure, "B", 4)).after;
  state = apply_event(state, released(Kind::kSeizure, "A", 5)).after;
  ASSERT_EQ(state.restrictions.size(), 1U);
  EXPECT_EQ(state.restrictions[0].case_no, "C");
  EXPECT_FALSE(state.restrictions[0].waiting);
  EXPECT_EQ(state.restrictions[0].since, at(5));
  EXPECT_FALSE(is_usable(state, suspending));
  state = apply_event(state, released(Kind::kSeizure, "C", 6)).after;
  EXPECT_TRUE(is_usable(state, suspending));
}

TEST(Life, AMortgageLeavesItValid) {
  LifeState state = valid_certificate();
  const std::set<Kind> suspending{Kind::kSeizure, Kind::kObjection};
  EXPECT_EQ(status_word(state, suspending), "valid");
  state = apply_event(state, restricted(Kind::kMortgage, "M", 1)).after;
  EXPECT_TRUE(is_usable(state, suspending));
  EXPECT_EQ(status_word(state, suspending), "mortgaged");
  state = apply_event(state, restricted(Kind::kObjection, "O", 2)).after;
  EXPECT_EQ(status_word(state, suspending), "suspended");
  EXPECT_EQ(status_word(state, {}), "mortgaged");
}

TEST(Life, SaysWhyNothingChanged) {
  LifeState state = valid_certificate();
  EXPECT_EQ(apply_event(state, released(Kind::kSeizure, "A", 1)).code, "life.not_restricted");
  state = apply_event(state, restricted(Kind::kSeizure, "A", 2)).after;
  EXPECT_EQ(apply_event(state, restricted(Kind::kSeizure, "A", 3)).code, "life.already");
  EXPECT_EQ(apply_event(state, {Event::kCollected, at(3), "", {}}).code, "life.already");
  state = apply_event(state, {Event::kCancel, at(4), "transferred", {}}).after;
  EXPECT_EQ(state.base.reason, "transferred");
  EXPECT_EQ(state.base.since, at(4));
  const LifeChange late = apply_event(state, restricted(Kind::kSeizure, "B", 5));
  EXPECT_EQ(late.effect, LifeEffect::kRefused);
  EXPECT_EQ(late.code, "life.ended");
  EXPECT_EQ(apply_event(state, {Event::kRevoke, at(6), "", {}}).code, "life.ended");
}

// The same in the plainest words: a queue of seizures and a set of everything else.
struct NaiveModel {
  Base base = Base::kValid;
  std::deque<std::string> seizures{};
  std::set<std::pair<Kind, std::string>> others{};

  void restrict_it(Kind kind, const std::string& case_no) {
    if (base == Base::kCancelled) return;
    if (kind != Kind::kSeizure) {
      others.emplace(kind, case_no);
    } else if (std::find(seizures.begin(), seizures.end(), case_no) == seizures.end()) {
      seizures.push_back(case_no);
    }
  }
  void release_it(Kind kind, const std::string& case_no) {
    if (kind == Kind::kSeizure) {
      std::erase(seizures, case_no);
    } else {
      others.erase({kind, case_no});
    }
  }
  bool usable() const {
    const bool objected = std::any_of(others.begin(), others.end(), [](const auto& one) {
      return one.first == Kind::kObjection;
    });
    return base == Base::kValid && seizures.empty() && !objected;
  }
};

void expect_same(const LifeState& state, const NaiveModel& model) {
  ASSERT_EQ(state.restrictions.size(), model.seizures.size() + model.others.size());
  std::vector<std::string> seizures;
  for (const Restriction& one : state.restrictions) {
    if (one.kind == Kind::kSeizure) {
      EXPECT_EQ(one.waiting, !seizures.empty());
      seizures.push_back(one.case_no);
    } else {
      EXPECT_FALSE(one.waiting);
      EXPECT_TRUE(model.others.contains({one.kind, one.case_no}));
    }
  }
  EXPECT_TRUE(
      std::equal(seizures.begin(), seizures.end(), model.seizures.begin(), model.seizures.end()));
  EXPECT_EQ(is_usable(state, {Kind::kSeizure, Kind::kObjection}), model.usable());
}

TEST(Life, RandomOverlappingRestrictionsAgreeWithANaiveModel) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 dice(seed);
    LifeState state = valid_certificate();
    NaiveModel model;
    for (int step = 1; step <= 60; ++step) {
      const Kind kind = static_cast<Kind>(1 + dice() % 5);
      const std::string case_no = "case-" + std::to_string(dice() % 4);
      const bool ends = dice() % 80 == 0;
      const bool opens = dice() % 2 == 0;
      const LifeEvent event = ends    ? LifeEvent{Event::kCancel, at(step), "", {}}
                              : opens ? restricted(kind, case_no, step)
                                      : released(kind, case_no, step);
      if (ends) {
        model.base = Base::kCancelled;
      } else if (opens) {
        model.restrict_it(kind, case_no);
      } else {
        model.release_it(kind, case_no);
      }
      const LifeChange change = apply_event(state, event);
      // Told twice changes nothing more: sources repeat themselves.
      const LifeChange again = apply_event(change.after, event);
      EXPECT_NE(again.effect, LifeEffect::kChanged);
      EXPECT_EQ(again.after.restrictions, change.after.restrictions);
      state = change.after;
      expect_same(state, model);
    }
    // Whatever is open can be released, in any order, and then nothing is.
    while (!state.restrictions.empty()) {
      const Restriction& one = state.restrictions[dice() % state.restrictions.size()];
      state = apply_event(state, released(one.kind, one.case_no, 100)).after;
    }
    EXPECT_EQ(is_usable(state, {Kind::kSeizure}), model.base == Base::kValid);
  }
}

}  // namespace
}  // namespace certbridge
