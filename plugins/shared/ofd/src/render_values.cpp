#include "render_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "text.h"

namespace certbridge::ofd {
namespace {

constexpr double kLargest = 1e6;
constexpr std::size_t kMostAdvances = 100'000;

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = text.find_first_not_of(" \t\r\n"); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n", at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(" \t\r\n", end);
  }
  return words;
}

std::optional<double> number_of(std::string_view word) {
  double number = 0;
  const auto [end, failed] =
      std::from_chars(word.data(), word.data() + word.size(), number, std::chars_format::fixed);
  if (failed != std::errc() || end != word.data() + word.size()) return std::nullopt;
  if (!std::isfinite(number) || std::abs(number) > kLargest) return std::nullopt;
  return number;
}

struct Operation {
  char svg;
  std::size_t numbers;
};

const Operation* operation_of(std::string_view word) {
  static const std::map<std::string, Operation, std::less<>> kOperations{
      {"M", {'M', 2}}, {"S", {'M', 2}}, {"L", {'L', 2}}, {"Q", {'Q', 4}},
      {"B", {'C', 6}}, {"A", {'A', 7}}, {"C", {'Z', 0}}};
  const auto found = kOperations.find(word);
  return found == kOperations.end() ? nullptr : &found->second;
}

}  // namespace

std::optional<std::vector<double>> parse_numbers(std::string_view text, std::size_t most) {
  std::vector<double> numbers;
  for (const std::string_view word : words_of(text)) {
    const auto number = number_of(word);
    if (!number || numbers.size() == most) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}

std::optional<std::vector<double>> parse_box(std::string_view text) {
  auto box = parse_numbers(text, 4);
  if (!box || box->size() != 4 || (*box)[2] < 0 || (*box)[3] < 0) return std::nullopt;
  for (const double number : *box) {
    if (std::abs(number) > 10'000) return std::nullopt;
  }
  return box;
}

std::optional<std::vector<double>> parse_advances(std::string_view text) {
  const auto words = words_of(text);
  std::vector<double> advances;
  for (std::size_t i = 0; i < words.size(); ++i) {
    double count = 1;
    if (words[i] == "g") {
      if (i + 2 >= words.size()) return std::nullopt;
      count = number_of(words[i + 1]).value_or(-1);
      i += 2;
    }
    const auto advance = number_of(words[i]);
    const double room = static_cast<double>(kMostAdvances - advances.size());
    if (!advance || count < 0 || count > room || count != std::floor(count)) return std::nullopt;
    advances.insert(advances.end(), static_cast<std::size_t>(count), *advance);
  }
  return advances;
}

void append_number(std::string& out, double number) {
  char digits[64];
  const auto rounded = std::round(number * 1000) / 1000;
  const auto end = std::to_chars(digits, digits + sizeof digits, rounded == 0 ? 0.0 : rounded,
                                 std::chars_format::fixed);
  out.append(digits, end.ptr);
}

std::string to_svg_path(std::string_view data) {
  const auto words = words_of(data);
  std::string path;
  for (std::size_t i = 0; i < words.size();) {
    const Operation* operation = operation_of(words[i++]);
    if (operation == nullptr || words.size() - i < operation->numbers) return {};
    path.push_back(operation->svg);
    for (std::size_t k = 0; k < operation->numbers; ++k, ++i) {
      const auto number = number_of(words[i]);
      if (!number) return {};
      if (k > 0) path.push_back(' ');
      append_number(path, *number);
    }
  }
  return path;
}

std::string base64(std::string_view bytes) {
  static constexpr char kLetters[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text.push_back(i + k > bytes.size() ? '=' : kLetters[group >> (18 - 6 * k) & 63]);
    }
  }
  return text;
}

std::string_view picture_type(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return "image/png";
  return bytes.starts_with("\xff\xd8\xff") ? "image/jpeg" : "";
}

}  // namespace certbridge::ofd
