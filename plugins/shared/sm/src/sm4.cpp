#include "certbridge_sm/sm4.h"

#include <limits>

#include "openssl_handles.h"

namespace certbridge::sm {
namespace {

enum class Direction : int { kDecrypt = 0, kEncrypt = 1 };

Error refused_cipher(const std::string& reason) {
  return Error::permanent("sm.cipher", "SM4: " + reason);
}

Result<std::string> run(const EVP_CIPHER* method, std::string_view key, std::string_view iv,
                        std::string_view input, Direction direction) {
  if (key.size() != kSm4KeyBytes) return refused_cipher("the key must have 16 bytes");
  if (iv.size() != kSm4BlockBytes) return refused_cipher("the initial vector must have 16 bytes");
  if (input.size() > std::numeric_limits<int>::max() - kSm4BlockBytes)
    return refused_cipher("too much");
  const CipherContextPointer context(EVP_CIPHER_CTX_new());
  std::string output(input.size() + kSm4BlockBytes, '\0');
  int body = 0;
  int tail = 0;
  const bool done = EVP_CipherInit_ex(context.get(), method, nullptr, octets(key), octets(iv),
                                      static_cast<int>(direction)) == 1 &&
                    EVP_CipherUpdate(context.get(), octets(output), &body, octets(input),
                                     static_cast<int>(input.size())) == 1 &&
                    EVP_CipherFinal_ex(context.get(), octets(output) + body, &tail) == 1;
  if (!done)
    return refused_cipher("wrong key, or bytes that were cut or altered: " + openssl_reason());
  output.resize(static_cast<std::size_t>(body) + static_cast<std::size_t>(tail));
  return output;
}

}  // namespace

Result<std::string> sm4_cbc_encrypt(std::string_view key, std::string_view iv,
                                    std::string_view plain) {
  return run(EVP_sm4_cbc(), key, iv, plain, Direction::kEncrypt);
}

Result<std::string> sm4_cbc_decrypt(std::string_view key, std::string_view iv,
                                    std::string_view cipher) {
  return run(EVP_sm4_cbc(), key, iv, cipher, Direction::kDecrypt);
}

Result<std::string> sm4_ctr(std::string_view key, std::string_view iv, std::string_view bytes) {
  return run(EVP_sm4_ctr(), key, iv, bytes, Direction::kEncrypt);
}

}  // namespace certbridge::sm
