#include "access/policy/masks.h"

#include <algorithm>
#include <array>

#include "certbridge/identifiers.h"
#include "certbridge/text.h"

namespace certbridge::host {
namespace {

constexpr std::array<std::string_view, 5> kWords{"none", "name", "number", "address", "all"};
constexpr const char* kHidden = "***";
constexpr std::size_t kLongestAddress = 12;  // characters that are seen
constexpr std::size_t kShortestNumber = 8;   // a shorter one would be seen by half
constexpr std::size_t kSeenOfCitizen = 3;
constexpr std::size_t kSeenAtEnd = 4;

bool is_digit(char32_t it) { return (it >= U'0' && it <= U'9') || (it >= U'０' && it <= U'９'); }

std::u32string hide(std::u32string text, std::size_t from, std::size_t until) {
  for (std::size_t at = from; at < until; ++at) text[at] = U'*';
  return text;
}

std::u32string name(const std::u32string& text) {
  if (text.size() == 1) return U"*";
  return hide(text, 1, text.size() == 2 ? 2 : text.size() - 1);
}

std::u32string number(const std::u32string& text, bool of_citizen) {
  if (of_citizen) return hide(text, kSeenOfCitizen, text.size() - kSeenAtEnd);
  return hide(text, 0, text.size() < kShortestNumber ? text.size() : text.size() - kSeenAtEnd);
}

// Without a digit to end at, half of it is seen.
std::u32string address(const std::u32string& text) {
  const auto digit = std::find_if(text.begin(), text.end(), &is_digit);
  const auto seen =
      digit == text.end() ? text.size() / 2 : static_cast<std::size_t>(digit - text.begin());
  return text.substr(0, std::min(seen, kLongestAddress)) + U"***";
}

}  // namespace

std::optional<Mask> mask_of(std::string_view word) {
  const auto found = std::find(kWords.begin(), kWords.end(), word);
  if (found == kWords.end()) return {};
  return static_cast<Mask>(found - kWords.begin() + 1);
}

std::string masked_value(Mask mask, std::string_view value) {
  if (mask == Mask::kNone || value.empty()) return std::string(value);
  const auto text = decode_utf8(value);
  if (!text || mask == Mask::kAll) return kHidden;
  if (mask == Mask::kName) return encode_utf8(name(*text));
  if (mask == Mask::kAddress) return encode_utf8(address(*text));
  return encode_utf8(number(*text, CitizenId::parse(value).ok()));
}

}  // namespace certbridge::host
