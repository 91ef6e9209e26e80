// A claimed file becomes a message.
#pragma once

#include <optional>

#include "certbridge/context.h"
#include "charset.h"
#include "folder.h"
#include "manifest.h"
#include "name_pattern.h"

namespace certbridge::file {

struct TakenSettings {
  std::string type{};
  std::string media_type{};
  std::string area{};
  Charset charset = Charset::kAny;
  std::uint64_t largest = 0;  // bytes; of a parcel all together
  DigestKind manifest_digest = DigestKind::kSha256;
  std::size_t most_files = 1;  // of a parcel
  std::optional<NamePattern> order_name{};
  std::string order_kind{};  // of the order key that the name says
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

// A file of a parcel, and where it lies.
struct ParcelFile {
  ListedFile listed{};
  std::string path{};
};

// The same of a parcel: the first file is the body, the others are attachments in their order. The
// source key is the name and the SM3 digest of all names and digests. Of a parcel whose manifest
// cannot be read (`manifest_text`, and why) there is no body.
Result<std::optional<Message>> read_parcel(Folder& folder, const TakenSettings& settings,
                                           const std::string& name,
                                           const std::vector<ParcelFile>& files, Context& context,
                                           const Call& call);
Message parcel_without_files(const TakenSettings& settings, const std::string& name,
                             std::string_view manifest_text, const Error& why, Timestamp now);

}  // namespace certbridge::file
