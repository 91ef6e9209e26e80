#include "template_numbers.h"

#include <algorithm>
#include <charconv>

namespace certbridge::ofd_compose {
namespace {

constexpr ofd::Length kLongest = 1'000'000;

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(' ', start), text.size());
    words.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return words;
}

}  // namespace

std::optional<int> parse_whole(std::string_view text, int least, int most) {
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (number < least || number > most) return std::nullopt;
  return number;
}

std::optional<ofd::Length> parse_length(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  const auto whole = parse_whole(text.substr(0, point), 0, kLongest / 1000);
  if (!whole || text.starts_with('-') || fraction.size() > 3) return std::nullopt;
  if (point < text.size() && fraction.empty()) return std::nullopt;
  ofd::Length length = *whole;
  for (std::size_t i = 0; i < 3; ++i) {
    const char digit = i < fraction.size() ? fraction[i] : '0';
    if (digit < '0' || digit > '9') return std::nullopt;
    length = length * 10 + (digit - '0');
  }
  return negative ? -length : length;
}

std::optional<std::vector<ofd::Length>> parse_lengths(std::string_view text, std::size_t count) {
  std::vector<ofd::Length> lengths;
  for (const std::string_view word : words_of(text)) {
    const auto length = parse_length(word);
    if (!length) return std::nullopt;
    lengths.push_back(*length);
  }
  if (lengths.size() != count) return std::nullopt;
  return lengths;
}

std::optional<ofd::Colour> parse_colour(std::string_view text) {
  std::vector<int> parts;
  for (const std::string_view word : words_of(text)) {
    const auto part = parse_whole(word, 0, 255);
    if (!part) return std::nullopt;
    parts.push_back(*part);
  }
  if (parts.size() != 3) return std::nullopt;
  return ofd::Colour{static_cast<std::uint8_t>(parts[0]), static_cast<std::uint8_t>(parts[1]),
                     static_cast<std::uint8_t>(parts[2])};
}

}  // namespace certbridge::ofd_compose
