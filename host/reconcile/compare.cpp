#include "reconcile/compare.h"

#include <algorithm>

#include "certbridge/identifiers.h"
#include "reconcile/comparing.h"

namespace certbridge::host {

Comparing::Comparing(const Gathered& gathered) : gathered_(gathered) {
  for (const JournalCertificate& one : gathered.journal) {
    by_version_[{one.normalised_number, one.version}] = &one;
    const JournalCertificate*& newest = newest_[one.normalised_number];
    if (newest == nullptr || newest->version < one.version) newest = &one;
  }
}

Comparison Comparing::compare() {
  asked_of(gathered_.registration);
  BooksAsked journal;
  journal.books = kJournalBooks;
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

void Comparing::asked_of(const GatheredBooks& books) {
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

BooksAsked& Comparing::asked(const std::string& books) {
  return *std::find_if(result_.asked.begin(), result_.asked.end(),
                       [&](const BooksAsked& one) { return one.books == books; });
}

void Comparing::add(const std::string& books, Difference difference) {
  difference.books = books;
  result_.differences.push_back(std::move(difference));
}

void Comparing::tally(const std::string& books, const std::string& area, const std::string& type,
                      const std::string& state, std::uint64_t number) {
  tallies_[std::tuple(books, area, type, state)] += number;
}

void Comparing::tally_journal() {
  for (const JournalCertificate& one : gathered_.journal) {
    tally(kJournalBooks, one.area, one.type_code, compared_word(one), 1);
  }
}

const JournalCertificate* Comparing::find(const BookedCertificate& theirs) const {
  const std::string number = normalise_certificate_number(theirs.number);
  if (theirs.version > 0) {
    const auto found = by_version_.find({number, theirs.version});
    return found == by_version_.end() ? nullptr : found->second;
  }
  const auto found = newest_.find(number);
  return found == newest_.end() ? nullptr : found->second;
}

void Comparing::under_way(const std::string& books) { ++asked(books).under_way; }

void Comparing::finish() {
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

Comparison compare_books(const Gathered& gathered) { return Comparing(gathered).compare(); }

}  // namespace certbridge::host
