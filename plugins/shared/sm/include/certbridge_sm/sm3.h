// SM3 digests (GB/T 32905-2016), HMAC with SM3, and comparison in constant time.
#pragma once

#include <memory>
#include <string_view>

#include "certbridge/content.h"
#include "certbridge/result.h"

namespace certbridge::sm {

// Digest of bytes at hand. Any thread may call.
Sm3Digest sm3(std::string_view bytes);
// Digest of content, read in pieces; fails as Content::read does.
Result<Sm3Digest> sm3_of(const Content& content);

// Digest of bytes that come in pieces. One thread at a time; after finish() it starts anew.
class Sm3 {
 public:
  Sm3();
  ~Sm3();
  Sm3(const Sm3&) = delete;
  Sm3& operator=(const Sm3&) = delete;
  void update(std::string_view bytes);
  Sm3Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// HMAC (RFC 2104) with SM3; a key of any length.
Sm3Digest hmac_sm3(std::string_view key, std::string_view bytes);

// Equal length and equal bytes, in a time that depends on the lengths only.
bool constant_time_equal(std::string_view left, std::string_view right);

// The 32 bytes of a digest as a byte string.
std::string_view bytes_of(const Sm3Digest& digest);

}  // namespace certbridge::sm
