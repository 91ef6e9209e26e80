// SM4 (GB/T 32907-2016) in the modes that OpenSSL 3.0 has; there is no authenticated mode in it, so
// what must not be altered needs hmac_sm3() over the ciphertext as well.
#pragma once

#include <string>
#include <string_view>

#include "certbridge/result.h"

namespace certbridge::sm {

inline constexpr std::size_t kSm4KeyBytes = 16;
inline constexpr std::size_t kSm4BlockBytes = 16;

// CBC with PKCS#7 padding. Key and IV are 16 bytes each. Code "sm.cipher".
Result<std::string> sm4_cbc_encrypt(std::string_view key, std::string_view iv,
                                    std::string_view plain);
// "sm.cipher" also for a wrong length and for padding that is not there.
Result<std::string> sm4_cbc_decrypt(std::string_view key, std::string_view iv,
                                    std::string_view cipher);
// CTR; the same call encrypts and decrypts. The IV must never be used twice with one key.
Result<std::string> sm4_ctr(std::string_view key, std::string_view iv, std::string_view bytes);

}  // namespace certbridge::sm
