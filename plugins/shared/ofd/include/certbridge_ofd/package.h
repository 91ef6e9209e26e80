// OFD packages (GB/T 33190, chapter 5): a ZIP archive as a list of named files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/result.h"

namespace certbridge::ofd {

// One file of the package. Names are relative to the root, without a leading "/", parts joined by
// "/": "Doc_0/Document.xml".
struct Entry {
  std::string name{};
  std::string bytes{};  // uncompressed
};

// The files of one package in the order of the archive. A plain value.
struct Package {
  std::vector<Entry> entries{};

  // Null when there is no file of exactly this name. Lives as long as `entries` is not changed.
  const Entry* find(std::string_view name) const;
  // Replaces the bytes of the file, or adds it at the end.
  void put(std::string_view name, std::string bytes);
  // True when there was such a file.
  bool remove(std::string_view name);
};

// What read_package tolerates; every value is a ceiling that still passes.
struct PackageLimits {
  std::size_t package_bytes = std::size_t{64} * 1024 * 1024;
  std::size_t entries = 1000;
  std::size_t entry_bytes = std::size_t{32} * 1024 * 1024;   // uncompressed
  std::size_t total_bytes = std::size_t{128} * 1024 * 1024;  // all files together, uncompressed
  std::size_t ratio = 200;  // uncompressed to compressed, for one file
  std::size_t ratio_from_bytes =
      std::size_t{256} * 1024;  // smaller files are not held to the ratio
  std::size_t name_bytes = 200;
};

// Reads a package made by anyone. All errors are permanent:
// "ofd.not_a_package"   no end record, or no OFD.xml at the root
// "ofd.too_large"       package, file, total, ratio or number of files above a limit
// "ofd.junk"            bytes before, between or after the parts of the archive, or a comment
// "ofd.zip64"           64-bit records, or more than one volume
// "ofd.encrypted"       an encrypted file
// "ofd.method"          a method other than stored and deflate
// "ofd.name"            absolute name, "..", ".", empty part, backslash, control character, name
//                       that is not UTF-8 or is too long
// "ofd.duplicate_name"  two files of one name, or of names that differ only in letter case
// "ofd.damaged"         truncated, checksum wrong, local header and directory disagree
Result<Package> read_package(std::string_view bytes, const PackageLimits& limits);

// Deterministic: equal packages give equal bytes. Fixed time stamps, order of `entries`, sizes in
// the local headers, no extra fields; pictures are stored, other files deflated where that is
// shorter. The caller answers for names that read_package takes.
std::string write_package(const Package& package);

// A copy of the archive with `files` in it: in the place of the file of that name, or else at the
// end in their order. All others are copied as they are packed. Deterministic like write_package.
// Codes: those of read_package but for what only unpacking shows.
Result<std::string> put_into(std::string_view archive, const std::vector<Entry>& files);

// Whether a name is one that read_package takes; the error is "ofd.name".
Result<void> check_name(std::string_view name, std::size_t longest);

}  // namespace certbridge::ofd
