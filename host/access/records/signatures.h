// SM2 signatures of checkpoints, by OpenSSL.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "certbridge/result.h"

namespace certbridge::host {

// The first 8 bytes of SM3 over the public key as DER of SubjectPublicKeyInfo.
using SigningKeyId = std::array<std::uint8_t, 8>;
inline constexpr std::size_t kSignatureBytes = 64;  // r and s, 32 bytes each

// A public key on the SM2 curve. Any thread.
class CheckingKey {
 public:
  // PEM of SubjectPublicKeyInfo. "access.key" for anything but a key on the SM2 curve.
  static Result<CheckingKey> from_pem(std::string_view pem);
  // Of SM3(Z || text) with the signer's identifier 1234567812345678 (GB/T 35276).
  bool signed_this(std::string_view text, std::string_view signature) const;
  const SigningKeyId& id() const { return id_; }
  std::string to_pem() const;

 private:
  friend class SignatureKey;
  struct Handle;
  explicit CheckingKey(std::shared_ptr<const Handle> handle);
  std::shared_ptr<const Handle> handle_;  // shared: keys are immutable and copied freely
  SigningKeyId id_{};
};

// The private key that belongs to it. Any thread.
class SignatureKey {
 public:
  // The 32 bytes of the number. "access.key" when it is none on the curve.
  static Result<SignatureKey> from_bytes(std::string_view bytes);
  std::string sign(std::string_view text) const;  // throws Failure "access.failed"
  CheckingKey public_key() const;
  const SigningKeyId& id() const { return id_; }

 private:
  explicit SignatureKey(std::shared_ptr<const CheckingKey::Handle> handle);
  std::shared_ptr<const CheckingKey::Handle> handle_;  // shared: as above
  SigningKeyId id_{};
};

}  // namespace certbridge::host
