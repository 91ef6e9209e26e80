// A claimed file becomes a message.
#pragma once

#include <optional>

#include "certbridge/context.h"
#include "charset.h"
#include "folder.h"
#include "manifest.h"

namespace certbridge::file {

struct TakenSettings {
  std::string type{};
  std::string media_type{};
  std::string area{};
  Charset charset = Charset::kAny;
  std::uint64_t largest = 0;  // bytes
  DigestKind manifest_digest = DigestKind::kSha256;
};

// Reads `path`, which was dropped under `name`, and its manifest where `manifest_path` is not
// empty and something lies there. Nothing when the file is not there, or changed while it was
// read. What must not be taken becomes a message too, with the headers "intake-error-code"
// ("file.name", "file.charset", "file.manifest", "file.empty", "file.too_large") and
// "intake-error": the host keeps it as parked. The source key is the name and the SM3 digest of the
// content.
Result<std::optional<Message>> read_taken(Folder& folder, const TakenSettings& settings,
                                          const std::string& name, const std::string& path,
                                          const std::string& manifest_path, Context& context,
                                          const Call& call);

}  // namespace certbridge::file
