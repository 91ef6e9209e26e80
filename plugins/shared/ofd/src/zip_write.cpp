#include <map>

#include "certbridge_ofd/checksum.h"
#include "certbridge_ofd/package.h"
#include "deflate.h"
#include "zip_format.h"
#include "zip_records.h"

namespace certbridge::ofd {
namespace {

// 1980-01-01 00:00:00, the zero of the format: bytes must not depend on when they were made.
constexpr std::uint32_t kFixedTime = 0;
constexpr std::uint32_t kFixedDate = 0x0021;
constexpr std::uint32_t kVersionNeeded = 20;

// One file as it stands in an archive.
struct Packed {
  std::string_view name{};
  std::uint16_t method = kMethodStored;
  std::uint32_t crc = 0;
  std::size_t size = 0;  // unpacked
  std::string_view data{};
};

// What local header and directory record have in common, from "version needed" on.
std::string shared_fields(const Packed& file) {
  std::string fields;
  put16(fields, kVersionNeeded);
  put16(fields, kFlagUtf8);
  put16(fields, file.method);
  put16(fields, kFixedTime);
  put16(fields, kFixedDate);
  put32(fields, file.crc);
  put32(fields, static_cast<std::uint32_t>(file.data.size()));
  put32(fields, static_cast<std::uint32_t>(file.size));
  put16(fields, static_cast<std::uint32_t>(file.name.size()));
  put16(fields, 0);  // no extra field
  return fields;
}

// An archive that grows file by file.
class Archive {
 public:
  void add(const Packed& file) {
    const std::string fields = shared_fields(file);
    put32(directory_, kDirectorySignature);
    put16(directory_, kVersionNeeded);
    directory_ += fields;
    directory_.append(10, '\0');  // comment length, volume, attributes
    put32(directory_, static_cast<std::uint32_t>(bytes_.size()));
    directory_ += file.name;
    put32(bytes_, kLocalSignature);
    bytes_ += fields;
    bytes_ += file.name;
    bytes_ += file.data;
    ++count_;
  }

  std::string finish() {
    const auto directory_at = static_cast<std::uint32_t>(bytes_.size());
    bytes_ += directory_;
    put32(bytes_, kEndSignature);
    put32(bytes_, 0);  // this volume, volume of the directory
    put16(bytes_, count_);
    put16(bytes_, count_);
    put32(bytes_, static_cast<std::uint32_t>(directory_.size()));
    put32(bytes_, directory_at);
    put16(bytes_, 0);  // no comment
    return std::move(bytes_);
  }

 private:
  std::string bytes_{};
  std::string directory_{};
  std::uint32_t count_ = 0;
};

bool is_picture(std::string_view name) {
  return name.ends_with(".png") || name.ends_with(".jpg") || name.ends_with(".jpeg");
}

void add_entry(Archive& archive, const Entry& entry, Deflater& deflater) {
  Packed file{entry.name, kMethodStored, checksum(entry.bytes), entry.bytes.size(), entry.bytes};
  const std::string packed = is_picture(entry.name) ? "" : deflater.shorter(entry.bytes);
  if (!packed.empty()) {
    file.method = kMethodDeflate;
    file.data = packed;
  }
  archive.add(file);
}

}  // namespace

std::string write_package(const Package& package) {
  Deflater deflater;
  Archive archive;
  for (const Entry& entry : package.entries) add_entry(archive, entry, deflater);
  return archive.finish();
}

Result<std::string> put_into(std::string_view archive, const std::vector<Entry>& files) {
  const auto records = read_records(archive, {});
  if (!records) return records.error();
  std::map<std::string_view, const Entry*> replaced;
  for (const Entry& file : files) replaced.emplace(file.name, &file);
  Deflater deflater;
  Archive made;
  for (const Record& record : records.value()) {
    const auto found = replaced.find(record.name);
    if (found == replaced.end()) {
      made.add({record.name, record.method, record.crc, record.unpacked, record.data});
    } else {
      add_entry(made, *found->second, deflater);
      replaced.erase(found);
    }
  }
  for (const Entry& file : files) {
    if (replaced.contains(file.name)) add_entry(made, file, deflater);
  }
  return made.finish();
}

}  // namespace certbridge::ofd
