// Authenticated encryption and keyed digests for what lies on disk. Two suites, chosen by an
// algorithm number that is stored beside every ciphertext. docs/formats.md has the bytes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "certbridge/content.h"

namespace certbridge::host {

enum class Suite : std::uint8_t {
  kAes256Gcm = 1,      // nonce 12, tag 16 bytes; keyed digests by HMAC-SHA256
  kSm4CtrHmacSm3 = 2,  // nonce 16, tag 32 bytes (encrypt then MAC); keyed digests by HMAC-SM3
};

using Key = std::array<std::uint8_t, 32>;

// "aes-256-gcm" or "sm4-ctr-hmac-sm3"; false for any other name.
bool parse_suite(std::string_view name, Suite& suite);
bool is_suite(std::uint8_t number);
std::size_t nonce_size(Suite suite);
std::size_t tag_size(Suite suite);

// Ciphertext followed by its tag. `associated` is authenticated and not stored.
std::string encrypt(Suite suite, const Key& key, std::string_view nonce,
                    std::string_view associated, std::string_view plain);
// False when the tag does not fit: wrong key, wrong place or damaged bytes. `plain` is empty then.
bool decrypt(Suite suite, const Key& key, std::string_view nonce, std::string_view associated,
             std::string_view sealed, std::string& plain);

// 32 bytes of HMAC with the suite's hash over `text`.
std::string keyed_digest(Suite suite, const Key& key, std::string_view text);
// A key for one purpose, derived from `key`: HMAC over the label.
Key derive_key(Suite suite, const Key& key, std::string_view label);
std::string random_bytes(std::size_t count);
// A fresh random nonce, from a supply of the calling thread: to ask the generator for one nonce
// costs as much as for eighty.
std::string new_nonce(Suite suite);
// Overwrites key material before it is freed.
void wipe(Key& key);

// SM3 in pieces. One thread at a time.
class Sm3 {
 public:
  Sm3();
  ~Sm3();
  Sm3(const Sm3&) = delete;
  Sm3& operator=(const Sm3&) = delete;
  void add(std::string_view bytes);
  Sm3Digest finish();

 private:
  void* context_;
};

}  // namespace certbridge::host
