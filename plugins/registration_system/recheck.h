// Reads the record again, just before sealing, so that nothing outdated is ever sealed.
#pragma once

#include "certbridge/context.h"
#include "mapping.h"

namespace certbridge::registration {

// Passes the message on unchanged when its record is what it was prepared from. Otherwise
// "registration.record_changed" (retryable: the steps run again on the new record), or
// kCodeWithdrawn when the case was returned or the certificate withdrawn meanwhile.
class Recheck final : public Processor {
 public:
  Recheck(Mapping mapping, Responder& records) : mapping_(std::move(mapping)), records_(records) {}
  Result<std::vector<Message>> process(const Message& message, const Call& call) override;

 private:
  Mapping mapping_;
  Responder& records_;
};

}  // namespace certbridge::registration
