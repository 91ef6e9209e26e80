// A counterpart that only counts.
#include "reconcile/comparing.h"

namespace certbridge::host {

void Comparing::compare_counts(const GatheredBooks& theirs) {
  std::map<Group, Count> counts;
  for (const BookedCount& one : theirs.page.counts) {
    tally(theirs.books, one.area, one.type_code, shown(one.state), one.number);
    counts[{one.area, one.type_code, shown(one.state)}].theirs += one.number;
  }
  for (const JournalCertificate& ours : gathered_.journal) {
    count_ours(theirs, ours, counts);
  }
  for (const auto& [group, count] : counts) {
    if (count.least <= count.theirs && count.theirs <= count.most) continue;
    Difference it;
    it.sort = DifferenceSort::kCount;
    it.area = group.area;
    it.type_code = group.type_code;
    it.here = std::to_string(count.least) + " " + group.state;
    it.there = std::to_string(count.theirs) + " " + group.state;
    it.proposal = Proposal::kCountByHand;
    add(theirs.books, std::move(it));
  }
}

void Comparing::count_ours(const GatheredBooks& theirs, const JournalCertificate& ours,
                           std::map<Group, Count>& counts) {
  const Standing standing = ours.at(theirs.books);
  if (standing == Standing::kNotMeant) return;
  const std::string word = compared_word(ours) == kIssuedWord ? "valid" : compared_word(ours);
  const bool settled = standing != Standing::kUnderWay && !ours.moving;
  if (!settled) {
    under_way(theirs.books);
    // It may stand there by its old word or by its new one, or not at all.
    for (const BookedCount& one : theirs.page.counts) {
      if (one.area != ours.area || one.type_code != ours.type_code) continue;
      ++counts[{one.area, one.type_code, shown(one.state)}].most;
    }
    return;
  }
  Count& count = counts[group_of(theirs, ours, word)];
  ++count.most;
  ++count.least;
}

Comparing::Group Comparing::group_of(const GatheredBooks& theirs, const JournalCertificate& ours,
                                     const std::string& word) const {
  for (const BookedCount& one : theirs.page.counts) {
    const bool same = one.area == ours.area && one.type_code == ours.type_code;
    if (same && one.state.words.contains(word)) {
      return {one.area, one.type_code, shown(one.state)};
    }
  }
  return {ours.area, ours.type_code, word};
}

}  // namespace certbridge::host
