#include "reconcile/compare.h"

#include <algorithm>
#include <tuple>

#include "certbridge/identifiers.h"

namespace certbridge::host {
namespace {

constexpr const char* kJournal = "journal";
constexpr const char* kIssued = "issued";  // sealed and not collected yet

bool has_ended_word(const std::string& word) {
  return word == "cancelled" || word == "revoked" || word == "abolished" || word == "voided";
}

std::string joined(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : "/") + word;
  return text;
}

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

// A certificate of a version; a counterpart that tells no version means the newest.
struct Key {
  std::string number{};
  int version = 0;
  auto operator<=>(const Key&) const = default;
};

// What is known of the certificate, on whichever side.
template <class Certificate>
Difference about(const Certificate& certificate, DifferenceSort sort) {
  Difference it;
  it.sort = sort;
  it.area = certificate.area;
  it.type_code = certificate.type_code;
  it.case_no = certificate.case_no;
  it.identifier = certificate.identifier;
  it.number = certificate.number;
  return it;
}

class Comparing {
 public:
  explicit Comparing(const Gathered& gathered) : gathered_(gathered) {
    for (const JournalCertificate& one : gathered.journal) {
      by_version_[{one.normalised_number, one.version}] = &one;
      const JournalCertificate*& newest = newest_[one.normalised_number];
      if (newest == nullptr || newest->version < one.version) newest = &one;
    }
  }

  Comparison compare() {
    asked_of(gathered_.registration);
    BooksAsked journal;
    journal.books = kJournal;
    journal.answered = true;
    journal.kind = BooksKind::kList;
    result_.asked.push_back(journal);
    for (const GatheredBooks& one : gathered_.counterparts) asked_of(one);
    tally_journal();
    compare_registration();
    for (const GatheredBooks& one : gathered_.counterparts) compare_counterpart(one);
    finish();
    return std::move(result_);
  }

 private:
  void asked_of(const GatheredBooks& books) {
    BooksAsked asked;
    asked.books = books.books;
    asked.answered = !books.error.has_value();
    asked.kind = books.page.kind;
    if (books.error) {
      asked.reason = "not asked: " + books.error->code + ": " + books.error->message;
    } else if (books.page.kind == BooksKind::kNothing) {
      asked.reason = "it can neither list nor count: its books were not compared";
    } else if (books.page.kind == BooksKind::kCounts) {
      asked.reason = "it cannot list, it only counts: what differs cannot be named";
    }
    result_.asked.push_back(std::move(asked));
  }
  BooksAsked& asked(const std::string& books) {
    return *std::find_if(result_.asked.begin(), result_.asked.end(),
                         [&](const BooksAsked& one) { return one.books == books; });
  }
  void add(const std::string& books, Difference difference) {
    difference.books = books;
    result_.differences.push_back(std::move(difference));
  }
  void tally(const std::string& books, const std::string& area, const std::string& type,
             const std::string& state, std::uint64_t number) {
    tallies_[std::tuple(books, area, type, state)] += number;
  }

  void tally_journal() {
    for (const JournalCertificate& one : gathered_.journal) {
      tally(kJournal, one.area, one.type_code, compared_word(one), 1);
    }
  }

  const JournalCertificate* find(const BookedCertificate& theirs) const {
    const std::string number = normalise_certificate_number(theirs.number);
    if (theirs.version > 0) {
      const auto found = by_version_.find({number, theirs.version});
      return found == by_version_.end() ? nullptr : found->second;
    }
    const auto found = newest_.find(number);
    return found == newest_.end() ? nullptr : found->second;
  }

