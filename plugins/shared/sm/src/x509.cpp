#include "certbridge_sm/x509.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "openssl_handles.h"
#include "signed_object.h"

namespace certbridge::sm {
namespace {

Error refused(const std::string& reason) {
  return Error::permanent("sm.certificate", "the certificate is refused: " + reason);
}

std::string name_der(const X509_NAME* name) {
  const unsigned char* bytes = nullptr;
  std::size_t size = 0;
  if (X509_NAME_get0_der(name, &bytes, &size) != 1) return {};
  return {reinterpret_cast<const char*>(bytes), size};
}

std::string name_text(const X509_NAME* name) {
  const BioPointer bio(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  return text_of(bio.get());
}

// Both copies of the signature algorithm must be the same bytes.
bool same_algorithm(const X509* certificate, std::string_view outer) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509_ALGOR(X509_get0_tbs_sigalg(certificate), &bytes);
  const bool same = size > 0 && outer == std::string_view(reinterpret_cast<char*>(bytes),
                                                          static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return same;
}

}  // namespace

struct CertificateReader {
  static void read_rights(X509* raw, X509Certificate& into) {
    const std::uint32_t flags = X509_get_extension_flags(raw);
    const std::uint32_t usage = (flags & EXFLAG_KUSAGE) != 0 ? X509_get_key_usage(raw) : 0;
    into.may_sign_ = (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
    into.is_authority_ = (flags & EXFLAG_CA) != 0 && (usage & KU_KEY_CERT_SIGN) != 0;
    into.may_sign_revocations_ = (usage & KU_CRL_SIGN) != 0;
    into.unknown_critical_ = (flags & EXFLAG_CRITICAL) != 0;
    const long length = X509_get_pathlen(raw);
    if (length >= 0) into.path_length_ = static_cast<int>(length);
  }

  static Result<X509Certificate> read(std::string_view der) {
    auto outer = read_signed_object(der);
    if (!outer) return refused(outer.error().message);
    const unsigned char* cursor = octets(der);
    const CertificatePointer raw(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())));
    if (raw == nullptr) return refused(openssl_reason());
    if (!same_algorithm(raw.get(), outer.value().algorithm_der)) {
      return refused("it names two signature algorithms");
    }
    if ((X509_get_extension_flags(raw.get()) & EXFLAG_INVALID) != 0) {
      return refused("an extension is not well-formed");
    }
    auto from = time_of(X509_get0_notBefore(raw.get()));
    auto until = time_of(X509_get0_notAfter(raw.get()));
    if (!from || !until) return refused("its validity cannot be read");
    X509Certificate made;
    made.der_ = std::string(der);
    made.to_be_signed_ = std::move(outer.value().to_be_signed);
    made.algorithm_ = std::move(outer.value().algorithm);
    made.signature_ = std::move(outer.value().signature);
    made.subject_ = name_text(X509_get_subject_name(raw.get()));
    made.subject_name_ = name_der(X509_get_subject_name(raw.get()));
    made.issuer_name_ = name_der(X509_get_issuer_name(raw.get()));
    made.serial_ = serial_of(X509_get0_serialNumber(raw.get()));
    made.validity_ = {from.value(), until.value()};
    unsigned char* spki = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(raw.get()), &spki);
    if (size > 0) made.public_key_der_.assign(reinterpret_cast<char*>(spki), size);
    OPENSSL_free(spki);
    read_rights(raw.get(), made);
    return made;
  }
};

Result<X509Certificate> X509Certificate::from_der(std::string_view der) {
  return CertificateReader::read(der);
}

Result<std::vector<X509Certificate>> X509Certificate::from_pem(std::string_view pem) {
  const BioPointer bio = reader_of(pem);
  std::vector<X509Certificate> found;
  while (true) {
    const CertificatePointer raw(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (raw == nullptr) break;
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(raw.get(), &bytes);
    const std::string der(reinterpret_cast<char*>(bytes), size < 0 ? 0 : static_cast<size_t>(size));
    OPENSSL_free(bytes);
    auto certificate = from_der(der);
    if (!certificate) return certificate.error();
    found.push_back(std::move(certificate).value());
  }
  static_cast<void>(openssl_reason());
  if (found.empty()) return refused("there is no certificate in the PEM file");
  return found;
}

std::string X509Certificate::to_pem() const {
  const BioPointer bio(BIO_new(BIO_s_mem()));
  PEM_write_bio(bio.get(), PEM_STRING_X509, "", octets(der_), static_cast<long>(der_.size()));
  return text_of(bio.get());
}

Result<PublicKey> X509Certificate::public_key() const {
  auto key = PublicKey::from_der(public_key_der_);
  if (key) return key;
  return Error::permanent("sm.key", "the certificate of " + subject_ + " holds no SM2 key");
}

Result<void> X509Certificate::signed_by(const X509Certificate& issuer) const {
  auto key = issuer.public_key();
  if (!key) return key.error();
  return check_signed_object(algorithm_, key.value(), to_be_signed_, signature_);
}

}  // namespace certbridge::sm
