#include "digest.h"

#include <openssl/evp.h>

#include <array>

#include "certbridge/text.h"

namespace certbridge::file {
namespace {

const EVP_MD* algorithm(DigestKind kind) {
  switch (kind) {
    case DigestKind::kMd5:
      return EVP_md5();
    case DigestKind::kSha256:
      return EVP_sha256();
    case DigestKind::kSm3:
      break;
  }
  return EVP_sm3();
}

}  // namespace

struct Digest::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
};

std::size_t hex_length(DigestKind kind) { return kind == DigestKind::kMd5 ? 32 : 64; }

Digest::Digest(DigestKind kind) : state_(std::make_unique<State>()) {
  EVP_DigestInit_ex(state_->context, algorithm(kind), nullptr);
}

Digest::~Digest() { EVP_MD_CTX_free(state_->context); }

void Digest::add(std::span<const std::byte> bytes) {
  EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

std::string Digest::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int length = 0;
  EVP_DigestFinal_ex(state_->context, bytes.data(), &length);
  return to_hex_text({reinterpret_cast<const char*>(bytes.data()), length});
}

}  // namespace certbridge::file
