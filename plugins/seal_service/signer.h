// Who signs: keys in this process, or a remote seal service. The sealer knows only this interface.
#pragma once

#include <string>
#include <string_view>

#include "certbridge/message.h"
#include "certbridge/result.h"

namespace certbridge::seal_service {

// A seal and who signs with it, as config/issuers.xml names them.
struct SealName {
  std::string seal_id{};
  std::string signer{};
};

struct SignedBytes {
  std::string signature{};    // DER of r and s over the bytes asked for
  std::string certificate{};  // DER of the signer's certificate
};

// Any thread may call.
class Signer {
 public:
  virtual ~Signer() = default;
  // DER of the SESeal. Permanent "sealer.no_such_seal" when there is none of that name.
  virtual Result<std::string> seal(const SealName& name, const Call& call) = 0;
  // SM2 with SM3 over DER of TBS_Sign, identifier 1234567812345678. The same `request_id` names the
  // same bytes for ever, and may be asked again after a lost answer.
  virtual Result<SignedBytes> sign(const SealName& name, std::string_view to_be_signed,
                                   const std::string& request_id, const Call& call) = 0;
  // Whether something outside remembers what it signed, so that a repeated request must be the
  // same.
  virtual bool remembers() const = 0;
  // Drops what is remembered of a seal that may have been renewed; false when nothing was.
  virtual bool forget(const SealName& name) = 0;
};

}  // namespace certbridge::seal_service
