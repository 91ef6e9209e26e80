#include "sm2_watch.h"

#include <openssl/evp.h>

#include <memory>
#include <utility>

#include "measure.h"

namespace certbridge::bench {
namespace {

thread_local Sm2Watch watch;

}  // namespace

Sm2Watch take_sm2_watch() { return std::exchange(watch, Sm2Watch{}); }

double raw_sm2_rate(int count) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2"), &EVP_PKEY_free);
  if (key == nullptr) give_up("OpenSSL makes no SM2 key");
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new(key.get(), nullptr), &EVP_PKEY_CTX_free);
  if (EVP_PKEY_sign_init(context.get()) != 1) give_up("OpenSSL does not sign with SM2");
  const unsigned char digest[32] = {1, 2, 3};
  unsigned char signature[128];
  const double began = thread_seconds();
  for (int i = 0; i < count; ++i) {
    std::size_t size = sizeof signature;
    if (EVP_PKEY_sign(context.get(), signature, &size, digest, sizeof digest) != 1) {
      give_up("OpenSSL does not sign with SM2");
    }
  }
  return count / (thread_seconds() - began);
}

}  // namespace certbridge::bench

extern "C" {

int __real_EVP_DigestSign(EVP_MD_CTX* context, unsigned char* signature, size_t* size,
                          const unsigned char* bytes, size_t count);
int __real_EVP_DigestVerify(EVP_MD_CTX* context, const unsigned char* signature, size_t size,
                            const unsigned char* bytes, size_t count);
int __wrap_EVP_DigestSign(EVP_MD_CTX* context, unsigned char* signature, size_t* size,
                          const unsigned char* bytes, size_t count);
int __wrap_EVP_DigestVerify(EVP_MD_CTX* context, const unsigned char* signature, size_t size,
                            const unsigned char* bytes, size_t count);

int __wrap_EVP_DigestSign(EVP_MD_CTX* context, unsigned char* signature, size_t* size,
                          const unsigned char* bytes, size_t count) {
  const double began = certbridge::bench::thread_seconds();
  const int result = __real_EVP_DigestSign(context, signature, size, bytes, count);
  certbridge::bench::watch.cpu_seconds += certbridge::bench::thread_seconds() - began;
  ++certbridge::bench::watch.signs;
  return result;
}

int __wrap_EVP_DigestVerify(EVP_MD_CTX* context, const unsigned char* signature, size_t size,
                            const unsigned char* bytes, size_t count) {
  const double began = certbridge::bench::thread_seconds();
  const int result = __real_EVP_DigestVerify(context, signature, size, bytes, count);
  certbridge::bench::watch.cpu_seconds += certbridge::bench::thread_seconds() - began;
  ++certbridge::bench::watch.verifies;
  return result;
}
}
