#include "objections/objection_states.h"

#include <algorithm>
#include <array>

namespace certbridge::host {
namespace {

using Kind = ObjectionKind;
using State = ObjectionState;
using Step = ObjectionStep;

struct Row {
  Kind kind = Kind::kObjection;
  State state = State::kRaised;
  Step step = Step::kTake;
  State then = State::kRaised;
};

// What is not here is refused. docs/objections.md shows the same table.
constexpr std::array kRows{
    Row{Kind::kObjection, State::kRaised, Step::kTake, State::kTaken},
    Row{Kind::kObjection, State::kRaised, Step::kWithdraw, State::kWithdrawn},
    Row{Kind::kObjection, State::kTaken, Step::kTake, State::kTaken},
    Row{Kind::kObjection, State::kTaken, Step::kConfirm, State::kConfirmed},
    Row{Kind::kObjection, State::kTaken, Step::kCorrect, State::kCorrected},
    Row{Kind::kObjection, State::kTaken, Step::kWithdraw, State::kWithdrawn},
    Row{Kind::kComplaint, State::kRaised, Step::kTake, State::kTaken},
    Row{Kind::kComplaint, State::kRaised, Step::kWithdraw, State::kWithdrawn},
    Row{Kind::kComplaint, State::kTaken, Step::kTake, State::kTaken},
    Row{Kind::kComplaint, State::kTaken, Step::kUphold, State::kUpheld},
    Row{Kind::kComplaint, State::kTaken, Step::kReject, State::kRejected},
    Row{Kind::kComplaint, State::kTaken, Step::kWithdraw, State::kWithdrawn},
};

constexpr std::array<std::string_view, 7> kStateWords{
    "raised", "taken", "confirmed", "corrected", "upheld", "rejected", "withdrawn"};

bool is_known(Kind kind, Step step) {
  return std::any_of(kRows.begin(), kRows.end(),
                     [&](const Row& row) { return row.kind == kind && row.step == step; });
}

}  // namespace

std::string to_text(ObjectionKind kind) {
  return kind == Kind::kObjection ? "objection" : "complaint";
}

std::string to_text(ObjectionState state) {
  return std::string(kStateWords.at(static_cast<std::size_t>(state) - 1));
}

std::optional<ObjectionState> objection_state(std::string_view word) {
  const auto found = std::find(kStateWords.begin(), kStateWords.end(), word);
  if (found == kStateWords.end()) return {};
  return static_cast<State>(found - kStateWords.begin() + 1);
}

bool has_ended(ObjectionState state) { return state != State::kRaised && state != State::kTaken; }

std::optional<ObjectionStep> step_to(ObjectionState state) {
  const auto row = std::find_if(kRows.begin(), kRows.end(),
                                [state](const Row& one) { return one.then == state; });
  if (row == kRows.end()) return {};
  return row->step;
}

bool is_of_the_reviewer(ObjectionStep step) {
  return step != Step::kTake && step != Step::kWithdraw;
}

Result<ObjectionState> state_after(ObjectionKind kind, ObjectionState state, ObjectionStep step) {
  for (const Row& row : kRows) {
    if (row.kind == kind && row.state == state && row.step == step) return row.then;
  }
  if (!is_known(kind, step)) {
    return Error::permanent("objection.other_kind",
                            kind == Kind::kObjection
                                ? "an objection is confirmed, corrected or withdrawn"
                                : "a complaint is upheld, rejected or withdrawn");
  }
  if (has_ended(state)) {
    return Error::permanent("objection.ended", "it has ended: " + to_text(state));
  }
  return Error::permanent("objection.not_taken", "nobody has taken it yet: take it first");
}

}  // namespace certbridge::host
