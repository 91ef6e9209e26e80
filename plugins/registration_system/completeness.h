// The check at the end of a case: is every certificate of it in the library?
#pragma once

#include <string>

#include "certbridge/context.h"
#include "mapping.h"

namespace certbridge::registration {

// Ends the message when every certificate of the case is delivered at the library, otherwise
// "registration.case_not_collected" (retryable), which says how many are missing.
class Completeness final : public Processor {
 public:
  Completeness(Mapping mapping, Responder& records, const Facts& facts,
               std::string library_endpoint)
      : mapping_(std::move(mapping)),
        records_(records),
        facts_(facts),
        library_endpoint_(std::move(library_endpoint)) {}
  Result<std::vector<Message>> process(const Message& event, const Call& call) override;

 private:
  Mapping mapping_;
  Responder& records_;
  const Facts& facts_;
  std::string library_endpoint_;
};

}  // namespace certbridge::registration
