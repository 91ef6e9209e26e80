#include "package.h"

#include "certbridge_ofd/package.h"

namespace certbridge::seal_service {

const std::string* Package::find(std::string_view path) const {
  for (const PackageFile& file : files) {
    if (file.path == path) return &file.bytes;
  }
  return nullptr;
}

std::string* Package::find(std::string_view path) {
  return const_cast<std::string*>(std::as_const(*this).find(path));
}

Result<Package> open_package(std::string_view bytes) {
  ofd::PackageLimits limits;
  limits.package_bytes = kLargestPackage;
  limits.entry_bytes = kLargestPart;
  auto read = ofd::read_package(bytes, limits);
  if (!read) {
    return Error::permanent("seal.package", "the OFD file is refused: " + read.error().message);
  }
  ofd::Package found = std::move(read).value();
  Package package;
  package.files.reserve(found.entries.size());
  for (ofd::Entry& entry : found.entries) {
    package.files.push_back({std::move(entry.name), std::move(entry.bytes)});
  }
  return package;
}

std::string pack(Package package) {
  ofd::Package archive;
  archive.entries.reserve(package.files.size());
  for (PackageFile& file : package.files) {
    archive.entries.push_back({std::move(file.path), std::move(file.bytes)});
  }
  return ofd::write_package(archive);
}

Result<std::string> put_into(std::string_view file, std::vector<PackageFile> parts) {
  std::vector<ofd::Entry> entries;
  entries.reserve(parts.size());
  for (PackageFile& part : parts) entries.push_back({std::move(part.path), std::move(part.bytes)});
  auto made = ofd::put_into(file, entries);
  if (made) return made;
  return Error::permanent("seal.package", "the OFD file is refused: " + made.error().message);
}

}  // namespace certbridge::seal_service
