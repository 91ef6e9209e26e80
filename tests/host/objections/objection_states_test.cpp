// The table of states: each row, and everything that is none.
#include "objections/objection_states.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <map>
#include <sstream>

namespace certbridge::host {
namespace {

using State = ObjectionState;
using Step = ObjectionStep;

constexpr std::array kSteps{Step::kTake,   Step::kConfirm, Step::kCorrect,
                            Step::kUphold, Step::kReject,  Step::kWithdraw};
constexpr std::array kStates{State::kRaised, State::kTaken,    State::kConfirmed, State::kCorrected,
                             State::kUpheld, State::kRejected, State::kWithdrawn};

std::string after(ObjectionKind kind, State state, Step step) {
  const auto then = state_after(kind, state, step);
  return then ? to_text(then.value()) : then.error().code;
}

TEST(ObjectionStates, EachStepOfEachState) {
  const std::map<std::pair<State, Step>, std::string> objection{
      {{State::kRaised, Step::kTake}, "taken"},
      {{State::kRaised, Step::kConfirm}, "objection.not_taken"},
      {{State::kRaised, Step::kCorrect}, "objection.not_taken"},
      {{State::kRaised, Step::kWithdraw}, "withdrawn"},
      {{State::kTaken, Step::kTake}, "taken"},
      {{State::kTaken, Step::kConfirm}, "confirmed"},
      {{State::kTaken, Step::kCorrect}, "corrected"},
      {{State::kTaken, Step::kWithdraw}, "withdrawn"}};
  const std::map<std::pair<State, Step>, std::string> complaint{
      {{State::kRaised, Step::kTake}, "taken"},
      {{State::kRaised, Step::kUphold}, "objection.not_taken"},
      {{State::kRaised, Step::kReject}, "objection.not_taken"},
      {{State::kRaised, Step::kWithdraw}, "withdrawn"},
      {{State::kTaken, Step::kTake}, "taken"},
      {{State::kTaken, Step::kUphold}, "upheld"},
      {{State::kTaken, Step::kReject}, "rejected"},
      {{State::kTaken, Step::kWithdraw}, "withdrawn"}};
  for (const State state : kStates) {
    for (const Step step : kSteps) {
      SCOPED_TRACE(to_text(state) + " " + std::to_string(static_cast<int>(step)));
      const bool of_complaints = step == Step::kUphold || step == Step::kReject;
      const bool of_objections = step == Step::kConfirm || step == Step::kCorrect;
      const auto expected = [&](const auto& table, bool is_other) -> std::string {
        if (is_other) return "objection.other_kind";
        return has_ended(state) ? "objection.ended" : table.at({state, step});
      };
      EXPECT_EQ(after(ObjectionKind::kObjection, state, step), expected(objection, of_complaints));
      EXPECT_EQ(after(ObjectionKind::kComplaint, state, step), expected(complaint, of_objections));
    }
  }
}

TEST(ObjectionStates, WordsComeBack) {
  for (const State state : kStates) EXPECT_EQ(objection_state(to_text(state)), state);
  EXPECT_FALSE(objection_state("shown").has_value());
  EXPECT_FALSE(objection_state("").has_value());
  EXPECT_FALSE(step_to(State::kRaised).has_value());
  EXPECT_EQ(step_to(State::kCorrected), Step::kCorrect);
}

TEST(ObjectionStates, ThePageShowsTheSameTable) {
  std::ifstream file(std::string(CERTBRIDGE_SOURCE_DIR) + "/docs/objections.md");
  std::stringstream text;
  text << file.rdbuf();
  const std::string page = text.str();
  ASSERT_FALSE(page.empty());
  for (const auto kind : {ObjectionKind::kObjection, ObjectionKind::kComplaint}) {
    for (const State state : kStates) {
      for (const Step step : kSteps) {
        const auto then = state_after(kind, state, step);
        if (!then) continue;
        const std::string row = "| " + to_text(kind) + " | `" + to_text(state) + "` | ";
        const std::string end = " | `" + to_text(then.value()) + "` |";
        bool found = false;
        for (auto at = page.find(row); at != std::string::npos && !found;
             at = page.find(row, at + 1)) {
          found = page.substr(at, page.find('\n', at) - at).ends_with(end);
        }
        EXPECT_TRUE(found) << row << end;
      }
    }
  }
}

}  // namespace
}  // namespace certbridge::host
