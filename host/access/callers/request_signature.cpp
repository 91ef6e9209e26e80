#include "access/callers/request_signature.h"

#include <openssl/crypto.h>

#include "certbridge/text.h"

namespace certbridge::host {

std::string request_signature(const Key& key, const SignedRequest& request) {
  Sm3 sm3;
  sm3.add(request.body);
  const std::string text = request.method + "\n" + request.target + "\n" + request.time + "\n" +
                           request.nonce + "\n" + to_hex(sm3.finish());
  return to_hex_text(keyed_digest(Suite::kSm4CtrHmacSm3, key, text));
}

bool are_equal_in_constant_time(std::string_view one, std::string_view other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace certbridge::host
