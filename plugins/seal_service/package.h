// The files of an OFD package in memory, in their order in the package.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "certbridge/result.h"

namespace certbridge::seal_service {

inline constexpr std::size_t kLargestPart = std::size_t{16} * 1024 * 1024;
inline constexpr std::size_t kLargestPackage = std::size_t{64} * 1024 * 1024;

struct PackageFile {
  std::string path{};  // without leading slash: "Doc_0/Document.xml"
  std::string bytes{};
};

struct Package {
  std::vector<PackageFile> files{};
  // Null when there is none.
  const std::string* find(std::string_view path) const;
  std::string* find(std::string_view path);
};

// Refuses damaged, encrypted and ambiguous packages (two files of one name) with "seal.package".
Result<Package> open_package(std::string_view bytes);
// Equal packages give equal bytes.
std::string pack(Package package);
// The file with `parts` put in, in the place of those of their name or at the end; what stays is
// copied as it is packed. Equal arguments give equal bytes. Code "seal.package".
Result<std::string> put_into(std::string_view file, std::vector<PackageFile> parts);

}  // namespace certbridge::seal_service
