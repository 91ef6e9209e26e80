#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "certbridge_sm/x509.h"
#include "openssl_handles.h"
#include "signed_object.h"

namespace certbridge::sm {
namespace {

Error refused_list(const std::string& reason) {
  return Error::permanent("sm.revocation_list", "the revocation list is refused: " + reason);
}

bool is_compromise(const X509_REVOKED* entry) {
  int critical = 0;
  ASN1_ENUMERATED* reason = static_cast<ASN1_ENUMERATED*>(
      X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, &critical, nullptr));
  if (reason == nullptr) return false;
  const long code = ASN1_ENUMERATED_get(reason);
  ASN1_ENUMERATED_free(reason);
  return code == CRL_REASON_KEY_COMPROMISE || code == CRL_REASON_CA_COMPROMISE;
}

bool has_critical_extension(X509_CRL* list) {
  for (int i = 0; i < X509_CRL_get_ext_count(list); ++i) {
    if (X509_EXTENSION_get_critical(X509_CRL_get_ext(list, i)) != 0) return true;
  }
  return false;
}

}  // namespace

struct RevocationReader {
  static Result<void> read_entries(X509_CRL* raw, RevocationList& into) {
    STACK_OF(X509_REVOKED)* entries = X509_CRL_get_REVOKED(raw);
    for (int i = 0; entries != nullptr && i < sk_X509_REVOKED_num(entries); ++i) {
      const X509_REVOKED* entry = sk_X509_REVOKED_value(entries, i);
      auto when = time_of(X509_REVOKED_get0_revocationDate(entry));
      if (!when) return refused_list("a revocation date cannot be read");
      into.revoked_[serial_of(X509_REVOKED_get0_serialNumber(entry))] = {when.value(),
                                                                         is_compromise(entry)};
    }
    return {};
  }

  static Result<RevocationList> read(std::string_view der) {
    auto outer = read_signed_object(der);
    if (!outer) return refused_list(outer.error().message);
    const unsigned char* cursor = octets(der);
    const RevocationPointer raw(d2i_X509_CRL(nullptr, &cursor, static_cast<long>(der.size())));
    if (raw == nullptr) return refused_list(openssl_reason());
    if (has_critical_extension(raw.get())) return refused_list("it has a critical extension");
    auto from = time_of(X509_CRL_get0_lastUpdate(raw.get()));
    auto until = time_of(X509_CRL_get0_nextUpdate(raw.get()));
    if (!from || !until) return refused_list("it does not say from when until when it is good");
    RevocationList made;
    made.to_be_signed_ = std::move(outer.value().to_be_signed);
    made.algorithm_ = std::move(outer.value().algorithm);
    made.signature_ = std::move(outer.value().signature);
    made.validity_ = {from.value(), until.value()};
    const unsigned char* name = nullptr;
    std::size_t size = 0;
    X509_NAME_get0_der(X509_CRL_get_issuer(raw.get()), &name, &size);
    made.issuer_name_.assign(reinterpret_cast<const char*>(name), size);
    if (auto entries = read_entries(raw.get(), made); !entries) return entries.error();
    return made;
  }
};

Result<RevocationList> RevocationList::from_der(std::string_view der) {
  return RevocationReader::read(der);
}

Result<std::vector<RevocationList>> RevocationList::from_pem(std::string_view pem) {
  const BioPointer bio = reader_of(pem);
  std::vector<RevocationList> found;
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* bytes = nullptr;
  long size = 0;
  while (PEM_read_bio(bio.get(), &name, &header, &bytes, &size) == 1) {
    const bool fits = std::string_view(name) == PEM_STRING_X509_CRL;
    const std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(bytes);
    if (!fits) return refused_list("the PEM file holds something else as well");
    auto list = from_der(der);
    if (!list) return list.error();
    found.push_back(std::move(list).value());
  }
  static_cast<void>(openssl_reason());
  if (found.empty()) return refused_list("there is none in the PEM file");
  return found;
}

Result<void> RevocationList::signed_by(const X509Certificate& issuer) const {
  auto key = issuer.public_key();
  if (!key) return key.error();
  return check_signed_object(algorithm_, key.value(), to_be_signed_, signature_);
}

std::optional<Revocation> RevocationList::find(std::string_view serial) const {
  const auto found = revoked_.find(serial);
  if (found == revoked_.end()) return std::nullopt;
  return found->second;
}

}  // namespace certbridge::sm
