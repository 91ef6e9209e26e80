// Writes a package from its first byte to its seal.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "archive/manifest.h"

namespace certbridge::host {

// One thread. After an error nothing else is to be asked of it: what was written is no package.
class PackageWriter {
 public:
  // Takes the next bytes of the package.
  using Sink = std::function<Result<void>(std::string_view bytes)>;

  // `head` without its key and files. The key outlives the writer.
  //   archive.subject (permanent) the number is empty, too long, or has a control character
  static Result<PackageWriter> begin(PackageManifest head, const SignatureKey& key, Sink sink);

  // "archive.path" (fault): no path of a package; "archive.too_large" (permanent): more than
  // kMostPackedFiles, or a file of 8 GB. Besides those of the sink and of the content.
  Result<void> add_text(const std::string& path, std::string_view bytes);
  Result<void> add_content(const std::string& path, const Content& content);
  // Manifest, seal and end.
  Result<void> finish();

 private:
  PackageWriter(PackageManifest head, const SignatureKey& key, Sink sink);
  Result<void> put(const std::string& path, const Content& content, PackedFile& file);

  PackageManifest manifest_;
  const SignatureKey& key_;
  Sink sink_;
};

// What a package holds, in its order.
using PackageContents =
    std::function<Result<void>(const PackageManifest& head, PackageWriter& package)>;

// A whole package, from its first byte to its end.
Result<void> seal_package(const PackageManifest& head, const SignatureKey& key,
                          const PackageWriter::Sink& sink, const PackageContents& contents);

}  // namespace certbridge::host
