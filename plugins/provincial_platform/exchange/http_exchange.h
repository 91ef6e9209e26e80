// The platform over HTTP: a message is posted, its response is fetched.
#pragma once

#include <string>

#include "exchange/http_replies.h"
#include "exchange/transport.h"

namespace certbridge::provincial_platform {

struct HttpPaths {
  std::string message{};   // a pattern of path_of()
  std::string response{};  // the same
};

// What the answer to a posted message means is in the profile (http_replies.h); 404 to the question
// for a response, that there is none yet. Whether an unanswered message arrived cannot be told: the
// same bytes are sent again, which the platform knows by their number. `platform` outlives it.
class HttpExchange final : public Transport {
 public:
  HttpExchange(Responder& platform, HttpPaths paths, HttpReplies replies)
      : platform_(platform), paths_(std::move(paths)), replies_(std::move(replies)) {}
  Result<std::optional<Response>> put(const Prepared& prepared, const Call& call) override;
  Result<Confirmation::State> lies(const Prepared& prepared, const Call& call) override;

  Result<std::optional<Reply>> response(const Prepared& prepared, const Call& call) override;

 private:
  Responder& platform_;
  HttpPaths paths_;
  HttpReplies replies_;
};

}  // namespace certbridge::provincial_platform
