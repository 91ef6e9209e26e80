#include <algorithm>
#include <charconv>
#include <numeric>

#include "certbridge/certificate.h"
#include "certbridge/text.h"

namespace certbridge {
namespace {

constexpr std::size_t kMostDigits = 9;  // of a number: sums of such fractions stay exact

Error wrong_share() {
  return Error::permanent("share.shape",
                          "a share is written 1/3, 33.3% or 0.5, with at most 9 digits a number");
}

std::optional<std::int64_t> whole(std::string_view digits) {
  const bool fits =
      !digits.empty() && digits.size() <= kMostDigits &&
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!fits) return std::nullopt;
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

struct Fraction {
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;
};

std::optional<Fraction> quotient(std::string_view text, std::size_t slash) {
  const auto numerator = whole(text.substr(0, slash));
  const auto denominator = whole(text.substr(slash + 1));
  if (!numerator || !denominator) return std::nullopt;
  return Fraction{*numerator, *denominator};
}

std::optional<Fraction> decimal(std::string_view text) {
  const auto point = text.find('.');
  if (point == std::string_view::npos) {
    const auto value = whole(text);
    return value ? std::optional(Fraction{*value, 1}) : std::nullopt;
  }
  const std::string digits =
      std::string(text.substr(0, point)) + std::string(text.substr(point + 1));
  const auto value = whole(digits);
  if (!value || point == 0 || point + 1 == text.size()) return std::nullopt;
  Fraction fraction{*value, 1};
  for (std::size_t i = point + 1; i < text.size(); ++i) fraction.denominator *= 10;
  return fraction;
}

std::optional<Fraction> fraction_of(std::string_view text) {
  if (const auto slash = text.find('/'); slash != std::string_view::npos)
    return quotient(text, slash);
  const bool percent = !text.empty() && text.back() == '%';
  if (percent) text.remove_suffix(1);
  auto fraction = decimal(text);
  if (fraction && percent) fraction->denominator *= 100;
  return fraction;
}

}  // namespace

Result<Share> Share::parse(std::string_view text) {
  const auto fraction = fraction_of(fold_width_and_blanks(text));
  if (!fraction) return wrong_share();
  if (fraction->numerator < 1 || fraction->numerator > fraction->denominator) {
    return Error::permanent("share.range", "a share is more than nothing and at most the whole");
  }
  const std::int64_t divisor = std::gcd(fraction->numerator, fraction->denominator);
  Share share;
  share.numerator_ = fraction->numerator / divisor;
  share.denominator_ = fraction->denominator / divisor;
  share.text_ = std::string(text);
  return share;
}

}  // namespace certbridge
