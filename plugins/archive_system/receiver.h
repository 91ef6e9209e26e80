// The archive as a sink: one package, one address, over a lent HTTP endpoint.
#pragma once

#include <string>

#include "certbridge/endpoint.h"

namespace certbridge::archive_system {

struct ReceiverSettings {
  std::string path{};   // with {record} and {case}
  std::string token{};  // empty: none
};

// A package is put with its SM3 in X-CB-SM3. Settled by 200, 201 or 204; putting the same again has
// no effect there. Asked for by HEAD: the archive says by X-CB-SM3 what it holds.
class Receiver final : public Sink {
 public:
  // `http` outlives it.
  Receiver(ReceiverSettings settings, Responder& http);
  Result<Receipt> send(const Message& message, const Call& call) override;
  Result<Confirmation> confirm(const Message& message, const Call& call) override;

 private:
  Result<std::string> path_of(const Message& message) const;
  Result<Message> ask(const std::string& method, const std::string& path, const Attachment* package,
                      const Call& call);

  ReceiverSettings settings_;
  Responder& http_;
};

}  // namespace certbridge::archive_system
