#include "certbridge_sm/sm2.h"

#include "certbridge_sm/der.h"
#include "openssl_handles.h"

namespace certbridge::sm {
namespace {

constexpr std::size_t kScalarBytes = 32;

enum class Use : std::uint8_t { kSign = 1, kVerify = 2 };

// A context for one operation with the signer's identifier set, or null.
DigestContextPointer begin(EVP_PKEY* key, std::string_view id, Use use) {
  DigestContextPointer context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  const int started =
      use == Use::kSign
          ? EVP_DigestSignInit(context.get(), &parameters, sm3_method(), nullptr, key)
          : EVP_DigestVerifyInit(context.get(), &parameters, sm3_method(), nullptr, key);
  if (started != 1) return nullptr;
  if (EVP_PKEY_CTX_set1_id(parameters, id.data(), static_cast<int>(id.size())) != 1) return nullptr;
  return context;
}

// A scalar of a signature as 32 bytes, padded on the left; empty when it is too long, negative
// or not in the one form of DER.
std::string padded(std::string_view integer) {
  if (integer.empty() || (integer.front() & 0x80) != 0) return {};
  if (integer.size() > 1 && integer.front() == '\0') {
    integer.remove_prefix(1);
    if ((integer.front() & 0x80) == 0) return {};  // DER has no zero that is not needed
  }
  if (integer.size() > kScalarBytes) return {};
  return std::string(kScalarBytes - integer.size(), '\0') + std::string(integer);
}

Error wrong_form(const std::string& reason) {
  return Error::permanent("sm.signature_form", "not the form of an SM2 signature: " + reason);
}

}  // namespace

Result<std::string> sm2_sign(const PrivateKey& key, std::string_view id, std::string_view message) {
  EVP_PKEY* const raw = key.handle().key.get();
  const DigestContextPointer context = begin(raw, id, Use::kSign);
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(raw));
  std::string signature(size, '\0');
  if (context == nullptr || EVP_DigestSign(context.get(), octets(signature), &size, octets(message),
                                           message.size()) != 1) {
    return Error::fault("sm.sign", "SM2 signing failed: " + openssl_reason());
  }
  signature.resize(size);
  return signature;
}

Result<void> sm2_verify(const PublicKey& key, std::string_view id, std::string_view message,
                        std::string_view der_signature) {
  const DigestContextPointer context = begin(key.handle().key.get(), id, Use::kVerify);
  if (context != nullptr &&
      EVP_DigestVerify(context.get(), octets(der_signature), der_signature.size(), octets(message),
                       message.size()) == 1) {
    return {};
  }
  static_cast<void>(openssl_reason());
  return Error::permanent("sm.signature", "the SM2 signature does not fit the key and the content");
}

Result<std::string> raw_from_der(std::string_view der_signature) {
  der::Reader outer(der_signature);
  auto sequence = outer.only(der::kSequence);
  if (!sequence) return wrong_form(sequence.error().message);
  der::Reader inner(sequence.value().content);
  auto r = inner.next(der::kInteger);
  if (!r) return wrong_form(r.error().message);
  auto s = inner.last(der::kInteger);
  if (!s) return wrong_form(s.error().message);
  const std::string left = padded(r.value().content);
  const std::string right = padded(s.value().content);
  if (left.empty() || right.empty())
    return wrong_form("r and s are positive numbers of at most 32 bytes in DER");
  return left + right;
}

Result<std::string> der_from_raw(std::string_view raw_signature) {
  if (raw_signature.size() != 2 * kScalarBytes) return wrong_form("r and s in a row are 64 bytes");
  return der::sequence({der::unsigned_integer(raw_signature.substr(0, kScalarBytes)),
                        der::unsigned_integer(raw_signature.substr(kScalarBytes))});
}

}  // namespace certbridge::sm
