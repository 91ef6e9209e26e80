// Whether a valid seal is the right one: registered for this issuer and type, on this certificate.
#pragma once

#include <string>

#include "certbridge/issuer.h"
#include "report.h"

namespace certbridge::seal_service {

// What the message says of the certificate.
struct Expectation {
  std::string issuer_code{};
  std::string type_code{};
  std::string identifier{};
};

// Null when the issuer has no seal for the type.
const IssuerSeal* registered_seal(const IssuerDirectory& issuers, const Expectation& expected);

// Codes, permanent: "seal_gate.issuer" (not listed, or no seal for the type),
// "seal_gate.seal_count" (not exactly one), "seal_gate.other_seal", "seal_gate.other_certificate".
Result<void> check_ownership(const Report& report, const Expectation& expected,
                             const IssuerDirectory& issuers);

}  // namespace certbridge::seal_service
