// The platform's folders on a front-end host: messages by rename, responses by exact name.
#pragma once

#include <optional>
#include <string>

#include "certbridge/endpoint.h"
#include "prepared.h"
#include "response.h"

namespace certbridge::provincial_platform {

// "{area}/BizMsg/Biz{number}.xml"
std::string message_path(const Prepared& prepared);
// "{area}/RepMsg/Rep{number}.xml"
std::string response_path(const Prepared& prepared);

// Talks to the two endpoints of the file adapter. Failures of them become "provincial.unreachable"
// (retryable), "provincial.drop_refused" (permanent) and "provincial.transport" (fault). Any
// thread.
class FileDrop {
 public:
  // Borrowed.
  FileDrop(Sink& messages, Responder& responses) : messages_(messages), responses_(responses) {}

  Result<void> put(const Prepared& prepared, const Call& call);
  Result<Confirmation::State> lies(const Prepared& prepared, const Call& call);
  // What the platform says of it, or nothing while it has said nothing. "provincial.response" for
  // what cannot be read or is about another message.
  Result<std::optional<Response>> verdict(const Prepared& prepared, const Call& call);

 private:
  Result<std::optional<std::string>> response(const Prepared& prepared, const Call& call);

  Sink& messages_;
  Responder& responses_;
};

}  // namespace certbridge::provincial_platform
