// Shows an OFD file to a person.
#pragma once

#include "certbridge/endpoint.h"

namespace certbridge::ofd_compose {

// Kind "renderer": the question ofd.render has the file as its body, or as its only attachment of
// type application/ofd; the answer is image/svg+xml with all pages, the seals painted on them.
class Renderer final : public Responder {
 public:
  Result<Message> answer(const Message& question, const Call& call) override;
};

}  // namespace certbridge::ofd_compose
