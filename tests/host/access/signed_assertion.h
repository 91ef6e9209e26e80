// An assertion as an issuer writes it, of claims that may be anything.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "access/records/signatures.h"

namespace certbridge::host::access_test {

// Without padding.
inline std::string to_base64url(std::string_view bytes) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  for (std::size_t at = 0; at < bytes.size() * 8; at += 6) {
    unsigned value = 0;
    for (std::size_t bit = at; bit < at + 6; ++bit) {
      const unsigned byte = bit / 8 < bytes.size() ? static_cast<std::uint8_t>(bytes[bit / 8]) : 0;
      value = value * 2 + ((byte >> (7 - bit % 8)) & 1U);
    }
    text += alphabet[value];
  }
  return text;
}

inline std::string signed_assertion(const SignatureKey& key, std::string_view claims) {
  const std::string first = to_base64url(claims);
  return first + "." + to_base64url(key.sign(first));
}

}  // namespace certbridge::host::access_test
