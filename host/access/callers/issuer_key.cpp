#include "access/callers/issuer_key.h"

#include <openssl/evp.h>

#include "access/records/hex.h"

namespace certbridge::host {
namespace {

// SubjectPublicKeyInfo of a key on the SM2 curve up to the point's x and y, which are its end.
constexpr unsigned char kHead[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48,
                                   0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x81, 0x1C,
                                   0xCF, 0x55, 0x01, 0x82, 0x2D, 0x03, 0x42, 0x00, 0x04};

std::string pem_of(const std::string& der) {
  std::string text(4 * ((der.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(der.data()),
                                   static_cast<int>(der.size()));
  text.resize(static_cast<std::size_t>(size));
  for (std::size_t at = 64; at < text.size(); at += 65) text.insert(at, 1, '\n');
  return "-----BEGIN PUBLIC KEY-----\n" + text + "\n-----END PUBLIC KEY-----\n";
}

}  // namespace

Result<CheckingKey> key_of_point(std::string_view hex) {
  std::string point;
  if (hex.size() != 128 || !from_hex_text(hex, point)) {
    return Error::fault("access.key", "a public key is 128 lower-case hexadecimal digits");
  }
  return CheckingKey::from_pem(
      pem_of(std::string(reinterpret_cast<const char*>(kHead), sizeof kHead) + point));
}

}  // namespace certbridge::host
