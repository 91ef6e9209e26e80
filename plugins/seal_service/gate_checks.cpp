#include "gate_checks.h"

#include <algorithm>

#include "certbridge/identifiers.h"

namespace certbridge::seal_service {
namespace {

// The file names this certificate, and the certificate is one of this issuer and type.
Result<void> check_identifier(const std::string& in_file, const Expectation& expected) {
  const auto wrong = [](const char* what) {
    return Error::permanent("seal_gate.other_certificate", what);
  };
  if (expected.identifier.empty() || in_file != expected.identifier) {
    return wrong("the identifier in the file's metadata is not that of the certificate");
  }
  const auto identifier = CertificateIdentifier::parse(in_file);
  if (!identifier) return wrong("the certificate's identifier does not keep GB/T 36904");
  if (identifier.value().issuer_code() == expected.issuer_code &&
      identifier.value().type_code() == expected.type_code) {
    return {};
  }
  return wrong("the certificate's identifier is one of another issuer or type than the message");
}

}  // namespace

const IssuerSeal* registered_seal(const IssuerDirectory& issuers, const Expectation& expected) {
  const Issuer* issuer = issuers.by_code(expected.issuer_code);
  if (issuer == nullptr) return nullptr;
  for (const IssuerSeal& seal : issuer->seals) {
    const auto& types = seal.type_codes;
    if (std::find(types.begin(), types.end(), expected.type_code) != types.end()) return &seal;
  }
  return nullptr;
}

Result<void> check_ownership(const Report& report, const Expectation& expected,
                             const IssuerDirectory& issuers) {
  const IssuerSeal* registered = registered_seal(issuers, expected);
  if (registered == nullptr) {
    return Error::permanent("seal_gate.issuer", "the issuer " + expected.issuer_code +
                                                    " has no seal registered for the type " +
                                                    expected.type_code + "; add it to issuers.xml");
  }
  if (report.seals.size() != 1) {
    return Error::permanent(
        "seal_gate.seal_count",
        "the file carries " + std::to_string(report.seals.size()) + " seals where one is due");
  }
  const std::string& found = report.seals.front().seal_id;
  if (found != registered->seal_id) {
    return Error::permanent("seal_gate.other_seal", "the file carries the seal " + found +
                                                        ", but the seal " + registered->seal_id +
                                                        " is registered for the issuer " +
                                                        expected.issuer_code);
  }
  return check_identifier(report.identifier, expected);
}

}  // namespace certbridge::seal_service
