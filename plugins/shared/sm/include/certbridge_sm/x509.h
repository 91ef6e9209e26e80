// X.509 certificates and revocation lists signed with SM2 (GB/T 20518-2018), and chains to
// configured trust anchors. Signatures are checked over the original bytes with the signer's
// identifier 1234567812345678, which OpenSSL's own chain check does not do.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/message.h"
#include "certbridge_sm/sm2.h"

namespace certbridge::sm {

// From not_before to not_after, both included.
struct Validity {
  Timestamp not_before{};
  Timestamp not_after{};
  bool covers(Timestamp time) const { return not_before <= time && time <= not_after; }
};

// One certificate, parsed once. A plain value; any thread may read it.
class X509Certificate {
 public:
  // Strict: nothing may follow the certificate. Code "sm.certificate".
  static Result<X509Certificate> from_der(std::string_view der);
  // All certificates of a PEM file, in order; none at all is refused.
  static Result<std::vector<X509Certificate>> from_pem(std::string_view pem);

  const std::string& der() const { return der_; }
  std::string to_pem() const;
  const std::string& subject() const { return subject_; }            // for people: "CN=...,O=..."
  const std::string& subject_name() const { return subject_name_; }  // DER
  const std::string& issuer_name() const { return issuer_name_; }    // DER
  const std::string& serial() const { return serial_; }              // upper-case hexadecimal
  const Validity& validity() const { return validity_; }
  bool self_issued() const { return subject_name_ == issuer_name_; }
  // Key usage is present and holds digitalSignature or nonRepudiation.
  bool may_sign() const { return may_sign_; }
  // Basic constraints say CA and key usage holds keyCertSign.
  bool is_authority() const { return is_authority_; }
  bool may_sign_revocations() const { return may_sign_revocations_; }
  // How many authorities may stand below this one; nothing when not limited.
  std::optional<int> path_length() const { return path_length_; }
  bool has_unknown_critical_extension() const { return unknown_critical_; }
  // "sm.key" when the key is not an SM2 key (RSA, P-256).
  Result<PublicKey> public_key() const;
  // Ok when `issuer`'s key signed this certificate by SM2 with SM3 under the default identifier;
  // else "sm.algorithm", "sm.key" or "sm.signature".
  Result<void> signed_by(const X509Certificate& issuer) const;

 private:
  X509Certificate() = default;
  friend struct CertificateReader;
  std::string der_{};
  std::string to_be_signed_{};
  std::string algorithm_{};
  std::string signature_{};
  std::string subject_{};
  std::string subject_name_{};
  std::string issuer_name_{};
  std::string serial_{};
  std::string public_key_der_{};
  Validity validity_{};
  std::optional<int> path_length_{};
  bool may_sign_ = false;
  bool is_authority_ = false;
  bool may_sign_revocations_ = false;
  bool unknown_critical_ = false;
};

struct Revocation {
  Timestamp when{};
  bool compromised = false;  // the reason is that a key is no longer secret
};

// One revocation list. Lists with critical extensions (indirect, delta) are refused.
class RevocationList {
 public:
  static Result<RevocationList> from_der(std::string_view der);  // "sm.revocation_list"
  static Result<std::vector<RevocationList>> from_pem(std::string_view pem);
  const std::string& issuer_name() const { return issuer_name_; }  // DER
  // From thisUpdate to nextUpdate; a list without nextUpdate is refused.
  const Validity& validity() const { return validity_; }
  Result<void> signed_by(const X509Certificate& issuer) const;  // as X509Certificate::signed_by
  std::optional<Revocation> find(std::string_view serial) const;

 private:
  RevocationList() = default;
  friend struct RevocationReader;
  std::string to_be_signed_{};
  std::string algorithm_{};
  std::string signature_{};
  std::string issuer_name_{};
  Validity validity_{};
  std::map<std::string, Revocation, std::less<>> revoked_{};
};

// The certificates that a chain may end in or pass through.
class TrustStore {
 public:
  // A PEM bundle; at least one self-signed authority must be in it. Code "sm.trust".
  static Result<TrustStore> parse(std::string_view pem);
  // From `leaf` (first) to a self-signed authority of the store (last). Checks names, signatures,
  // authority flags, path lengths and critical extensions; not the times. Code "sm.chain".
  Result<std::vector<X509Certificate>> chain_of(const X509Certificate& leaf) const;

 private:
  Result<const X509Certificate*> issuer_of(const X509Certificate& certificate) const;
  std::vector<X509Certificate> authorities_{};
};

// A signer's key with its certificate, as PKCS#12 holds them. Code "sm.key_file".
struct KeyWithCertificate {
  PrivateKey key;
  X509Certificate certificate;
};
Result<KeyWithCertificate> read_pkcs12(std::string_view bytes, std::string_view passphrase);
Result<std::string> write_pkcs12(const KeyWithCertificate& pair, std::string_view passphrase);

}  // namespace certbridge::sm
