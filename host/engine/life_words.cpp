#include "engine/life_step.h"

namespace certbridge::host {

std::string to_text(LifeOutcome outcome) {
  switch (outcome) {
    case LifeOutcome::kIssued:
      return "issued";
    case LifeOutcome::kChanged:
      return "changed";
    case LifeOutcome::kNoted:
      return "noted";
    case LifeOutcome::kUnchanged:
      return "unchanged";
    case LifeOutcome::kNotHeld:
      return "not-held";
    case LifeOutcome::kNotPublished:
      return "not-published";
    case LifeOutcome::kSuperseded:
      return "superseded";
  }
  return "";
}

std::string told_word(const LifeState& state, const std::set<RestrictionKind>& suspending) {
  LifeState told = state;
  if (told.base.base == Status::Base::kIssued) told.base.base = Status::Base::kValid;
  return status_word(told, suspending);
}

}  // namespace certbridge::host
