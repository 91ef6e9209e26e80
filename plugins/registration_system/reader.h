// Reads an event's case and makes one message for each certificate of it.
#pragma once

#include <functional>
#include <memory>

#include "certbridge/context.h"
#include "mapping.h"

namespace certbridge::registration {

enum class SerialStrategy : std::uint8_t {
  kNumber = 1,   // area, year and running number of the certificate's number: 17 digits
  kCounter = 2,  // a gapless counter of the journal, by type and issuer
};

struct ReaderSettings {
  Mapping mapping{};
  SerialStrategy serial = SerialStrategy::kNumber;
  // How long after its acceptance a certificate may still be without holder or without all shares
  // before it counts as wrong.
  std::chrono::milliseconds party_grace{10'000};
  std::string library_endpoint{"library"};  // where certificates are collected
};

// A certificate that the library has in just this form makes no message. All references outlive the
// reader.
class Reader final : public Processor {
 public:
  Reader(ReaderSettings settings, Responder& records, Memory& memory, const Facts& facts,
         const IssuerDirectory& issuers, const Clock& clock,
         std::function<Result<std::unique_ptr<ContentWriter>>()> spool);
  Result<std::vector<Message>> process(const Message& event, const Call& call) override;

 private:
  Result<std::vector<Message>> read_life(const Message& event, const std::string& case_no,
                                         bool change, const Call& call);

  ReaderSettings settings_;
  Responder& records_;
  Memory& memory_;
  const Facts& facts_;
  const IssuerDirectory& issuers_;
  const Clock& clock_;
  std::function<Result<std::unique_ptr<ContentWriter>>()> spool_;
};

}  // namespace certbridge::registration
