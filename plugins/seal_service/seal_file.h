// Putting a seal on an unsealed OFD file (GB/T 33190-2016 chapter 18, GB/T 38540-2020).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "certbridge/message.h"
#include "package.h"
#include "signature_files.h"

namespace certbridge::seal_service {

struct SealRequest {
  std::string_view seal_der{};  // SESeal
  Stamp stamp{};
  Timestamp time{};    // whole seconds; the seal signature's timeInfo
  bool closed = true;  // protect the list of signatures too: no further seal can be added
};

// A package with everything but the signature's value, and the bytes that the signer signs.
struct PreparedSeal {
  Package package{};
  std::vector<std::string> changed{};  // paths of what the seal added or altered
  std::string value_path{};
  std::string to_be_signed{};  // DER of TBS_Sign
};

// Deterministic. Codes: "sealer.already_sealed", "sealer.document" (not a document of one body),
// "sealer.box" (no such page, or no box).
Result<PreparedSeal> prepare_seal(Package package, const SealRequest& request);

// The sealed file: `file`, from which the package was read, with what the seal adds and alters.
// Code "seal.package" when it is another one.
Result<std::string> finish_seal(std::string_view file, PreparedSeal prepared,
                                std::string_view signer_certificate, std::string_view signature);

}  // namespace certbridge::seal_service
