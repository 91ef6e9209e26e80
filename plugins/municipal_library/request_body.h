// The body of a request: fields, head, charset, encryption and signature as the dialect says.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "certbridge_sm/sm2.h"
#include "dialect.h"
#include "values.h"

namespace certbridge::municipal_library {

// What protects a request. Empty members are not needed by the dialect.
struct Keys {
  std::optional<sm::PrivateKey> signing_key{};
  std::string hmac_key{};
  std::string cipher_key{};  // 16 bytes
};

// Fills `into` with unpredictable bytes; injected so that tests can know them.
using RandomBytes = std::function<std::string(std::size_t)>;

// The bytes to send. Errors: those of write_value(), "municipal.charset", "municipal.missing_value"
// (a carried value that is not there), "municipal.protection" (fault).
Result<std::string> write_body(const Dialect& dialect, const RemoteCall& call,
                               const Subject& subject, const Caller& caller, const Keys& keys,
                               const RandomBytes& random);

std::string content_type_of(const Dialect& dialect);

}  // namespace certbridge::municipal_library