  // The registration system: cases that never came, certificates that were not issued, and what is
  // issued and not booked there.
  void compare_registration() {
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

  const JournalCase* case_of(const std::string& case_no) const {
    const auto found = gathered_.cases.find(case_no);
    return found == gathered_.cases.end() ? nullptr : &found->second;
  }

  void compare_case(const BookedCase& one) {
    const JournalCase* ours = case_of(one.case_no);
    if (ours == nullptr || ours->arrived) return;
    Difference it;
    it.sort = DifferenceSort::kNeverArrived;
    it.area = one.area;
    it.case_no = one.case_no;
    it.here = "nothing";
    it.there = "booked";
    it.proposal = Proposal::kHandOver;
    add(kJournal, std::move(it));
  }

  void compare_booked(const BookedCertificate& theirs) {
    const JournalCertificate* ours = find(theirs);
    if (ours == nullptr) return compare_not_issued(theirs);
    if (!contradicts(theirs.state, ours->word) || ours->word == kIssued) return;
    if (ours->moving) return under_way(gathered_.registration.books);
    Difference it = about(*ours, DifferenceSort::kState);
    it.here = ours->word;
    it.there = shown(theirs.state);
    it.proposal = Proposal::kHandOver;
    add(gathered_.registration.books, std::move(it));
  }

  void compare_not_issued(const BookedCertificate& theirs) {
    const bool in_force = theirs.state.words.empty();
    const JournalCase* ours = case_of(theirs.case_no);
    // What never arrived is said once, of its case.
    if (!in_force || ours == nullptr || !ours->arrived) return;
    if (ours->moving) return under_way(kJournal);
    if (ours->withheld) return;
    Difference it = about(theirs, DifferenceSort::kNotIssued);
    it.message = ours->parked;
    it.here = ours->parked.empty() ? "nothing issued" : "parked: " + ours->parked_code;
    it.there = "booked";
    it.proposal = ours->parked.empty() ? Proposal::kHandOver : Proposal::kSeeParked;
    add(kJournal, std::move(it));
  }

  void compare_counterpart(const GatheredBooks& theirs) {
    if (theirs.error) return;
    if (theirs.page.kind == BooksKind::kList) compare_list(theirs);
    if (theirs.page.kind == BooksKind::kCounts) compare_counts(theirs);
  }

  void compare_list(const GatheredBooks& theirs) {
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
      if (!seen.contains(&ours)) compare_missing(theirs.books, ours);
    }
  }

  void compare_extra(const std::string& books, const BookedCertificate& theirs, bool twice) {
    Difference it = about(theirs, DifferenceSort::kExtra);
    it.here = twice ? "known once" : "nothing";
    it.there = shown(theirs.state);
    it.proposal = Proposal::kLookThere;
    add(books, std::move(it));
  }

  void compare_missing(const std::string& books, const JournalCertificate& ours) {
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

  void compare_held(const std::string& books, const JournalCertificate& ours,
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

  void compare_state(const std::string& books, const JournalCertificate& ours,
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

  // What is counted together: what the counterpart has one word for.
  struct Group {
    std::string area{};
    std::string type_code{};
    std::string state{};
    auto operator<=>(const Group&) const = default;
  };
  struct Count {
    std::uint64_t least = 0;  // without what is on its way
    std::uint64_t most = 0;
    std::uint64_t theirs = 0;
  };

  void compare_counts(const GatheredBooks& theirs) {
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

  void count_ours(const GatheredBooks& theirs, const JournalCertificate& ours,
                  std::map<Group, Count>& counts) {
    const Standing standing = ours.at(theirs.books);
    if (standing == Standing::kNotMeant) return;
    const std::string word = compared_word(ours) == kIssued ? "valid" : compared_word(ours);
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

  Group group_of(const GatheredBooks& theirs, const JournalCertificate& ours,
                 const std::string& word) const {
    for (const BookedCount& one : theirs.page.counts) {
      const bool same = one.area == ours.area && one.type_code == ours.type_code;
      if (same && one.state.words.contains(word)) {
        return {one.area, one.type_code, shown(one.state)};
      }
    }
    return {ours.area, ours.type_code, word};
  }

  void under_way(const std::string& books) { ++asked(books).under_way; }

  void finish() {
    std::map<std::string, std::size_t> ranks;
    for (const BooksAsked& one : result_.asked) ranks.emplace(one.books, ranks.size());
    std::stable_sort(
        result_.differences.begin(), result_.differences.end(),
        [&](const Difference& left, const Difference& right) {
          return std::tuple(ranks[left.books], left.sort, left.case_no, left.identifier) <
                 std::tuple(ranks[right.books], right.sort, right.case_no, right.identifier);
        });
    for (const Difference& one : result_.differences) ++asked(one.books).differences;
    for (const auto& [key, number] : tallies_) {
      const auto& [books, area, type, state] = key;
      result_.tallies.push_back({books, area, type, state, number});
    }
    std::stable_sort(result_.tallies.begin(), result_.tallies.end(),
                     [&](const BooksTally& left, const BooksTally& right) {
                       return ranks[left.books] < ranks[right.books];
                     });
  }

  const Gathered& gathered_;
  std::map<Key, const JournalCertificate*> by_version_{};
  std::map<std::string, const JournalCertificate*> newest_{};
  std::map<std::tuple<std::string, std::string, std::string, std::string>, std::uint64_t>
      tallies_{};
  Comparison result_{};
};

}  // namespace

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
  return !theirs.words.contains(word == kIssued ? "valid" : word);
}

Comparison compare_books(const Gathered& gathered) { return Comparing(gathered).compare(); }

}  // namespace certbridge::host
