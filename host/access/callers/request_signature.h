// HMAC-SM3 over one request, and comparison that takes the same time whatever differs.
#pragma once

#include <string>
#include <string_view>

#include "access/callers/callers.h"
#include "journal/cipher.h"

namespace certbridge::host {

// Over method, target, X-CB-Time, X-CB-Nonce and the digest of the body as lower-case hex, with a
// line feed between them; as lower-case hex.
std::string request_signature(const Key& key, const SignedRequest& request);
bool are_equal_in_constant_time(std::string_view one, std::string_view other);

}  // namespace certbridge::host
