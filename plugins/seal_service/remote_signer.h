// A remote seal service over a lent HTTP endpoint: it gets the bytes to be signed (no file leaves
// the house) and keeps the keys. Wire form: tests/sandbox/interfaces.md, section 3.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "certbridge/endpoint.h"
#include "certbridge_sm/ses.h"
#include "signer.h"
#include "trust_checks.h"

namespace certbridge::seal_service {

// Codes: "seal_service.transport", "seal_service.set_up", "seal_service.busy",
// "seal_service.status", "seal_service.answer", "seal_service.token",
// "seal_service.request_conflict", "seal_service.suspended", "seal_service.refused",
// "seal_service.wrong_signature", "sealer.no_such_seal".
class RemoteSigner final : public Signer {
 public:
  // `http` answers questions of type "http.request" and must outlive the signer.
  RemoteSigner(Responder& http, std::string token, CountOperations count);
  // Asked once for each seal and remembered until forget().
  Result<std::string> seal(const SealName& name, const Call& call) override;
  // What comes back is verified before it is believed: the signature, and that the seal lists the
  // signer.
  Result<SignedBytes> sign(const SealName& name, std::string_view to_be_signed,
                           const std::string& request_id, const Call& call) override;
  bool remembers() const override { return true; }
  bool forget(const SealName& name) override;

 private:
  Result<std::string> ask(const std::string& method, const std::string& path,
                          const std::string& body, const Call& call);
  Result<sm::Seal> fetch(const SealName& name, std::string& der, const Call& call);
  Result<SignedBytes> read_signature(const SealName& name, std::string_view to_be_signed,
                                     const std::string& answer);

  Responder& http_;
  std::string token_;
  CountOperations count_;
  std::mutex mutex_{};
  struct Remembered {
    std::string der{};
    sm::Seal seal{};
  };
  std::map<std::string, Remembered, std::less<>> seals_{};
};

}  // namespace certbridge::seal_service
