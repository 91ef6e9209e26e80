// What a package says of itself, and its seal. docs/archives.md has the bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/records/signatures.h"
#include "certbridge/message.h"

namespace certbridge::host {

inline constexpr const char* kManifestPath = "manifest.txt";
inline constexpr const char* kSealPath = "seal.txt";
inline constexpr std::size_t kMostPackedFiles = 20'000;

enum class PackageKind : std::uint8_t {
  kCase = 1,         // what was used in a case (article 15)
  kCertificate = 2,  // the dossier of one certificate
};
std::string to_text(PackageKind kind);

struct PackedFile {
  Sm3Digest digest{};
  std::uint64_t size = 0;
  std::string path{};
  bool operator==(const PackedFile&) const = default;
};

struct PackageManifest {
  PackageKind kind = PackageKind::kCase;
  std::string subject{};  // number of the case or certificate: 1 to 256 bytes, no control character
  std::string node{};     // that made it
  Timestamp made{};       // whole seconds
  std::uint64_t record = 0;  // the access record of its making
  Sm3Digest record_hash{};
  SigningKeyId key{};               // that sealed it
  std::vector<PackedFile> files{};  // as they lie in the package
};

bool is_package_subject(std::string_view text);
std::string write_manifest(const PackageManifest& manifest);
// None for anything but what write_manifest() writes.
std::optional<PackageManifest> read_manifest(std::string_view text);

// What the seal signs of a manifest.
std::string text_to_seal(std::string_view manifest);

struct PackageSeal {
  SigningKeyId key{};
  std::string signature{};  // kSignatureBytes
};
std::string write_seal(const PackageSeal& seal);
// None for anything but what write_seal() writes.
std::optional<PackageSeal> read_seal(std::string_view text);

}  // namespace certbridge::host
