#include "archive/package_writer.h"

#include <algorithm>

#include "archive/ustar.h"
#include "journal/cipher.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kPiece = 64UL * 1024;

std::int64_t seconds_of(Timestamp time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

PackageWriter::PackageWriter(PackageManifest head, const SignatureKey& key, Sink sink)
    : manifest_(std::move(head)), key_(key), sink_(std::move(sink)) {
  manifest_.made = std::chrono::floor<std::chrono::seconds>(manifest_.made);
  manifest_.key = key_.id();
  manifest_.files.clear();
}

Result<PackageWriter> PackageWriter::begin(PackageManifest head, const SignatureKey& key,
                                           Sink sink) {
  if (!is_package_subject(head.subject)) {
    return Error::permanent("archive.subject",
                            "the number is empty, longer than 256 bytes, or has characters that "
                            "cannot be shown");
  }
  return PackageWriter(std::move(head), key, std::move(sink));
}

Result<void> PackageWriter::put(const std::string& path, const Content& content, PackedFile& file) {
  file = {{}, content.size(), path};
  if (auto wrote = sink_(ustar_header({path, file.size, seconds_of(manifest_.made)})); !wrote) {
    return wrote;
  }
  Sm3 sm3;
  std::string piece(kPiece, '\0');
  for (std::uint64_t at = 0; at < file.size;) {
    const auto read = content.read(at, std::as_writable_bytes(std::span(piece)));
    if (!read) return read.error();
    if (read.value() == 0) return Error::fault("content.damaged", "a file ends before its size");
    const std::string_view bytes = std::string_view(piece).substr(0, read.value());
    sm3.add(bytes);
    if (auto wrote = sink_(bytes); !wrote) return wrote;
    at += read.value();
  }
  file.digest = sm3.finish();
  const std::size_t filling = ustar_filling(file.size);
  return filling == 0 ? Result<void>{} : sink_(std::string(filling, '\0'));
}

Result<void> PackageWriter::add_content(const std::string& path, const Content& content) {
  if (!is_package_path(path)) {
    return Error::fault("archive.path", "`" + path + "` is no path of a package");
  }
  if (content.size() > kLargestUstarFile || manifest_.files.size() >= kMostPackedFiles) {
    return Error::permanent("archive.too_large",
                            "this is more than one package holds: 20,000 files of at most 8 GB");
  }
  return put(path, content, manifest_.files.emplace_back());
}

Result<void> PackageWriter::add_text(const std::string& path, std::string_view bytes) {
  return add_content(path, *content_of(std::string(bytes)));
}

Result<void> PackageWriter::finish() {
  const std::string manifest = write_manifest(manifest_);
  const std::string seal = write_seal({key_.id(), key_.sign(text_to_seal(manifest))});
  PackedFile file;
  if (auto wrote = put(kManifestPath, *content_of(manifest), file); !wrote) return wrote;
  if (auto wrote = put(kSealPath, *content_of(seal), file); !wrote) return wrote;
  return sink_(std::string(2 * kUstarBlock, '\0'));
}

Result<void> seal_package(const PackageManifest& head, const SignatureKey& key,
                          const PackageWriter::Sink& sink, const PackageContents& contents) {
  auto package = PackageWriter::begin(head, key, sink);
  if (!package) return package.error();
  if (auto wrote = contents(head, package.value()); !wrote) return wrote;
  return package.value().finish();
}

}  // namespace certbridge::host
