// What a library's log of uses says of one day: who used which certificates there, whoever asked.
// Holds no person's data: no holder, nobody who asked, no number of a case or certificate.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/message.h"

namespace certbridge {

// Type of the question, a message whose body it is (kQueryMediaType of certbridge/query.h). A
// responder that answers for a library's books answers it with one page.
inline constexpr const char* kUsesQuestion = "certificates.uses";
inline constexpr std::size_t kMostOfAUsesPage = 1000;

struct UsesQuestion {
  std::chrono::year_month_day day{};
  std::string after{};      // `next` of the page before; empty: the first page
  std::size_t limit = 500;  // entries of a page, 1 to kMostOfAUsesPage
  bool operator==(const UsesQuestion&) const = default;
};

// By whose credentials the library was asked.
enum class UsedBy : std::uint8_t {
  kOurselves = 1,  // ours: whoever asks us has a record with us
  kOthers = 2,
  kUnknown = 3,  // the log does not say
};
std::string to_word(UsedBy by);  // "ourselves", "others", "unknown"

// One use of one certificate, or one question that found none. What is not told is empty.
struct LoggedUse {
  UsedBy by = UsedBy::kUnknown;
  std::string unit{};  // using unit, its credit code
  std::string type_code{};
  std::string issuer_code{};
  std::string purpose{};  // in our words where the dialect has them, else in the library's
  std::string kind{};  // "query", "file", "verification"…; empty: an operation that we do not know
  std::string result{};  // "found", "none-found"…; empty: a word that we do not know
  auto operator<=>(const LoggedUse&) const = default;
};

struct UsesPage {
  bool offered = false;  // whether the library lets its log be read at all
  std::vector<LoggedUse> uses{};
  std::string next{};  // for `after`; empty: this is the last page
};

// One row of a usage report, to be written as a library wants to be told. What is not known is
// empty.
inline constexpr const char* kUsageForm = "usage.form";  // type of the question; body: the rows
struct UsageRow {
  std::string period{};  // "2026-11" or "2026-11-28"
  std::string issuer_code{};
  std::string unit{};
  std::string type_code{};
  std::string purpose{};
  std::string source{};  // "records", "library"
  std::string kind{};
  std::string result{};
  std::string number{};  // of uses, decimal
  bool operator==(const UsageRow&) const = default;
};

// Canonical XML (urn:certbridge:query:1), deterministic and strict, as that of certbridge/query.h.
std::string write_uses_question(const UsesQuestion& question);
Result<UsesQuestion> parse_uses_question(std::string_view xml);
std::string write_uses(const UsesPage& page);
Result<UsesPage> parse_uses(std::string_view xml);
// At most kMostOfAUsesPage rows.
std::string write_usage_rows(const std::vector<UsageRow>& rows);
Result<std::vector<UsageRow>> parse_usage_rows(std::string_view xml);

}  // namespace certbridge
