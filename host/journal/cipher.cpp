#include "journal/cipher.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <memory>

#include "journal/failure.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kRandomSupply = 960;  // 80 or 60 nonces
constexpr std::size_t kMostOfSupply = 16;   // keys are longer, and never lie there

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void require(bool worked) {
  if (worked) return;
  throw Failure(Error::fault("journal.crypto",
                             "OpenSSL refused an operation of the journal's encryption; check that "
                             "its default provider is enabled"));
}

// Fetched once: by its name OpenSSL looks a cipher up in every call, which costs more than to
// encrypt a short value.
const EVP_CIPHER* fetched(const char* name) {
  const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, name, nullptr);
  require(cipher != nullptr);
  return cipher;
}
const EVP_CIPHER* aes_256_gcm() {
  static const EVP_CIPHER* const kCipher = fetched("AES-256-GCM");
  return kCipher;
}
const EVP_CIPHER* sm4_ctr_cipher() {
  static const EVP_CIPHER* const kCipher = fetched("SM4-CTR");
  return kCipher;
}

const EVP_MD* sm3_digest() {
  static const EVP_MD* const kDigest = EVP_MD_fetch(nullptr, "SM3", nullptr);
  require(kDigest != nullptr);
  return kDigest;
}

// The same of HMAC, one for each thread: setting one up costs as much as to digest 4 kB.
EVP_MAC_CTX* new_hmac(const char* digest) {
  const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> mac(
      EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr), &EVP_MAC_free);
  require(mac != nullptr);
  EVP_MAC_CTX* context = EVP_MAC_CTX_new(mac.get());
  require(context != nullptr);
  const std::array<OSSL_PARAM, 2> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(digest), 0),
      OSSL_PARAM_construct_end()};
  require(EVP_MAC_CTX_set_params(context, parameters.data()) == 1);
  return context;
}
EVP_MAC_CTX* hmac_of(Suite suite) {
  using MacContext = std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)>;
  if (suite == Suite::kAes256Gcm) {
    thread_local const MacContext kSha256(new_hmac("SHA256"), &EVP_MAC_CTX_free);
    return kSha256.get();
  }
  thread_local const MacContext kSm3(new_hmac("SM3"), &EVP_MAC_CTX_free);
  return kSm3.get();
}

std::string drawn(std::size_t count) {
  std::string bytes(count, '\0');
  require(RAND_bytes(bytes_of(bytes), static_cast<int>(count)) == 1);
  return bytes;
}

CipherContext new_context() {
  CipherContext context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  require(context != nullptr);
  return context;
}

std::string encrypt_gcm(const Key& key, std::string_view nonce, std::string_view associated,
                        std::string_view plain) {
  const CipherContext context = new_context();
  std::string sealed(plain.size() + 16, '\0');
  int length = 0;
  require(EVP_EncryptInit_ex(context.get(), aes_256_gcm(), nullptr, key.data(), bytes_of(nonce)) ==
          1);
  require(EVP_EncryptUpdate(context.get(), nullptr, &length, bytes_of(associated),
                            static_cast<int>(associated.size())) == 1);
  require(EVP_EncryptUpdate(context.get(), bytes_of(sealed), &length, bytes_of(plain),
                            static_cast<int>(plain.size())) == 1);
  require(EVP_EncryptFinal_ex(context.get(), bytes_of(sealed) + length, &length) == 1);
  require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, 16,
                              bytes_of(sealed) + plain.size()) == 1);
  return sealed;
}

bool decrypt_gcm(const Key& key, std::string_view nonce, std::string_view associated,
                 std::string_view sealed, std::string& plain) {
  const CipherContext context = new_context();
  const std::string_view cipher = sealed.substr(0, sealed.size() - 16);
  std::string tag(sealed.substr(cipher.size()));
  plain.resize(cipher.size());
  int length = 0;
  require(EVP_DecryptInit_ex(context.get(), aes_256_gcm(), nullptr, key.data(), bytes_of(nonce)) ==
          1);
  require(EVP_DecryptUpdate(context.get(), nullptr, &length, bytes_of(associated),
                            static_cast<int>(associated.size())) == 1);
  require(EVP_DecryptUpdate(context.get(), bytes_of(plain), &length, bytes_of(cipher),
                            static_cast<int>(cipher.size())) == 1);
  require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, 16, tag.data()) == 1);
  return EVP_DecryptFinal_ex(context.get(), bytes_of(plain) + length, &length) == 1;
}

