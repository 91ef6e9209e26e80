#include "access/records/hex.h"

#include <cstring>

namespace certbridge::host {
namespace {

constexpr const char* kDigits = "0123456789abcdef";

int value_of(char digit) {
  const char* found = digit == '\0' ? nullptr : std::strchr(kDigits, digit);
  return found == nullptr ? -1 : static_cast<int>(found - kDigits);
}

}  // namespace

bool from_hex_text(std::string_view text, std::string& bytes) {
  bytes.clear();
  if (text.size() % 2 != 0) return false;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    const int high = value_of(text[at]), low = value_of(text[at + 1]);
    if (high < 0 || low < 0) return false;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return true;
}

}  // namespace certbridge::host
