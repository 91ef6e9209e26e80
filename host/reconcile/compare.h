// Compares books that were gathered before. A pure function of its arguments.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reconcile/difference.h"

namespace certbridge::host {

// How a certificate's delivery to one counterpart stands in the journal.
enum class Standing : std::uint8_t {
  kNotMeant = 1,  // not delivered there, or ended otherwise: it may have it or not
  kUnderWay = 2,
  kParked = 3,
  kHeld = 4,  // delivered
};

// One version of a certificate as the journal knows it.
struct JournalCertificate {
  std::string number{};             // as written
  std::string normalised_number{};  // what books are compared by
  std::string type_code{};
  std::string area{};
  std::string case_no{};
  std::string identifier{};
  int version = 0;
  bool is_newest = true;   // of its number
  bool of_the_day = true;  // its day of issue is the one that is compared
  std::string word{};      // status_word() of the newest version
  std::string digest{};    // of the sealed file, lower-case hexadecimal
  std::string message{};
  bool moving = false;         // a message about it has not come to its end
  bool change_parked = false;  // a change of its status is parked on the way to a counterpart
  std::string change{};  // the message that told a counterpart of its status last; may be empty
  std::map<std::string, Standing> standing{};  // by the counterpart's sink

  Standing at(const std::string& sink) const;
};

// A case as the journal knows it; only of those for which it has no certificate.
struct JournalCase {
  bool arrived = false;
  bool moving = false;    // something of it has not come to its end
  bool withheld = false;  // classified, withdrawn, or not published: no certificate is meant
  std::string parked{};   // the message that is parked, if any
  std::string parked_code{};
};

// What one counterpart answered.
struct GatheredBooks {
  std::string books{};  // "registration", or the name under which its differences are told
  std::optional<Error> error{};
  BooksPage page{};            // all pages in one
  bool only_compared = false;  // as of its ReconcileCounterpart
  bool newest_only = false;
};

struct Gathered {
  GatheredBooks registration{};
  std::vector<GatheredBooks> counterparts{};
  std::vector<JournalCertificate> journal{};
  std::map<std::string, JournalCase> cases{};
};

// The word that the journal's version is compared by: the register's for the newest, else
// "replaced".
std::string compared_word(const JournalCertificate& ours);
// Whether a counterpart's state cannot stand for the word. What says nothing contradicts nothing.
bool contradicts(const BookedState& theirs, const std::string& word);

Comparison compare_books(const Gathered& gathered);

}  // namespace certbridge::host
