#include <algorithm>
#include <array>
#include <cctype>

#include "certbridge/identifiers.h"
#include "digits.h"

namespace certbridge {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";  // no I O S V Z
constexpr std::size_t kLength = 18;

std::string folded(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

// Two characters of the registering body and the kind, six digits of the area, nine of the
// organisation, one check character.
bool has_credit_shape(const std::string& text) {
  return text.size() == kLength && text.find_first_not_of(kAlphabet) == std::string::npos &&
         std::all_of(text.begin() + 2, text.begin() + 8, is_digit);
}

char credit_check_character(std::string_view body) {
  std::size_t sum = 0;
  std::size_t weight = 1;
  for (const char c : body) {
    sum += kAlphabet.find(c) * weight;
    weight = weight * 3 % 31;
  }
  return kAlphabet[(31 - sum % 31) % 31];
}

// GB 11714 over the eight characters of the organisation's own code.
char organisation_check(std::string_view body) {
  static constexpr std::array<int, 8> kWeights{3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) {
    sum += (is_digit(body[i]) ? body[i] - '0' : body[i] - 'A' + 10) * kWeights[i];
  }
  const int rest = 11 - sum % 11;
  if (rest == 10) return 'X';
  return rest == 11 ? '0' : static_cast<char>('0' + rest);
}

}  // namespace

Result<CreditCode> CreditCode::parse(std::string_view text) {
  CreditCode code;
  code.text_ = folded(text);
  if (!has_credit_shape(code.text_)) {
    return Error::permanent("credit_code.shape",
                            "a unified social credit code has 18 characters: 2, then 6 digits of "
                            "the area, then 10, of 0-9 and A-Z without I, O, S, V, Z");
  }
  if (credit_check_character(std::string_view(code.text_).substr(0, kLength - 1)) !=
      code.text_.back()) {
    return Error::permanent("credit_code.check_digit",
                            "the last character of the unified social credit code does not fit "
                            "the others (GB 32100): one of them is wrong");
  }
  code.inner_check_holds_ =
      organisation_check(std::string_view(code.text_).substr(8, 8)) == code.text_[16];
  return code;
}

}  // namespace certbridge
