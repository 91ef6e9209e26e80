// Digests of bytes that come in pieces.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "certbridge/content.h"

namespace certbridge::file {

enum class DigestKind : std::uint8_t { kMd5 = 1, kSha256 = 2, kSm3 = 3 };

// How many hexadecimal characters a digest of this kind has.
std::size_t hex_length(DigestKind kind);

class Digest {
 public:
  explicit Digest(DigestKind kind);
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;
  void add(std::span<const std::byte> bytes);
  // Lower-case hexadecimal; once.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace certbridge::file
