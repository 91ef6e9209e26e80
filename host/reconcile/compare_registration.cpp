// The registration system: cases that never came, certificates that were not issued, and what is
// issued and not booked there.
#include <set>

#include "certbridge/identifiers.h"
#include "reconcile/comparing.h"

namespace certbridge::host {
namespace {

bool has_ended_word(const std::string& word) {
  return word == "cancelled" || word == "revoked" || word == "abolished" || word == "voided";
}

}  // namespace

void Comparing::compare_registration() {
  const GatheredBooks& theirs = gathered_.registration;
  if (theirs.error || theirs.page.kind != BooksKind::kList) return;
  for (const BookedCase& one : theirs.page.cases) compare_case(one);
  std::set<std::string> booked;
  for (const BookedCertificate& one : theirs.page.certificates) {
    tally(theirs.books, one.area, one.type_code, shown(one.state), 1);
    booked.insert(normalise_certificate_number(one.number));
    compare_booked(one);
  }
  for (const auto& [number, ours] : newest_) {
    if (booked.contains(number)) continue;
    // What has ended may have been struck out of the book.
    if (!ours->of_the_day || ours->moving || has_ended_word(ours->word)) continue;
    Difference it = about(*ours, DifferenceSort::kMissing);
    it.here = compared_word(*ours);
    it.there = "not booked on this day";
    it.proposal = Proposal::kLookThere;
    add(theirs.books, std::move(it));
  }
}

const JournalCase* Comparing::case_of(const std::string& case_no) const {
  const auto found = gathered_.cases.find(case_no);
  return found == gathered_.cases.end() ? nullptr : &found->second;
}

void Comparing::compare_case(const BookedCase& one) {
  const JournalCase* ours = case_of(one.case_no);
  if (ours == nullptr || ours->arrived) return;
  Difference it;
  it.sort = DifferenceSort::kNeverArrived;
  it.area = one.area;
  it.case_no = one.case_no;
  it.here = "nothing";
  it.there = "booked";
  it.proposal = Proposal::kHandOver;
  add(kJournalBooks, std::move(it));
}

void Comparing::compare_booked(const BookedCertificate& theirs) {
  const JournalCertificate* ours = find(theirs);
  if (ours == nullptr) return compare_not_issued(theirs);
  if (!contradicts(theirs.state, ours->word) || ours->word == kIssuedWord) return;
  if (ours->moving) return under_way(gathered_.registration.books);
  Difference it = about(*ours, DifferenceSort::kState);
  it.here = ours->word;
  it.there = shown(theirs.state);
  it.proposal = Proposal::kHandOver;
  add(gathered_.registration.books, std::move(it));
}

void Comparing::compare_not_issued(const BookedCertificate& theirs) {
  const bool in_force = theirs.state.words.empty();
  const JournalCase* ours = case_of(theirs.case_no);
  // What never arrived is said once, of its case.
  if (!in_force || ours == nullptr || !ours->arrived) return;
  if (ours->moving) return under_way(kJournalBooks);
  if (ours->withheld) return;
  Difference it = about(theirs, DifferenceSort::kNotIssued);
  it.message = ours->parked;
  it.here = ours->parked.empty() ? "nothing issued" : "parked: " + ours->parked_code;
  it.there = "booked";
  it.proposal = ours->parked.empty() ? Proposal::kHandOver : Proposal::kSeeParked;
  add(kJournalBooks, std::move(it));
}

}  // namespace certbridge::host
