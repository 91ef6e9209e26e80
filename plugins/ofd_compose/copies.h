// Makes annotated copies (加注件): of OFD files in process, of PDF files and pictures by a program
// apart.
#pragma once

#include <chrono>
#include <string>

#include "certbridge/context.h"
#include "certbridge/query.h"

namespace certbridge::ofd_compose {

// Kind "copies": answers certificate.copy (certbridge/query.h) with the copy as its one attachment.
class Copies final : public Responder {
 public:
  explicit Copies(Context& context) : context_(context) {}
  Result<void> start() override;
  Result<Message> answer(const Message& question, const Call& call) override;

 private:
  Result<std::string> ofd_copy(std::string file, const CopyQuestion& copy);
  Result<std::string> pdf_copy(const std::string& file, const CopyQuestion& copy, const Call& call);
  Result<Attachment> stored(const std::string& copy, const char* name, const char* media_type);

  Context& context_;  // the host's; outlives the component
  std::uint64_t largest_ = 0;
  std::string maker_{};
  std::string font_{};
  std::string copier_{};
  std::uint64_t pdf_memory_ = 0;  // bytes
  std::chrono::milliseconds pdf_time_{};
};

}  // namespace certbridge::ofd_compose