// CTR mode is its own inverse.
std::string sm4_ctr(const Key& key, std::string_view nonce, std::string_view input) {
  const CipherContext context = new_context();
  const Key cipher_key = derive_key(Suite::kSm4CtrHmacSm3, key, "certbridge sm4");
  std::string output(input.size(), '\0');
  int length = 0;
  require(EVP_EncryptInit_ex(context.get(), sm4_ctr_cipher(), nullptr, cipher_key.data(),
                             bytes_of(nonce)) == 1);
  require(EVP_EncryptUpdate(context.get(), bytes_of(output), &length, bytes_of(input),
                            static_cast<int>(input.size())) == 1);
  return output;
}

// The lengths keep "associated" and ciphertext apart.
std::string sm3_tag(const Key& key, std::string_view nonce, std::string_view associated,
                    std::string_view cipher) {
  const Key mac_key = derive_key(Suite::kSm4CtrHmacSm3, key, "certbridge hmac");
  std::string text;
  text.reserve(16 + nonce.size() + associated.size() + cipher.size());
  for (const std::uint64_t size : {associated.size(), cipher.size()}) {
    for (int shift = 0; shift < 64; shift += 8) text.push_back(static_cast<char>(size >> shift));
  }
  text.append(nonce).append(associated).append(cipher);
  return keyed_digest(Suite::kSm4CtrHmacSm3, mac_key, text);
}

}  // namespace

bool parse_suite(std::string_view name, Suite& suite) {
  if (name == "aes-256-gcm") return suite = Suite::kAes256Gcm, true;
  if (name == "sm4-ctr-hmac-sm3") return suite = Suite::kSm4CtrHmacSm3, true;
  return false;
}

bool is_suite(std::uint8_t number) { return number == 1 || number == 2; }
std::size_t nonce_size(Suite suite) { return suite == Suite::kAes256Gcm ? 12 : 16; }
std::size_t tag_size(Suite suite) { return suite == Suite::kAes256Gcm ? 16 : 32; }

std::string encrypt(Suite suite, const Key& key, std::string_view nonce,
                    std::string_view associated, std::string_view plain) {
  if (suite == Suite::kAes256Gcm) return encrypt_gcm(key, nonce, associated, plain);
  std::string cipher = sm4_ctr(key, nonce, plain);
  cipher += sm3_tag(key, nonce, associated, cipher);
  return cipher;
}

bool decrypt(Suite suite, const Key& key, std::string_view nonce, std::string_view associated,
             std::string_view sealed, std::string& plain) {
  plain.clear();
  if (nonce.size() != nonce_size(suite) || sealed.size() < tag_size(suite)) return false;
  bool fits = false;
  if (suite == Suite::kAes256Gcm) {
    fits = decrypt_gcm(key, nonce, associated, sealed, plain);
  } else {
    const std::string_view cipher = sealed.substr(0, sealed.size() - 32);
    const std::string tag = sm3_tag(key, nonce, associated, cipher);
    fits = CRYPTO_memcmp(tag.data(), sealed.data() + cipher.size(), tag.size()) == 0;
    if (fits) plain = sm4_ctr(key, nonce, cipher);
  }
  if (!fits) plain.clear();
  return fits;
}

std::string keyed_digest(Suite suite, const Key& key, std::string_view text) {
  std::string digest(32, '\0');
  std::size_t size = 0;
  EVP_MAC_CTX* const mac = hmac_of(suite);
  require(EVP_MAC_init(mac, key.data(), key.size(), nullptr) == 1);
  require(EVP_MAC_update(mac, bytes_of(text), text.size()) == 1);
  require(EVP_MAC_final(mac, bytes_of(digest), &size, digest.size()) == 1);
  return digest;
}

Key derive_key(Suite suite, const Key& key, std::string_view label) {
  const std::string digest = keyed_digest(suite, key, label);
  Key derived{};
  std::copy(digest.begin(), digest.end(), derived.begin());
  return derived;
}

// Nonces, salts and names are taken from a supply of the thread: a call of OpenSSL's generator
// costs the same for all of it.
std::string random_bytes(std::size_t count) {
  thread_local std::string supply;
  if (count > kMostOfSupply) return drawn(count);
  if (supply.size() < count) supply = drawn(kRandomSupply);
  std::string bytes = supply.substr(supply.size() - count);
  supply.resize(supply.size() - count);
  return bytes;
}

std::string new_nonce(Suite suite) { return random_bytes(nonce_size(suite)); }

void wipe(Key& key) { OPENSSL_cleanse(key.data(), key.size()); }

Sm3::Sm3() : context_(EVP_MD_CTX_new()) {
  require(context_ != nullptr);
  require(EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_), sm3_digest(), nullptr) == 1);
}
Sm3::~Sm3() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }
void Sm3::add(std::string_view bytes) {
  require(EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), bytes.data(), bytes.size()) == 1);
}
Sm3Digest Sm3::finish() {
  Sm3Digest digest{};
  unsigned int size = 0;
  require(EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), digest.data(), &size) == 1);
  return digest;
}

}  // namespace certbridge::host
