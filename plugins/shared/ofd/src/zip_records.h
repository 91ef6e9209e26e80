// The records of an archive, read strictly: for those who unpack files and those who copy them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "certbridge_ofd/package.h"

namespace certbridge::ofd {

// One file of an archive. Refers to the archive's bytes.
struct Record {
  std::string_view name{};
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t crc = 0;
  std::size_t packed = 0;
  std::size_t unpacked = 0;
  std::size_t offset = 0;
  std::string_view data{};  // as it is packed
};

// The files in the order of the directory, without folders. Nothing is unpacked. Codes: those of
// read_package that do not need it.
Result<std::vector<Record>> read_records(std::string_view bytes, const PackageLimits& limits);

Error damaged(std::string_view what);  // "ofd.damaged"

}  // namespace certbridge::ofd
