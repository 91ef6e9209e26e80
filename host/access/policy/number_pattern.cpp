#include "access/policy/number_pattern.h"

#include <algorithm>

#include "certbridge/text.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLongest = 64;  // characters

bool is_digit(char32_t it) { return it >= U'0' && it <= U'9'; }
bool is_letter(char32_t it) { return it >= U'A' && it <= U'Z'; }
bool is_sign(char32_t it) { return it == U'#' || it == U'@' || it == U'%'; }

// Brackets of years are written in many ways.
char32_t plain(char32_t it) {
  if (it == U'〔' || it == U'[' || it == U'【') return U'(';
  if (it == U'〕' || it == U']' || it == U'】') return U')';
  return it;
}

std::u32string folded(std::string_view text) {
  std::u32string signs = decode_utf8(fold_width_and_blanks(text)).value_or(std::u32string());
  std::transform(signs.begin(), signs.end(), signs.begin(), &plain);
  return signs;
}

}  // namespace

Result<NumberPattern> NumberPattern::parse(std::string_view pattern) {
  std::u32string signs = folded(pattern);
  if (signs.size() > kLongest || std::all_of(signs.begin(), signs.end(), &is_sign)) {
    return Error::permanent("policy.value",
                            "a pattern has at most 64 characters, and not only signs for others");
  }
  for (std::size_t at = 0; at + 1 < signs.size(); ++at) {
    if (signs[at] == U'@' &&
        (signs[at + 1] == U'#' || signs[at + 1] == U'@' || is_digit(signs[at + 1]))) {
      return Error::permanent("policy.value",
                              "`@` takes every digit that follows: no digit, `#` "
                              "or `@` can stand behind it");
    }
  }
  return NumberPattern(std::move(signs));
}

bool NumberPattern::fits(std::string_view number) const {
  const std::u32string text = folded(number);
  std::size_t at = 0;
  for (const char32_t sign : signs_) {
    if (at == text.size()) return false;
    const char32_t it = text[at++];
    if (sign == U'#' || sign == U'@') {
      if (!is_digit(it)) return false;
      while (sign == U'@' && at < text.size() && is_digit(text[at])) ++at;
    } else if (sign == U'%' ? !is_letter(it) : it != sign) {
      return false;
    }
  }
  return at == text.size();
}

}  // namespace certbridge::host
