// What becomes of an objection (article 16 of the measures) and of a complaint: one table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "certbridge/result.h"

namespace certbridge::host {

enum class ObjectionKind : std::uint8_t {
  kObjection = 1,  // what a certificate says is not so
  kComplaint = 2,  // paper was asked for although there was a certificate (article 20)
};
enum class ObjectionState : std::uint8_t {
  kRaised = 1,     // waits for a reviewer
  kTaken = 2,      // a reviewer looks into it
  kConfirmed = 3,  // an objection: the certificate was checked and stays as it is
  kCorrected = 4,  // an objection: a new version or another certificate replaces it
  kUpheld = 5,     // a complaint: it was so
  kRejected = 6,   // a complaint: it was not so
  kWithdrawn = 7,  // by whoever raised it, or by a reviewer for him
};
enum class ObjectionStep : std::uint8_t {
  kTake = 1,
  kConfirm = 2,
  kCorrect = 3,
  kUphold = 4,
  kReject = 5,
  kWithdraw = 6,
};

std::string to_text(ObjectionKind kind);    // "objection"
std::string to_text(ObjectionState state);  // "taken"
std::optional<ObjectionState> objection_state(std::string_view word);
bool has_ended(ObjectionState state);
// The step that leads to a state; none to kRaised.
std::optional<ObjectionStep> step_to(ObjectionState state);
// Whether only the reviewer who took it may do this: an outcome is one person's answer.
bool is_of_the_reviewer(ObjectionStep step);

// Taking over from another reviewer is taking. Permanent errors:
//   objection.ended      it has its outcome
//   objection.not_taken  nobody has taken it yet, so nobody can say what came of it
//   objection.other_kind an objection is confirmed or corrected, a complaint upheld or rejected
Result<ObjectionState> state_after(ObjectionKind kind, ObjectionState state, ObjectionStep step);

}  // namespace certbridge::host
