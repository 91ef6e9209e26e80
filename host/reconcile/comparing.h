// One comparison under way: what the books of a day say of cases and certificates, beside the
// journal. Its parts have a file each: the registration system (compare_registration.cpp), a
// counterpart that lists (compare_list.cpp), one that only counts (compare_counts.cpp).
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "reconcile/compare.h"

namespace certbridge::host {

constexpr const char* kJournalBooks = "journal";
constexpr const char* kIssuedWord = "issued";  // sealed and not collected yet

// For people and for tallies: our words, or theirs when they stand for none of ours.
std::string shown(const BookedState& state);
std::string shown(const JournalCertificate& ours, Standing standing);

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

// compare() once, from one thread. What is gathered outlives it.
class Comparing {
 public:
  explicit Comparing(const Gathered& gathered);
  Comparison compare();

 private:
  // A certificate of a version; a counterpart that tells no version means the newest.
  struct Key {
    std::string number{};
    int version = 0;
    auto operator<=>(const Key&) const = default;
  };
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

  void asked_of(const GatheredBooks& books);
  BooksAsked& asked(const std::string& books);
  void add(const std::string& books, Difference difference);
  void tally(const std::string& books, const std::string& area, const std::string& type,
             const std::string& state, std::uint64_t number);
  void tally_journal();
  const JournalCertificate* find(const BookedCertificate& theirs) const;
  void under_way(const std::string& books);
  void finish();

  void compare_registration();
  const JournalCase* case_of(const std::string& case_no) const;
  void compare_case(const BookedCase& one);
  void compare_booked(const BookedCertificate& theirs);
  void compare_not_issued(const BookedCertificate& theirs);

  void compare_counterpart(const GatheredBooks& theirs);
  void compare_list(const GatheredBooks& theirs);
  void compare_extra(const std::string& books, const BookedCertificate& theirs, bool twice);
  void compare_missing(const GatheredBooks& theirs, const JournalCertificate& ours);
  void compare_held(const std::string& books, const JournalCertificate& ours,
                    const BookedCertificate& theirs);
  void compare_state(const std::string& books, const JournalCertificate& ours,
                     const BookedState& theirs);

  void compare_counts(const GatheredBooks& theirs);
  void count_ours(const GatheredBooks& theirs, const JournalCertificate& ours,
                  std::map<Group, Count>& counts);
  Group group_of(const GatheredBooks& theirs, const JournalCertificate& ours,
                 const std::string& word) const;

  const Gathered& gathered_;
  std::map<Key, const JournalCertificate*> by_version_{};
  std::map<std::string, const JournalCertificate*> newest_{};
  std::map<std::tuple<std::string, std::string, std::string, std::string>, std::uint64_t>
      tallies_{};
  Comparison result_{};
};

}  // namespace certbridge::host
