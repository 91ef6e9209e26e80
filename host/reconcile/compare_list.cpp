// A counterpart that lists: what it lacks, has besides, has in another state or with another
// digest.
#include <set>

#include "reconcile/comparing.h"

namespace certbridge::host {

void Comparing::compare_counterpart(const GatheredBooks& theirs) {
  if (theirs.error) return;
  if (theirs.page.kind == BooksKind::kList) compare_list(theirs);
  if (theirs.page.kind == BooksKind::kCounts) compare_counts(theirs);
  if (!theirs.only_compared) return;
  for (Difference& one : result_.differences) {
    if (one.books == theirs.books) one.proposal = Proposal::kAskForwarder;
  }
}

void Comparing::compare_list(const GatheredBooks& theirs) {
  std::set<const JournalCertificate*> seen;
  for (const BookedCertificate& one : theirs.page.certificates) {
    tally(theirs.books, one.area, one.type_code, shown(one.state), 1);
    const JournalCertificate* ours = find(one);
    if (ours == nullptr || !seen.insert(ours).second) {
      compare_extra(theirs.books, one, ours != nullptr);
    } else {
      compare_held(theirs.books, *ours, one);
    }
  }
  for (const JournalCertificate& ours : gathered_.journal) {
    if (!seen.contains(&ours)) compare_missing(theirs, ours);
  }
}

void Comparing::compare_extra(const std::string& books, const BookedCertificate& theirs,
                              bool twice) {
  Difference it = about(theirs, DifferenceSort::kExtra);
  it.here = twice ? "known once" : "nothing";
  it.there = shown(theirs.state);
  it.proposal = Proposal::kLookThere;
  add(books, std::move(it));
}

void Comparing::compare_missing(const GatheredBooks& theirs, const JournalCertificate& ours) {
  if (theirs.newest_only && !ours.is_newest) return;
  const std::string& books = theirs.books;
  const Standing standing = ours.at(books);
  if (standing == Standing::kNotMeant || !ours.of_the_day) return;
  if (standing == Standing::kUnderWay) return under_way(books);
  Difference it = about(ours, DifferenceSort::kMissing);
  it.here = shown(ours, standing);
  it.there = "nothing";
  it.proposal = standing == Standing::kParked ? Proposal::kReplay : Proposal::kDeliverAgain;
  it.message = ours.message;
  add(books, std::move(it));
}

void Comparing::compare_held(const std::string& books, const JournalCertificate& ours,
                             const BookedCertificate& theirs) {
  if (!ours.digest.empty() && !theirs.digest.empty() && ours.digest != theirs.digest) {
    Difference it = about(ours, DifferenceSort::kDigest);
    it.here = ours.digest;
    it.there = theirs.digest;
    it.proposal = Proposal::kNewRevision;
    add(books, std::move(it));
  }
  compare_state(books, ours, theirs.state);
}

void Comparing::compare_state(const std::string& books, const JournalCertificate& ours,
                              const BookedState& theirs) {
  const Standing standing = ours.at(books);
  if (standing == Standing::kUnderWay || ours.moving) {
    if (theirs.in_progress || contradicts(theirs, compared_word(ours))) under_way(books);
    return;
  }
  // Of a version that was replaced it is enough that it is there.
  if (standing == Standing::kNotMeant || !ours.is_newest) return;
  const bool parked = standing == Standing::kParked || ours.change_parked;
  if (!parked && !theirs.in_progress && !contradicts(theirs, ours.word)) return;
  Difference it = about(ours, DifferenceSort::kState);
  it.here = shown(ours, standing) + (ours.change_parked ? ", a change is parked" : "");
  it.there = shown(theirs);
  it.proposal = parked ? Proposal::kReplay : Proposal::kTellAgain;
  it.message = ours.change;
  add(books, std::move(it));
}

}  // namespace certbridge::host
