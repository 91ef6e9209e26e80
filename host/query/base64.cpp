#include "query/base64.h"

#include <array>
#include <cstdint>

namespace certbridge::host {
namespace {

constexpr std::uint8_t kNone = 64;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNone);
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    values[static_cast<unsigned char>(kDigits[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}
constexpr std::array<std::uint8_t, 256> kValues = make_values();

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return {};
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < text.size() - padding; ++i) {
    const std::uint8_t value = kValues[static_cast<unsigned char>(text[i])];
    if (value == kNone) return {};
    bits = (bits << 6) | value;
    if (i % 4 == 0) continue;
    const unsigned left = 6 - 2 * (i % 4);  // bits that belong to the next byte
    bytes += static_cast<char>((bits >> left) & 0xFF);
  }
  if (padding == 2 && (bits & 0x0F) != 0) return {};
  if (padding == 1 && (bits & 0x03) != 0) return {};
  return bytes;
}

}  // namespace certbridge::host
