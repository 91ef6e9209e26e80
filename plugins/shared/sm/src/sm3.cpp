#include "certbridge_sm/sm3.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <array>
#include <new>

#include "openssl_handles.h"

namespace certbridge::sm {

const EVP_MD* sm3_method() {
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SM3", nullptr);
  return method;
}

Sm3Digest sm3(std::string_view bytes) {
  Sm3Digest digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, sm3_method(), nullptr) != 1) {
    throw std::bad_alloc();
  }
  return digest;
}

struct Sm3::State {
  DigestContextPointer context{EVP_MD_CTX_new()};
  void begin() {
    if (EVP_DigestInit_ex(context.get(), sm3_method(), nullptr) != 1) throw std::bad_alloc();
  }
};

Sm3::Sm3() : state_(std::make_unique<State>()) { state_->begin(); }
Sm3::~Sm3() = default;

void Sm3::update(std::string_view bytes) {
  if (EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) != 1) {
    throw std::bad_alloc();
  }
}

Sm3Digest Sm3::finish() {
  Sm3Digest digest{};
  if (EVP_DigestFinal_ex(state_->context.get(), digest.data(), nullptr) != 1) {
    throw std::bad_alloc();
  }
  state_->begin();
  return digest;
}

Result<Sm3Digest> sm3_of(const Content& content) {
  Sm3 digest;
  std::array<std::byte, 64UL * 1024> piece{};
  std::uint64_t offset = 0;
  while (offset < content.size()) {
    auto count = content.read(offset, piece);
    if (!count) return count.error();
    if (count.value() == 0) {
      return Error::retryable("content.damaged", "content ends before its size");
    }
    digest.update({reinterpret_cast<const char*>(piece.data()), count.value()});
    offset += count.value();
  }
  return digest.finish();
}

Sm3Digest hmac_sm3(std::string_view key, std::string_view bytes) {
  Sm3Digest digest{};
  const unsigned char* made = HMAC(sm3_method(), key.data(), static_cast<int>(key.size()),
                                   octets(bytes), bytes.size(), digest.data(), nullptr);
  if (made == nullptr) throw std::bad_alloc();
  return digest;
}

bool constant_time_equal(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string_view bytes_of(const Sm3Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace certbridge::sm
