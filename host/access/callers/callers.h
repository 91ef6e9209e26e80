// Who calls: a system by its client certificate or by a key with which it signs each request, and
// the person behind it by a signed assertion.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "access/policy/request.h"
#include "certbridge/context.h"
#include "certbridge/result.h"

namespace certbridge::host {

// What a front knows of a request before anything of it is believed.
struct SignedRequest {
  std::string method{};
  std::string target{};  // path and query, as sent
  std::string body{};
  std::string certificate_sha256{};  // of the client certificate, lower-case hex; empty: none
  // Headers: X-CB-System, X-CB-Time (milliseconds since 1970), X-CB-Nonce (16 to 64 characters),
  // X-CB-Signature (HMAC-SM3 as lower-case hex), X-CB-Assertion.
  std::string system{};
  std::string time{};
  std::string nonce{};
  std::string signature{};
  std::string assertion{};
};

// Any thread. Keys are compared in constant time; nonces are remembered for the time window.
class Callers {
 public:
  virtual ~Callers() = default;
  // Who it is. Errors are permanent, but for the last, and say nothing that helps to guess:
  //   caller.unknown    no such system, wrong key, certificate or signature
  //   caller.time       outside the time window
  //   caller.repeated   this nonce was used before
  //   caller.assertion  no valid assertion of a configured issuer where the system needs one
  //   caller.busy       more nonces of the system than are remembered: the same request may be sent
  //                     again a little later
  virtual Result<Caller> identify(const SignedRequest& request) = 0;
};

}  // namespace certbridge::host
