#include "access/records/signatures.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstring>

#include "journal/cipher.h"
#include "journal/failure.h"

namespace certbridge::host {
namespace {

template <auto Free>
struct Releaser {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using KeyPointer = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Releaser<EVP_MD_CTX_free>>;
using BioPointer = std::unique_ptr<BIO, Releaser<BIO_free_all>>;
using SignaturePointer = std::unique_ptr<ECDSA_SIG, Releaser<ECDSA_SIG_free>>;

constexpr std::string_view kSignerId = "1234567812345678";
constexpr int kScalarBytes = 32;
// PKCS#8 of a key on the SM2 curve up to the number, which is its end.
constexpr unsigned char kPrivateKeyHead[] = {0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07,
                                             0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08,
                                             0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D, 0x04,
                                             0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20};

// The order of the curve less one: a private key is above zero and below it.
constexpr unsigned char kKeyLimit[] = {
    0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0x72, 0x03, 0xDF, 0x6B, 0x21, 0xC6, 0x05, 0x2B, 0x53, 0xBB, 0xF4, 0x09, 0x39, 0xD5, 0x41, 0x22};

const unsigned char* octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* octets(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

bool is_private_key(std::string_view bytes) {
  const bool is_zero = bytes.find_first_not_of('\0') == std::string_view::npos;
  return bytes.size() == sizeof kKeyLimit && !is_zero &&
         std::memcmp(bytes.data(), kKeyLimit, sizeof kKeyLimit) < 0;
}

Error no_key(const std::string& what) {
  ERR_clear_error();
  return Error::fault("access.key", what + " is no key on the SM2 curve");
}

bool is_sm2(const KeyPointer& key) {
  return key != nullptr && EVP_PKEY_is_a(key.get(), "SM2") == 1;
}

std::string public_der(EVP_PKEY* key) {
  unsigned char* bytes = nullptr;
  const int size = i2d_PUBKEY(key, &bytes);
  std::string der(reinterpret_cast<char*>(bytes), size <= 0 ? 0 : static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

KeyPointer public_part(EVP_PKEY* key) {
  const std::string der = public_der(key);
  const unsigned char* cursor = octets(der);
  return KeyPointer(d2i_PUBKEY(nullptr, &cursor, static_cast<long>(der.size())));
}

SigningKeyId id_of(EVP_PKEY* key) {
  Sm3 sm3;
  sm3.add(public_der(key));
  const Sm3Digest digest = sm3.finish();
  SigningKeyId id{};
  std::copy_n(digest.begin(), id.size(), id.begin());
  return id;
}

bool begin(EVP_MD_CTX* context, EVP_PKEY* key, bool sign) {
  EVP_PKEY_CTX* parameters = nullptr;
  const int started = sign ? EVP_DigestSignInit(context, &parameters, EVP_sm3(), nullptr, key)
                           : EVP_DigestVerifyInit(context, &parameters, EVP_sm3(), nullptr, key);
  return started == 1 && EVP_PKEY_CTX_set1_id(parameters, kSignerId.data(),
                                              static_cast<int>(kSignerId.size())) == 1;
}

std::string raw_from_der(std::string_view der) {
  const unsigned char* cursor = octets(der);
  const SignaturePointer signature(d2i_ECDSA_SIG(nullptr, &cursor, static_cast<long>(der.size())));
  if (signature == nullptr) return {};
  std::string raw(kSignatureBytes, '\0');
  const bool fits =
      BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), octets(raw), kScalarBytes) > 0 &&
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), octets(raw) + kScalarBytes, kScalarBytes) > 0;
  return fits ? raw : std::string();
}

std::string der_from_raw(std::string_view raw) {
  const SignaturePointer signature(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(octets(raw), kScalarBytes, nullptr);
  BIGNUM* s = BN_bin2bn(octets(raw) + kScalarBytes, kScalarBytes, nullptr);
  if (ECDSA_SIG_set0(signature.get(), r, s) != 1) return {};
  unsigned char* bytes = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &bytes);
  std::string der(reinterpret_cast<char*>(bytes), size <= 0 ? 0 : static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

}  // namespace

struct CheckingKey::Handle {
  KeyPointer key;
};

CheckingKey::CheckingKey(std::shared_ptr<const Handle> handle)
    : handle_(std::move(handle)), id_(id_of(handle_->key.get())) {}

Result<CheckingKey> CheckingKey::from_pem(std::string_view pem) {
  const BioPointer bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  KeyPointer key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  if (!is_sm2(key)) return no_key("the public key");
  return CheckingKey(std::make_shared<Handle>(Handle{std::move(key)}));
}

bool CheckingKey::signed_this(std::string_view text, std::string_view signature) const {
  if (signature.size() != kSignatureBytes) return false;
  const std::string der = der_from_raw(signature);
  const DigestContext context(EVP_MD_CTX_new());
  const bool fits =
      begin(context.get(), handle_->key.get(), false) &&
      EVP_DigestVerify(context.get(), octets(der), der.size(), octets(text), text.size()) == 1;
  ERR_clear_error();
  return fits;
}

std::string CheckingKey::to_pem() const {
  const BioPointer bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PUBKEY(bio.get(), handle_->key.get());
  char* start = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &start);
  return size <= 0 ? std::string() : std::string(start, static_cast<std::size_t>(size));
}

SignatureKey::SignatureKey(std::shared_ptr<const CheckingKey::Handle> handle)
    : handle_(std::move(handle)), id_(id_of(handle_->key.get())) {}

Result<SignatureKey> SignatureKey::from_bytes(std::string_view bytes) {
  if (!is_private_key(bytes)) return no_key("the signing key");
  std::string der(reinterpret_cast<const char*>(kPrivateKeyHead), sizeof kPrivateKeyHead);
  der.append(bytes);
  const unsigned char* cursor = octets(der);
  KeyPointer key(d2i_AutoPrivateKey(nullptr, &cursor, static_cast<long>(der.size())));
  OPENSSL_cleanse(der.data(), der.size());
  if (!is_sm2(key) || public_part(key.get()) == nullptr) return no_key("the signing key");
  return SignatureKey(std::make_shared<CheckingKey::Handle>(CheckingKey::Handle{std::move(key)}));
}

std::string SignatureKey::sign(std::string_view text) const {
  EVP_PKEY* const key = handle_->key.get();
  const DigestContext context(EVP_MD_CTX_new());
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(key));
  std::string der(size, '\0');
  const bool worked =
      begin(context.get(), key, true) &&
      EVP_DigestSign(context.get(), octets(der), &size, octets(text), text.size()) == 1;
  std::string raw = worked ? raw_from_der(std::string_view(der).substr(0, size)) : "";
  if (raw.empty()) {
    ERR_clear_error();
    throw Failure(Error::fault("access.failed", "OpenSSL made no SM2 signature of a checkpoint"));
  }
  return raw;
}

CheckingKey SignatureKey::public_key() const {
  return CheckingKey(
      std::make_shared<CheckingKey::Handle>(CheckingKey::Handle{public_part(handle_->key.get())}));
}

}  // namespace certbridge::host
