// SM2 signatures with SM3 (GB/T 32918.2-2016) and the keys that make and check them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "certbridge/result.h"

namespace certbridge::sm {

// The signer's identifier that certificates and seals are signed with (GB/T 35276-2017). OpenSSL's
// own default is the empty identifier, which nobody else accepts.
inline constexpr std::string_view kDefaultSignerId = "1234567812345678";

namespace detail {
struct KeyHandle;
}

// A public key on the SM2 curve. A cheap, copyable value; any thread may use it.
class PublicKey {
 public:
  // DER of SubjectPublicKeyInfo. Code "sm.key" for anything but an SM2 key.
  static Result<PublicKey> from_der(std::string_view spki);
  std::string to_der() const;
  const detail::KeyHandle& handle() const { return *handle_; }
  explicit PublicKey(std::shared_ptr<const detail::KeyHandle> handle);

 private:
  std::shared_ptr<const detail::KeyHandle> handle_;  // shared: keys are immutable and copied freely
};

// A private key on the SM2 curve. As PublicKey; its bytes leave only by the export functions.
class PrivateKey {
 public:
  static Result<PrivateKey> generate();
  // Unencrypted PKCS#8 or SEC1 DER. Code "sm.key".
  static Result<PrivateKey> from_der(std::string_view der);
  // PEM, encrypted or not; never prompts. Code "sm.key" also for a wrong passphrase.
  static Result<PrivateKey> from_pem(std::string_view pem, std::string_view passphrase);
  PublicKey public_key() const;
  // Encrypted PKCS#8 PEM (AES-256-CBC); an empty passphrase is refused with "sm.key".
  Result<std::string> to_pem(std::string_view passphrase) const;
  const detail::KeyHandle& handle() const { return *handle_; }
  explicit PrivateKey(std::shared_ptr<const detail::KeyHandle> handle);

 private:
  std::shared_ptr<const detail::KeyHandle> handle_;  // shared: keys are immutable and copied freely
};

// DER SEQUENCE{r, s} of the signature over SM3(Z(id) || message). Code "sm.sign".
Result<std::string> sm2_sign(const PrivateKey& key, std::string_view id, std::string_view message);
// Ok when `der_signature` is the strict DER of a valid signature; else the permanent
// "sm.signature".
Result<void> sm2_verify(const PublicKey& key, std::string_view id, std::string_view message,
                        std::string_view der_signature);

// The two forms of a signature: DER, and r and s as 32 bytes each (padded on the left) in a row.
// Code "sm.signature_form".
Result<std::string> raw_from_der(std::string_view der_signature);
Result<std::string> der_from_raw(std::string_view raw_signature);

}  // namespace certbridge::sm
