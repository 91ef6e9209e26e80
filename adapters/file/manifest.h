// The file beside a file that says that it is whole.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "certbridge/result.h"
#include "digest.h"

namespace certbridge::file {

// Larger is no manifest.
inline constexpr std::size_t kLargestManifest = 4096;  // bytes

struct Manifest {
  std::string digest{};  // lower-case hexadecimal; empty where the manifest only says "whole"
};

// One line as md5sum, sha256sum and their like write it, "DIGEST  NAME" or "DIGEST *NAME", or
// nothing but white space. `name` is the file that it must speak of. "file.manifest" otherwise.
Result<Manifest> parse_manifest(std::string_view text, std::string_view name, DigestKind kind);

}  // namespace certbridge::file
