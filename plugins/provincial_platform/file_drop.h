// The platform's folders on a front-end host: messages by rename, responses by exact name.
#pragma once

#include <string>

#include "transport.h"

namespace certbridge::provincial_platform {

// "{area}/BizMsg/Biz{number}.xml"
std::string message_path(const Prepared& prepared);
// "{area}/RepMsg/Rep{number}.xml"
std::string response_path(const Prepared& prepared);

// Talks to the two endpoints of the file adapter, which outlive it.
class FileDrop final : public Transport {
 public:
  FileDrop(Sink& messages, Responder& responses) : messages_(messages), responses_(responses) {}
  Result<void> put(const Prepared& prepared, const Call& call) override;
  Result<Confirmation::State> lies(const Prepared& prepared, const Call& call) override;

 protected:
  Result<std::optional<std::string>> response(const Prepared& prepared, const Call& call) override;

 private:
  Sink& messages_;
  Responder& responses_;
};

}  // namespace certbridge::provincial_platform
