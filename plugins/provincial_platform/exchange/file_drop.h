// The platform's folders on a front-end host: messages by rename, responses by exact name.
#pragma once

#include <string>

#include "exchange/transport.h"

namespace certbridge::provincial_platform {

// Patterns of path_of(); those of registration messages unless others are given.
struct FileNames {
  std::string message = "{area}/BizMsg/Biz{number}.xml";
  std::string response = "{area}/RepMsg/Rep{number}.xml";
};

// Talks to the two endpoints of the file adapter, which outlive it.
class FileDrop final : public Transport {
 public:
  FileDrop(Sink& messages, Responder& responses, FileNames names)
      : messages_(messages), responses_(responses), names_(std::move(names)) {}
  Result<std::optional<Response>> put(const Prepared& prepared, const Call& call) override;
  Result<Confirmation::State> lies(const Prepared& prepared, const Call& call) override;
  Result<std::optional<Reply>> response(const Prepared& prepared, const Call& call) override;

 private:
  Message dropped(const Prepared& prepared) const;

  Sink& messages_;
  Responder& responses_;
  FileNames names_;
};

}  // namespace certbridge::provincial_platform
