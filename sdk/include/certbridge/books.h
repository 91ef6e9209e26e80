// What a counterpart has in its books of one day: the question by which books are compared, and a
// page of the answer. Holds no person's data.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/message.h"

namespace certbridge {

// Type of the question, a message without body, which a responder answers with one page.
inline constexpr const char* kBooksQuestion = "books.day";
inline constexpr const char* kBooksMediaType = "application/vnd.certbridge.books+xml";
inline constexpr std::size_t kMostOfABooksPage = 1000;

struct BooksQuestion {
  // On which certificates are issued; of a registration system, on which their case was booked.
  std::chrono::year_month_day day{};
  std::string area{};       // six-digit division code; empty: all
  std::string after{};      // `next` of the page before; empty: the first page
  std::size_t limit = 500;  // entries of a page, 1 to kMostOfABooksPage
};

// What a counterpart can tell of its books at all.
enum class BooksKind : std::uint8_t { kNothing = 1, kCounts = 2, kList = 3 };
std::string to_word(BooksKind kind);  // "nothing", "counts", "list"

struct BookedCase {
  std::string case_no{};
  std::string area{};
  Timestamp booked{};
};

// How certificates stand at a counterpart. It may say by one word what we say by several.
struct BookedState {
  // Words of status_word() (certbridge/life.h) that its word may stand for, and "replaced" for a
  // version that a later one took the place of; empty: it says nothing, or what we do not know.
  std::set<std::string> words{};
  std::string said{};        // its own word, for people; empty: it says nothing
  bool in_progress = false;  // it has received it and not decided yet

  auto operator<=>(const BookedState&) const = default;
};

// What it does not tell is empty, or 0.
struct BookedCertificate {
  std::string area{};
  std::string type_code{};
  std::string number{};  // as written there
  std::string case_no{};
  std::string identifier{};
  int version = 0;
  BookedState state{};
  std::string digest{};  // SM3 of its file, lower-case hexadecimal
};

struct BookedCount {
  std::string area{};
  std::string type_code{};
  BookedState state{};
  std::uint64_t number = 0;
};

struct BooksPage {
  BooksKind kind = BooksKind::kNothing;
  std::vector<BookedCase> cases{};                // of a registration system
  std::vector<BookedCertificate> certificates{};  // of kList
  std::vector<BookedCount> counts{};              // of kCounts
  std::string next{};                             // for `after`; empty: this is the last page
};

Message write_books_question(const BooksQuestion& question);
// "books.question": another type, no day, a limit out of bounds.
Result<BooksQuestion> read_books_question(const Message& message);

// Canonical XML (urn:certbridge:books:1), deterministic.
std::string write_books(const BooksPage& page);
// Strict. Codes: those of parse_xml, "books.shape", "books.value".
Result<BooksPage> parse_books(std::string_view xml);

}  // namespace certbridge
