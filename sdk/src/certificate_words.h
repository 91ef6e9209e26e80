// The words by which the canonical XML names enumeration values, dates and times.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "certbridge/certificate.h"

namespace certbridge {

inline constexpr std::string_view kCertificateNameSpace = "urn:certbridge:certificate:1";

// In the order of the enumerations, whose first value is 1.
inline constexpr std::array<std::string_view, 2> kKindWords{"title", "proof"};
inline constexpr std::array<std::string_view, 4> kHoldingWords{"sole", "joint", "shares", "other"};
inline constexpr std::array<std::string_view, 4> kRightStateWords{"provisional", "current",
                                                                  "historic", "ended"};
inline constexpr std::array<std::string_view, 8> kStatusWords{
    "issued", "valid", "expired", "cancelled", "revoked", "abolished", "voided", "lost"};

template <class E, std::size_t N>
std::string word_of(E value, const std::array<std::string_view, N>& words) {
  const auto index = static_cast<std::size_t>(value) - 1;
  return index < N ? std::string(words[index]) : std::string();
}

template <class E, std::size_t N>
std::optional<E> value_of(std::string_view word, const std::array<std::string_view, N>& words) {
  for (std::size_t i = 0; i < N; ++i) {
    if (words[i] == word) return static_cast<E>(i + 1);
  }
  return std::nullopt;
}

// 2026-11-24
std::string date_text(std::chrono::year_month_day date);
// Years 1900 to 2999 only: a date such as 0001-01-01 is a missing value in disguise.
std::optional<std::chrono::year_month_day> parse_date(std::string_view text);
// 2026-11-24T01:02:03.456Z
std::string time_text(Timestamp time);
std::optional<Timestamp> parse_time(std::string_view text);

}  // namespace certbridge
