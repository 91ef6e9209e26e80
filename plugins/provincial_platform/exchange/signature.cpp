#include "exchange/signature.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>
#include <vector>

#include "certbridge/text.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::string_view kOpen = "<BizMsgID>";
constexpr std::string_view kClose = "</BizMsgID>";
constexpr std::size_t kLongestKey = 32UL * 1024;

struct Dropped {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(PKCS8_PRIV_KEY_INFO* info) const { PKCS8_PRIV_KEY_INFO_free(info); }
};
template <class T>
using Kept = std::unique_ptr<T, Dropped>;

Error no_key(const std::string& why) {
  return Error::fault("provincial.key", "the signing key " + why +
                                            "; it is an RSA key, PKCS#8 as PEM or Base64 of DER");
}

// No passphrase is asked for at the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

Kept<EVP_PKEY> from_pem(std::string_view text) {
  const Kept<BIO> bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  return Kept<EVP_PKEY>(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, &no_passphrase, nullptr)
                            : nullptr);
}

std::string unfolded(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c != ' ' && c != '\r' && c != '\n' && c != '\t') plain += c;
  }
  return plain;
}

Kept<EVP_PKEY> from_base64(std::string_view text) {
  const std::string plain = unfolded(text);
  if (plain.empty() || plain.size() % 4 != 0) return nullptr;
  std::vector<unsigned char> der(plain.size());
  const int length =
      EVP_DecodeBlock(der.data(), reinterpret_cast<const unsigned char*>(plain.data()),
                      static_cast<int>(plain.size()));
  if (length <= 0) return nullptr;
  const unsigned char* at = der.data();  // what the padding stands for is behind the structure
  const Kept<PKCS8_PRIV_KEY_INFO> info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, length));
  return Kept<EVP_PKEY>(info ? EVP_PKCS82PKEY(info.get()) : nullptr);
}

Error cannot_sign() {
  return Error::fault("provincial.signature", "the message could not be signed with this key");
}

}  // namespace

struct SigningKey::Held {
  explicit Held(EVP_PKEY* read) : key(read) {}
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() { EVP_PKEY_free(key); }

  EVP_PKEY* key;  // null: the text was no key
};

SigningKey::SigningKey() = default;
SigningKey::~SigningKey() = default;
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;

Result<SigningKey> SigningKey::parse(std::string_view text, unsigned least_bits) {
  if (text.size() > kLongestKey) return no_key("is too long");
  const bool pem = text.find("-----BEGIN") != std::string_view::npos;
  SigningKey key;
  key.held_ = std::make_unique<Held>((pem ? from_pem(text) : from_base64(text)).release());
  if (key.held_->key == nullptr) return no_key("cannot be read");
  if (EVP_PKEY_get_base_id(key.held_->key) != EVP_PKEY_RSA) return no_key("is of another kind");
  const int bits = EVP_PKEY_get_bits(key.held_->key);
  if (bits < static_cast<int>(least_bits)) {
    return no_key("has " + std::to_string(bits) + " bits, the profile wants " +
                  std::to_string(least_bits));
  }
  return key;
}

Result<std::string> SigningKey::sign(std::string_view text) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned digest_size = 0;
  std::array<unsigned char, EVP_MAX_MD_SIZE> inner{};
  unsigned inner_size = 0;
  if (EVP_Digest(text.data(), text.size(), inner.data(), &inner_size, EVP_md5(), nullptr) != 1 ||
      EVP_Digest(inner.data(), inner_size, digest.data(), &digest_size, EVP_sha1(), nullptr) != 1) {
    return cannot_sign();
  }
  const Kept<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(held_->key, nullptr));
  std::size_t size = 0;
  if (!context || EVP_PKEY_sign_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1 ||
      EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha1()) != 1 ||
      EVP_PKEY_sign(context.get(), nullptr, &size, digest.data(), digest_size) != 1) {
    return cannot_sign();
  }
  std::vector<unsigned char> signature(size);
  if (EVP_PKEY_sign(context.get(), signature.data(), &size, digest.data(), digest_size) != 1) {
    return cannot_sign();
  }
  signature.resize(size);
  return to_hex_text({reinterpret_cast<const char*>(signature.data()), signature.size()});
}

Result<std::string> signed_text(std::string_view message) {
  const auto open = message.find(kOpen);
  const auto close = message.rfind(kClose);
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return Error::fault("provincial.signature", "the message has no element BizMsgID");
  }
  return std::string(message.substr(0, open + kOpen.size())) + std::string(message.substr(close));
}

Result<std::string> sealed(std::string_view message, std::string_view number,
                           const SigningKey& key) {
  auto text = signed_text(message);
  if (!text) return text;
  auto signature = key.sign(text.value());
  if (!signature) return signature;
  const auto at = text.value().find(kOpen) + kOpen.size();
  return text.value().substr(0, at) + std::string(number) + std::string(kClose) +
         "\r\n<DigitalSign>" + signature.value() + "</DigitalSign>" +
         text.value().substr(at + kClose.size());
}

}  // namespace certbridge::provincial_platform
