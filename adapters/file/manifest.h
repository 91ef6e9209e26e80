// The file beside a file that says that it is whole.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

// Of a manifest that may name several files: larger is none.
inline constexpr std::size_t kLargestFileList = 32UL * 1024;  // bytes
inline constexpr std::size_t kMostFilesOfParcel = 64;

struct ListedFile {
  std::string name{};
  std::string digest{};  // lower-case hexadecimal; empty where only the name is known
};

// What the manifest of a parcel must keep to.
struct FileListRules {
  DigestKind kind = DigestKind::kSha256;
  std::size_t most = 1;           // files
  std::string manifest_suffix{};  // no file of a parcel is called so
};

// The same lines, one for each file, in their order; each names another proper file. A manifest of
// one digest alone, or of white space, speaks of the file `name`. "file.manifest" otherwise.
Result<std::vector<ListedFile>> parse_file_list(std::string_view text, std::string_view name,
                                                const FileListRules& rules);

}  // namespace certbridge::file
