#include "certbridge_ofd/checksum.h"
#include "certbridge_ofd/package.h"
#include "deflate.h"
#include "zip_format.h"
#include "zip_records.h"

namespace certbridge::ofd {
namespace {

Result<std::string> unpack(const Record& record, Inflater& inflater) {
  if (record.method == kMethodStored && record.packed != record.unpacked) {
    return damaged("a stored file has two sizes");
  }
  std::string bytes;
  if (record.method == kMethodStored) {
    bytes = record.data;
  } else {
    bytes.resize(record.unpacked);
    if (!inflater.unpack(record.data, bytes)) return damaged("a file does not unpack to its size");
  }
  if (checksum(bytes) != record.crc) return damaged("the checksum of a file is wrong");
  return bytes;
}

}  // namespace

Result<Package> read_package(std::string_view bytes, const PackageLimits& limits) {
  const auto records = read_records(bytes, limits);
  if (!records) return records.error();
  Inflater inflater;
  Package package;
  package.entries.reserve(records.value().size());
  for (const Record& record : records.value()) {
    auto unpacked = unpack(record, inflater);
    if (!unpacked) return unpacked.error();
    package.entries.push_back({std::string(record.name), std::move(unpacked).value()});
  }
  if (package.find("OFD.xml") == nullptr) {
    return Error::permanent("ofd.not_a_package", "this is not an OFD file: no OFD.xml at its root");
  }
  return package;
}

}  // namespace certbridge::ofd
