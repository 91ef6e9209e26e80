#include "zip_records.h"

#include <algorithm>
#include <set>

#include "text.h"
#include "zip_format.h"

namespace certbridge::ofd {
namespace {

Error refused(const char* code, std::string message) {
  return Error::permanent(code, std::move(message));
}
Error too_large(std::string_view what, std::size_t limit) {
  return refused("ofd.too_large",
                 std::string(what) + " is above the limit of " + std::to_string(limit));
}

struct Directory {
  std::size_t at = 0;
  std::size_t size = 0;
  std::size_t count = 0;
};

Result<Directory> find_directory(std::string_view bytes, const PackageLimits& limits) {
  if (bytes.size() > limits.package_bytes)
    return too_large("the package's size", limits.package_bytes);
  if (bytes.size() < kEndSize || bytes.rfind("PK\x05\x06") == std::string_view::npos) {
    return refused("ofd.not_a_package", "this is not an OFD file: no ZIP end record");
  }
  const std::size_t end = bytes.size() - kEndSize;
  if (get32(bytes, end) != kEndSignature || get16(bytes, end + 20) != 0) {
    return refused("ofd.junk", "bytes or a comment follow the end of the archive");
  }
  Directory directory{get32(bytes, end + 16), get32(bytes, end + 12), get16(bytes, end + 10)};
  const bool wide =
      directory.count == 0xffff || directory.at == 0xffffffff || directory.size == 0xffffffff;
  if (wide || get32(bytes, end + 4) != 0 || get16(bytes, end + 8) != directory.count) {
    return refused("ofd.zip64", "64-bit or multi-volume archives are not OFD packages");
  }
  if (directory.count > limits.entries) return too_large("the number of files", limits.entries);
  if (directory.size > end || directory.at > end - directory.size)
    return damaged("its directory is cut off");
  if (directory.at + directory.size != end) {
    return refused("ofd.junk",
                   "bytes stand before the archive or between its directory and its end");
  }
  return directory;
}

Result<Record> take_record(std::string_view& rest, const PackageLimits& limits) {
  if (rest.size() < kDirectorySize || get32(rest, 0) != kDirectorySignature) {
    return damaged("a directory record is missing");
  }
  Record record;
  record.flags = get16(rest, 8);
  record.method = get16(rest, 10);
  record.crc = get32(rest, 16);
  record.packed = get32(rest, 20);
  record.unpacked = get32(rest, 24);
  record.offset = get32(rest, 42);
  const std::size_t name_size = get16(rest, 28);
  const std::size_t size = kDirectorySize + name_size + get16(rest, 30) + get16(rest, 32);
  if (rest.size() < size) return damaged("a directory record is cut off");
  if (get16(rest, 32) != 0) return refused("ofd.junk", "a file of the package has a comment");
  record.name = rest.substr(kDirectorySize, name_size);
  rest.remove_prefix(size);
  if (record.packed == 0xffffffff || record.unpacked == 0xffffffff || record.offset == 0xffffffff) {
    return refused("ofd.zip64", "64-bit archives are not OFD packages");
  }
  if (record.unpacked > limits.entry_bytes)
    return too_large("the size of a file", limits.entry_bytes);
  return record;
}

bool is_folder(const Record& record) { return record.name.ends_with('/'); }

Result<void> check_record(const Record& record, const PackageLimits& limits) {
  const std::uint16_t encrypted = kFlagEncrypted | kFlagStrongEncryption | kFlagMaskedHeaders;
  if ((record.flags & encrypted) != 0) {
    return refused("ofd.encrypted", "a file of the package is encrypted; send it unencrypted");
  }
  if (record.method != kMethodStored && record.method != kMethodDeflate) {
    return refused("ofd.method", "a file of the package is packed by method " +
                                     std::to_string(record.method) + "; only 0 and 8 are read");
  }
  if (is_folder(record)) {
    if (record.unpacked != 0) return damaged("a folder has content");
    return check_name(record.name.substr(0, record.name.size() - 1), limits.name_bytes);
  }
  if (record.unpacked > limits.ratio_from_bytes && record.unpacked / limits.ratio > record.packed) {
    return too_large("the compression ratio of a file", limits.ratio);
  }
  return check_name(record.name, limits.name_bytes);
}

Result<std::vector<Record>> read_directory(std::string_view bytes, const Directory& directory,
                                           const PackageLimits& limits) {
  std::string_view rest = bytes.substr(directory.at, directory.size);
  std::vector<Record> records;
  std::set<std::string> names;
  std::size_t total = 0;
  for (std::size_t i = 0; i < directory.count; ++i) {
    auto record = take_record(rest, limits);
    if (!record) return record.error();
    if (auto checked = check_record(record.value(), limits); !checked) return checked.error();
    if (!names.insert(ascii_lower(record.value().name)).second) {
      return refused("ofd.duplicate_name",
                     "two files of the package have one name, or names that differ only in case");
    }
    total += record.value().unpacked;
    if (total > limits.total_bytes) return too_large("the size of all files", limits.total_bytes);
    records.push_back(std::move(record).value());
  }
  if (!rest.empty()) return refused("ofd.junk", "bytes stand behind the last directory record");
  return records;
}

// Size of the data descriptor behind the file's data, 0 when it is not the one announced.
std::size_t descriptor_size(std::string_view rest, const Record& record) {
  const std::size_t at = rest.size() >= 4 && get32(rest, 0) == kDescriptorSignature ? 4 : 0;
  if (rest.size() < at + 12) return 0;
  const bool same = get32(rest, at) == record.crc && get32(rest, at + 4) == record.packed &&
                    get32(rest, at + 8) == record.unpacked;
  return same ? at + 12 : 0;
}

bool local_agrees(std::string_view header, const Record& record) {
  const bool streamed = (record.flags & kFlagDescriptor) != 0;
  const auto agrees = [&](std::size_t at, std::size_t value) {
    return get32(header, at) == value || (streamed && get32(header, at) == 0);
  };
  return get16(header, 6) == record.flags && get16(header, 8) == record.method &&
         agrees(14, record.crc) && agrees(18, record.packed) && agrees(22, record.unpacked);
}

// Reads the local header at `at`; answers where the next one must start.
Result<std::size_t> read_local(std::string_view bytes, std::size_t at, Record& record) {
  if (record.offset != at)
    return refused("ofd.junk", "bytes stand between the files, or files overlap");
  std::string_view rest = bytes.substr(at);
  if (rest.size() < kLocalSize || get32(rest, 0) != kLocalSignature) {
    return damaged("a local header is missing");
  }
  const std::size_t name_size = get16(rest, 26);
  const std::size_t header = kLocalSize + name_size + get16(rest, 28);
  if (rest.size() < header || rest.size() - header < record.packed)
    return damaged("a file is cut off");
  if (!local_agrees(rest, record) || rest.substr(kLocalSize, name_size) != record.name) {
    return damaged("local header and directory disagree");
  }
  record.data = rest.substr(header, record.packed);
  std::size_t size = header + record.packed;
  if ((record.flags & kFlagDescriptor) != 0) {
    const std::size_t descriptor = descriptor_size(rest.substr(size), record);
    if (descriptor == 0) return damaged("a data descriptor is wrong");
    size += descriptor;
  }
  return at + size;
}

// The local parts must tile the archive up to its directory, in whatever order.
Result<void> read_locals(std::string_view bytes, std::size_t directory_at,
                         std::vector<Record>& records) {
  std::vector<Record*> by_offset;
  by_offset.reserve(records.size());
  for (Record& record : records) by_offset.push_back(&record);
  std::sort(by_offset.begin(), by_offset.end(),
            [](const Record* a, const Record* b) { return a->offset < b->offset; });
  const std::string_view locals = bytes.substr(0, directory_at);
  std::size_t at = 0;
  for (Record* record : by_offset) {
    auto next = read_local(locals, at, *record);
    if (!next) return next.error();
    at = next.value();
  }
  if (at != directory_at) return refused("ofd.junk", "bytes stand before the archive's directory");
  return {};
}

}  // namespace

Error damaged(std::string_view what) {
  return refused("ofd.damaged", "the package is damaged: " + std::string(what));
}

Result<std::vector<Record>> read_records(std::string_view bytes, const PackageLimits& limits) {
  const auto directory = find_directory(bytes, limits);
  if (!directory) return directory.error();
  auto records = read_directory(bytes, directory.value(), limits);
  if (!records) return records;
  if (auto read = read_locals(bytes, directory.value().at, records.value()); !read)
    return read.error();
  std::erase_if(records.value(), is_folder);
  return records;
}

}  // namespace certbridge::ofd
