// What a comparison says of states and differences.
#include "reconcile/comparing.h"

namespace certbridge::host {
namespace {

std::string joined(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : "/") + word;
  return text;
}

}  // namespace

// For people and for tallies: our words, or theirs when they stand for none of ours.
std::string shown(const BookedState& state) {
  if (state.in_progress) return "in progress";
  if (!state.words.empty()) return joined(state.words);
  return state.said.empty() ? "held" : state.said;
}

std::string shown(const JournalCertificate& ours, Standing standing) {
  if (standing == Standing::kParked) return "parked";
  if (standing == Standing::kUnderWay) return "under way";
  return compared_word(ours);
}

std::string to_word(DifferenceSort sort) {
  switch (sort) {
    case DifferenceSort::kNeverArrived:
      return "never-arrived";
    case DifferenceSort::kNotIssued:
      return "not-issued";
    case DifferenceSort::kMissing:
      return "missing";
    case DifferenceSort::kExtra:
      return "extra";
    case DifferenceSort::kState:
      return "other-state";
    case DifferenceSort::kDigest:
      return "other-digest";
    case DifferenceSort::kCount:
      return "other-count";
  }
  return {};
}

const std::vector<DifferenceSort>& all_sorts() {
  static const std::vector<DifferenceSort> kAll{
      DifferenceSort::kNeverArrived, DifferenceSort::kNotIssued, DifferenceSort::kMissing,
      DifferenceSort::kExtra,        DifferenceSort::kState,     DifferenceSort::kDigest,
      DifferenceSort::kCount};
  return kAll;
}

Standing JournalCertificate::at(const std::string& sink) const {
  const auto found = standing.find(sink);
  return found == standing.end() ? Standing::kNotMeant : found->second;
}

std::string compared_word(const JournalCertificate& ours) {
  return ours.is_newest ? ours.word : "replaced";
}

bool contradicts(const BookedState& theirs, const std::string& word) {
  if (theirs.said.empty() && theirs.words.empty()) return false;
  return !theirs.words.contains(word == kIssuedWord ? "valid" : word);
}

}  // namespace certbridge::host
