#include "certbridge_sm/base64.h"

#include <array>
#include <cstdint>

namespace certbridge::sm {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> make_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}
constexpr std::array<std::int8_t, 256> kValues = make_values();

// How many of the last four characters are padding.
std::size_t padding_of(std::string_view text) {
  if (text.empty() || text.back() != '=') return 0;
  return text[text.size() - 2] == '=' ? 2 : 1;
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      const bool filled = i + j <= bytes.size();
      out.push_back(filled ? kAlphabet[group >> (18 - 6 * j) & 63] : '=');
    }
  }
  return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = padding_of(text);
  std::string out;
  out.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::size_t used = i + 4 == text.size() ? 4 - padding : 4;
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const int value = j < used ? kValues[static_cast<unsigned char>(text[i + j])] : 0;
      if (value < 0) return std::nullopt;
      group = group << 6 | static_cast<std::uint32_t>(value);
    }
    const std::uint32_t dropped = used == 4 ? 0 : group & ((1U << (8 * (4 - used))) - 1);
    if (dropped != 0) return std::nullopt;
    for (std::size_t j = 0; j + 1 < used; ++j)
      out.push_back(static_cast<char>(group >> (16 - 8 * j) & 255));
  }
  return out;
}

bool Base64Decoder::decode(std::string_view piece, std::string& into) {
  while (!piece.empty() && !broken_) {
    piece.remove_prefix(take_plain_groups(piece, into));
    if (piece.empty()) break;
    const char c = piece.front();
    if (c != '\r' && c != '\n') broken_ = !take(c, into);
    piece.remove_prefix(1);
  }
  return !broken_;
}

// Whole groups without padding and line breaks, which files mostly are; how many characters.
std::size_t Base64Decoder::take_plain_groups(std::string_view piece, std::string& into) const {
  if (count_ != 0 || padding_ != 0) return 0;
  std::array<char, 768> bytes;
  char* out = bytes.data();
  std::size_t at = 0;
  for (; at + 4 <= piece.size() && out != bytes.end(); at += 4, out += 3) {
    std::array<std::int8_t, 4> values{};
    for (std::size_t j = 0; j < 4; ++j)
      values[j] = kValues[static_cast<unsigned char>(piece[at + j])];
    if ((values[0] | values[1] | values[2] | values[3]) < 0) break;
    out[0] = static_cast<char>(values[0] << 2 | values[1] >> 4);
    out[1] = static_cast<char>(values[1] << 4 | values[2] >> 2);
    out[2] = static_cast<char>(values[2] << 6 | values[3]);
  }
  into.append(bytes.data(), out);
  return at;
}

bool Base64Decoder::take(char c, std::string& into) {
  const bool ended = padding_ > 0 && count_ == 0;
  if (ended || (c != '=' && padding_ > 0)) return false;
  const int value = c == '=' ? 0 : kValues[static_cast<unsigned char>(c)];
  if (value < 0 || (c == '=' && count_ < 2)) return false;
  padding_ += c == '=' ? 1 : 0;
  group_ = group_ << 6 | static_cast<std::uint32_t>(value);
  if (++count_ < 4) return true;
  return close_group(into);
}

bool Base64Decoder::close_group(std::string& into) {
  const std::uint32_t dropped = group_ & ((1U << (8 * padding_)) - 1);
  if (dropped != 0) return false;
  for (std::size_t i = 0; i + padding_ < 3; ++i)
    into.push_back(static_cast<char>(group_ >> (16 - 8 * i) & 255));
  group_ = 0;
  count_ = 0;
  return true;
}

}  // namespace certbridge::sm
