// Makes annotated copies (加注件) of OFD files.
#pragma once

#include "certbridge/context.h"

namespace certbridge::ofd_compose {

// Kind "copies": answers certificate.copy (certbridge/query.h) with the copy as its one attachment.
class Copies final : public Responder {
 public:
  explicit Copies(Context& context) : context_(context) {}
  Result<void> start() override;
  Result<Message> answer(const Message& question, const Call& call) override;

 private:
  Result<Attachment> stored(const std::string& copy);

  Context& context_;  // the host's; outlives the component
  std::uint64_t largest_ = 0;
  std::string maker_{};
};

}  // namespace certbridge::ofd_compose
