#include <openssl/pem.h>

#include <algorithm>
#include <cstring>

#include "certbridge_sm/sm2.h"
#include "openssl_handles.h"

namespace certbridge::sm {
namespace {

// Hands OpenSSL the passphrase; without this it would ask at the terminal.
int give_passphrase(char* into, int size, int, void* passphrase) {
  const auto& text = *static_cast<const std::string_view*>(passphrase);
  if (text.empty() || static_cast<std::size_t>(size) < text.size()) return -1;
  std::copy(text.begin(), text.end(), into);
  return static_cast<int>(text.size());
}

std::shared_ptr<const detail::KeyHandle> share(KeyPointer key) {
  return std::make_shared<detail::KeyHandle>(detail::KeyHandle{std::move(key)});
}

KeyPointer public_part(EVP_PKEY* key) {
  unsigned char* spki = nullptr;
  const int size = i2d_PUBKEY(key, &spki);
  if (size <= 0) return nullptr;
  const unsigned char* cursor = spki;
  KeyPointer copy(d2i_PUBKEY(nullptr, &cursor, size));
  OPENSSL_free(spki);
  return copy;
}

}  // namespace

PublicKey::PublicKey(std::shared_ptr<const detail::KeyHandle> handle)
    : handle_(std::move(handle)) {}
PrivateKey::PrivateKey(std::shared_ptr<const detail::KeyHandle> handle)
    : handle_(std::move(handle)) {}

Result<PublicKey> PublicKey::from_der(std::string_view spki) {
  const unsigned char* cursor = octets(spki);
  KeyPointer key(d2i_PUBKEY(nullptr, &cursor, static_cast<long>(spki.size())));
  if (key != nullptr && cursor != octets(spki) + spki.size()) key.reset();
  auto checked = require_sm2(std::move(key), "the public key");
  if (!checked) return checked.error();
  return PublicKey(share(std::move(checked).value()));
}

std::string PublicKey::to_der() const {
  unsigned char* spki = nullptr;
  const int size = i2d_PUBKEY(handle_->key.get(), &spki);
  std::string der(reinterpret_cast<char*>(spki), size <= 0 ? 0 : static_cast<std::size_t>(size));
  OPENSSL_free(spki);
  return der;
}

Result<PrivateKey> PrivateKey::generate() {
  auto key = require_sm2(KeyPointer(EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2")), "the new key");
  if (!key) return key.error();
  return PrivateKey(share(std::move(key).value()));
}

Result<PrivateKey> PrivateKey::from_der(std::string_view der) {
  const unsigned char* cursor = octets(der);
  KeyPointer key(d2i_AutoPrivateKey(nullptr, &cursor, static_cast<long>(der.size())));
  auto checked = require_sm2(std::move(key), "the private key");
  if (!checked) return checked.error();
  return PrivateKey(share(std::move(checked).value()));
}

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem, std::string_view passphrase) {
  const BioPointer bio = reader_of(pem);
  KeyPointer key(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase, &passphrase));
  auto checked = require_sm2(std::move(key), "the private key (wrong passphrase?)");
  if (!checked) return checked.error();
  return PrivateKey(share(std::move(checked).value()));
}

PublicKey PrivateKey::public_key() const {
  return PublicKey(share(public_part(handle_->key.get())));
}

Result<std::string> PrivateKey::to_pem(std::string_view passphrase) const {
  if (passphrase.empty()) {
    return Error::fault("sm.key", "a private key is only written under a passphrase");
  }
  const BioPointer bio(BIO_new(BIO_s_mem()));
  const int written = PEM_write_bio_PKCS8PrivateKey(
      bio.get(), handle_->key.get(), EVP_aes_256_cbc(), passphrase.data(),
      static_cast<int>(passphrase.size()), nullptr, nullptr);
  if (written != 1) return Error::fault("sm.key", "the key cannot be written: " + openssl_reason());
  return text_of(bio.get());
}

}  // namespace certbridge::sm
