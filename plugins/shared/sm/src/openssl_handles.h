// Owners for OpenSSL's objects, inside this library only.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

#include "certbridge/result.h"

namespace certbridge::sm {

template <auto Free>
struct Releaser {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using KeyPointer = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY_free>>;
using KeyContextPointer = std::unique_ptr<EVP_PKEY_CTX, Releaser<EVP_PKEY_CTX_free>>;
using DigestContextPointer = std::unique_ptr<EVP_MD_CTX, Releaser<EVP_MD_CTX_free>>;
using CipherContextPointer = std::unique_ptr<EVP_CIPHER_CTX, Releaser<EVP_CIPHER_CTX_free>>;
using BioPointer = std::unique_ptr<BIO, Releaser<BIO_free_all>>;
using CertificatePointer = std::unique_ptr<X509, Releaser<X509_free>>;
using RevocationPointer = std::unique_ptr<X509_CRL, Releaser<X509_CRL_free>>;

inline const unsigned char* octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* octets(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

// SM3, fetched once: a fetch for every small digest costs as much as the digest.
const EVP_MD* sm3_method();
// Everything written to a memory BIO.
std::string text_of(BIO* bio);
BioPointer reader_of(std::string_view bytes);
// The first of OpenSSL's queued reasons, and forgets the rest.
std::string openssl_reason();

namespace detail {
struct KeyHandle {
  KeyPointer key;
};
}  // namespace detail

// Refuses a key whose type is not "SM2": with the type "EC" on the SM2 curve OpenSSL would make and
// accept ECDSA signatures.
Result<KeyPointer> require_sm2(KeyPointer key, std::string_view what);

}  // namespace certbridge::sm
