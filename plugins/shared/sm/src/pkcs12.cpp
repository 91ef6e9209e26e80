#include <openssl/pkcs12.h>

#include "certbridge_sm/x509.h"
#include "openssl_handles.h"

namespace certbridge::sm {
namespace {

constexpr int kIterations = 2048;
using StorePointer = std::unique_ptr<PKCS12, Releaser<PKCS12_free>>;

Error refused_store(const std::string& reason) {
  return Error::fault("sm.key_file", "the PKCS#12 file cannot be used: " + reason);
}

template <class T>
std::string der_of(const T* object, int (*write)(const T*, unsigned char**)) {
  unsigned char* bytes = nullptr;
  const int size = write(object, &bytes);
  std::string der(reinterpret_cast<char*>(bytes), size < 0 ? 0 : static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

}  // namespace

Result<KeyWithCertificate> read_pkcs12(std::string_view bytes, std::string_view passphrase) {
  const unsigned char* cursor = octets(bytes);
  const StorePointer store(d2i_PKCS12(nullptr, &cursor, static_cast<long>(bytes.size())));
  if (store == nullptr) return refused_store("it is not a PKCS#12 file");
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  const std::string secret(passphrase);
  const int parsed = PKCS12_parse(store.get(), secret.c_str(), &key, &certificate, nullptr);
  KeyPointer key_owner(key);
  const CertificatePointer certificate_owner(certificate);
  if (parsed != 1) return refused_store("wrong passphrase or damaged (" + openssl_reason() + ")");
  if (key == nullptr || certificate == nullptr)
    return refused_store("key or certificate is missing");
  auto checked = require_sm2(std::move(key_owner), "the key in the PKCS#12 file");
  if (!checked) return checked.error();
  auto parsed_certificate = X509Certificate::from_der(der_of<X509>(certificate, i2d_X509));
  if (!parsed_certificate) return parsed_certificate.error();
  PrivateKey private_key(
      std::make_shared<detail::KeyHandle>(detail::KeyHandle{std::move(checked).value()}));
  return KeyWithCertificate{std::move(private_key), std::move(parsed_certificate).value()};
}

Result<std::string> write_pkcs12(const KeyWithCertificate& pair, std::string_view passphrase) {
  const std::string& der = pair.certificate.der();
  const unsigned char* cursor = octets(der);
  const CertificatePointer certificate(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())));
  const std::string secret(passphrase);
  const StorePointer store(PKCS12_create(secret.c_str(), "signer", pair.key.handle().key.get(),
                                         certificate.get(), nullptr, 0, 0, kIterations, kIterations,
                                         0));
  if (store == nullptr) return refused_store(openssl_reason());
  return der_of<PKCS12>(store.get(), i2d_PKCS12);
}

}  // namespace certbridge::sm
