#include "certbridge_sm/issue.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "../src/openssl_handles.h"

namespace certbridge::sm {
namespace {

using NamePointer = std::unique_ptr<X509_NAME, Releaser<X509_NAME_free>>;
using TimePointer = std::unique_ptr<ASN1_TIME, Releaser<ASN1_TIME_free>>;
using ExtensionPointer = std::unique_ptr<X509_EXTENSION, Releaser<X509_EXTENSION_free>>;
using RevokedPointer = std::unique_ptr<X509_REVOKED, Releaser<X509_REVOKED_free>>;
using IntegerPointer = std::unique_ptr<ASN1_INTEGER, Releaser<ASN1_INTEGER_free>>;
using NumberPointer = std::unique_ptr<BIGNUM, Releaser<BN_free>>;

Error failed(const char* what) {
  return Error::fault("sm.issue", std::string(what) + ": " + openssl_reason());
}

NamePointer name_of(const CertificateRequest& request) {
  NamePointer name(X509_NAME_new());
  const auto add = [&](const char* field, const std::string& value) {
    X509_NAME_add_entry_by_txt(name.get(), field, MBSTRING_UTF8, octets(value),
                               static_cast<int>(value.size()), -1, 0);
  };
  add("C", "CN");
  add("O", request.organisation);
  add("CN", request.common_name);
  return name;
}

TimePointer time_at(Timestamp time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  return TimePointer(ASN1_TIME_set(nullptr, static_cast<time_t>(whole.time_since_epoch().count())));
}

// What both kinds of objects are signed with.
DigestContextPointer signing_context(const PrivateKey& key, std::string_view id) {
  DigestContextPointer context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  if (EVP_DigestSignInit(context.get(), &parameters, sm3_method(), nullptr,
                         key.handle().key.get()) != 1) {
    return nullptr;
  }
  if (EVP_PKEY_CTX_set1_id(parameters, id.data(), static_cast<int>(id.size())) != 1) return nullptr;
  return context;
}

bool add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const ExtensionPointer extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool add_extensions(const CertificateRequest& request, X509* certificate, X509* issuer) {
  const char* usage = request.authority  ? "critical,keyCertSign,cRLSign"
                      : request.may_sign ? "critical,digitalSignature,nonRepudiation"
                                         : "critical,keyEncipherment";
  return add_extension(certificate, issuer, NID_basic_constraints,
                       request.authority ? "critical,CA:TRUE" : "critical,CA:FALSE") &&
         add_extension(certificate, issuer, NID_key_usage, usage) &&
         add_extension(certificate, issuer, NID_subject_key_identifier, "hash") &&
         add_extension(certificate, issuer, NID_authority_key_identifier, "keyid");
}

CertificatePointer native(const X509Certificate* certificate) {
  if (certificate == nullptr) return nullptr;
  const unsigned char* cursor = octets(certificate->der());
  return CertificatePointer(
      d2i_X509(nullptr, &cursor, static_cast<long>(certificate->der().size())));
}

// The body of a certificate, not signed yet; null on failure.
CertificatePointer unsigned_certificate(const CertificateRequest& request,
                                        const PublicKey& subject_key, X509* issuer) {
  CertificatePointer made(X509_new());
  const NamePointer subject = name_of(request);
  const TimePointer from = time_at(request.validity.not_before);
  const TimePointer until = time_at(request.validity.not_after);
  const bool done =
      X509_set_version(made.get(), X509_VERSION_3) == 1 &&
      ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), request.serial) == 1 &&
      X509_set_subject_name(made.get(), subject.get()) == 1 &&
      X509_set_issuer_name(
          made.get(), issuer == nullptr ? subject.get() : X509_get_subject_name(issuer)) == 1 &&
      X509_set1_notBefore(made.get(), from.get()) == 1 &&
      X509_set1_notAfter(made.get(), until.get()) == 1 &&
      X509_set_pubkey(made.get(), subject_key.handle().key.get()) == 1;
  if (!done) return nullptr;
  if (!add_extensions(request, made.get(), issuer == nullptr ? made.get() : issuer)) return nullptr;
  return made;
}

bool add_revoked(X509_CRL* list, const RevokedSerial& revoked) {
  BIGNUM* raw_number = nullptr;
  if (BN_hex2bn(&raw_number, revoked.serial.c_str()) == 0) return false;
  const NumberPointer number(raw_number);
  const IntegerPointer serial(BN_to_ASN1_INTEGER(number.get(), nullptr));
  const TimePointer when = time_at(revoked.when);
  RevokedPointer entry(X509_REVOKED_new());
  if (X509_REVOKED_set_serialNumber(entry.get(), serial.get()) != 1) return false;
  if (X509_REVOKED_set_revocationDate(entry.get(), when.get()) != 1) return false;
  if (revoked.compromised) {
    const std::unique_ptr<ASN1_ENUMERATED, Releaser<ASN1_ENUMERATED_free>> reason(
        ASN1_ENUMERATED_new());
    ASN1_ENUMERATED_set(reason.get(), CRL_REASON_KEY_COMPROMISE);
    if (X509_REVOKED_add1_ext_i2d(entry.get(), NID_crl_reason, reason.get(), 0, 0) != 1) {
      return false;
    }
  }
  if (X509_CRL_add0_revoked(list, entry.get()) != 1) return false;
  static_cast<void>(entry.release());
  return true;
}

}  // namespace

Result<X509Certificate> issue_certificate(const CertificateRequest& request,
                                          const PublicKey& subject_key,
                                          const PrivateKey& issuer_key,
                                          const X509Certificate* issuer) {
  const CertificatePointer native_issuer = native(issuer);
  const CertificatePointer made = unsigned_certificate(request, subject_key, native_issuer.get());
  if (made == nullptr) return failed("the certificate cannot be put together");
  const DigestContextPointer context = signing_context(issuer_key, request.signer_id);
  if (context == nullptr || X509_sign_ctx(made.get(), context.get()) <= 0) {
    return failed("the certificate cannot be signed");
  }
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(made.get(), &bytes);
  const std::string der(reinterpret_cast<char*>(bytes), size < 0 ? 0 : static_cast<size_t>(size));
  OPENSSL_free(bytes);
  return X509Certificate::from_der(der);
}

Result<std::string> issue_revocation_list(const X509Certificate& issuer,
                                          const PrivateKey& issuer_key, const Validity& validity,
                                          const std::vector<RevokedSerial>& revoked) {
  const CertificatePointer native_issuer = native(&issuer);
  const RevocationPointer list(X509_CRL_new());
  const TimePointer from = time_at(validity.not_before);
  const TimePointer until = time_at(validity.not_after);
  bool done =
      X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) == 1 &&
      X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(native_issuer.get())) == 1 &&
      X509_CRL_set1_lastUpdate(list.get(), from.get()) == 1 &&
      X509_CRL_set1_nextUpdate(list.get(), until.get()) == 1;
  for (const RevokedSerial& one : revoked) done = done && add_revoked(list.get(), one);
  const DigestContextPointer context = signing_context(issuer_key, kDefaultSignerId);
  if (!done || context == nullptr || X509_CRL_sign_ctx(list.get(), context.get()) <= 0) {
    return failed("the revocation list cannot be made");
  }
  const BioPointer bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_X509_CRL(bio.get(), list.get()) != 1) return failed("the revocation list");
  return text_of(bio.get());
}

}  // namespace certbridge::sm
