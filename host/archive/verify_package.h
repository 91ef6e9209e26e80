// Whether a package is what its maker sealed: needs no configuration and no running host.
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "archive/manifest.h"

namespace certbridge::host {

struct PackageFinding {
  std::string path{};    // of the entry; empty: no entry
  std::uint64_t at = 0;  // where the entry begins in the package
  std::string what{};
};

struct PackageVerification {
  std::optional<PackageManifest> manifest{};  // as it is there; believed only when ok()
  std::vector<PackageFinding> findings{};     // by their places; at most kMostFindings
  bool ok() const { return findings.empty(); }
};
inline constexpr std::size_t kMostFindings = 100;

// Every byte of the package is looked at. Memory: the list of its files.
PackageVerification verify_package(std::istream& package, const std::vector<CheckingKey>& keys);

}  // namespace certbridge::host
