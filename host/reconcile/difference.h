// What comparing the books finds, as values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "certbridge/books.h"

namespace certbridge::host {

enum class DifferenceSort : std::uint8_t {
  kNeverArrived = 1,  // a case was booked and nothing of it ever came here
  kNotIssued = 2,     // a certificate was booked, its case came, and nothing was issued here
  kMissing = 3,       // these books lack what the journal says they have
  kExtra = 4,         // these books have what the journal knows nothing of
  kState = 5,
  kDigest = 6,
  kCount = 7,  // of books that only count
};
std::string to_word(DifferenceSort sort);  // "never-arrived", "missing"...
// Every sort, in order.
const std::vector<DifferenceSort>& all_sorts();

// What a person may start; nothing is ever started by a comparison.
enum class Proposal : std::uint8_t {
  kHandOver = 1,      // the registration system hands the case over
  kSeeParked = 2,     // the message is parked: refetch, remap, repair or discard
  kReplay = 3,        // the delivery is parked
  kDeliverAgain = 4,  // the counterpart lost what it had taken
  kLookThere = 5,     // a person looks at the counterpart
  kTellAgain = 6,     // it is told again how the certificate stands
  kNewRevision = 7,   // the registration system makes a new revision
  kCountByHand = 8,   // the counterpart's staff names what it counts
  kAskForwarder = 9,  // who forwards to the counterpart mends it: nothing is sent from here
};

// One identifier that differs. What is not known is empty.
struct Difference {
  std::string books{};  // whose books differ: "journal", "registration", or an endpoint
  DifferenceSort sort = DifferenceSort::kMissing;
  std::string area{};
  std::string type_code{};
  std::string case_no{};
  std::string identifier{};
  std::string number{};  // of the certificate, as written
  std::string here{};    // what the journal says, for people
  std::string there{};   // what the other books say
  Proposal proposal = Proposal::kLookThere;
  std::string message{};  // in the journal, which the proposal is about; may be empty
};

// How many certificates of one kind some books have.
struct BooksTally {
  std::string books{};
  std::string area{};
  std::string type_code{};
  std::string state{};
  std::uint64_t number = 0;
};

// What became of asking one counterpart.
struct BooksAsked {
  std::string books{};
  bool answered = false;
  BooksKind kind = BooksKind::kNothing;  // what it can tell, when it answered
  std::string reason{};                  // why it was not compared, or not wholly
  std::uint64_t differences = 0;
  std::uint64_t under_way = 0;  // differ for now, because something is on its way there
};

struct Comparison {
  std::vector<BooksAsked> asked{};  // registration, journal, then the counterparts
  std::vector<BooksTally> tallies{};
  std::vector<Difference> differences{};  // in the order of `asked`, then of sort and case
};

}  // namespace certbridge::host
