// Issuing certificates and revocation lists for test authorities: library `certbridge_sm_issue`,
// used by certbridge-testca and by tests, never by a plugin.
#pragma once

#include <string>
#include <vector>

#include "certbridge_sm/x509.h"

namespace certbridge::sm {

struct CertificateRequest {
  std::string common_name{};
  std::string organisation{};
  std::uint64_t serial = 1;
  Validity validity{};
  bool authority = false;  // CA with keyCertSign and cRLSign
  bool may_sign = true;    // digitalSignature and nonRepudiation; else keyEncipherment only
  // What the issuer signs under; the empty one makes the certificate that others refuse.
  std::string signer_id{kDefaultSignerId};
};

// Null `issuer` makes a self-signed certificate by `issuer_key`. Code "sm.issue".
Result<X509Certificate> issue_certificate(const CertificateRequest& request,
                                          const PublicKey& subject_key,
                                          const PrivateKey& issuer_key,
                                          const X509Certificate* issuer);

struct RevokedSerial {
  std::string serial{};  // as X509Certificate::serial()
  Timestamp when{};
  bool compromised = false;
};
// PEM of a revocation list. Code "sm.issue".
Result<std::string> issue_revocation_list(const X509Certificate& issuer,
                                          const PrivateKey& issuer_key, const Validity& validity,
                                          const std::vector<RevokedSerial>& revoked);

}  // namespace certbridge::sm
