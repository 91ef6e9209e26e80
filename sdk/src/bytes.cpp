#include "certbridge/bytes.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace certbridge {
namespace {

void append_little_endian(std::string& out, std::uint64_t value, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) {
    out.push_back(static_cast<char>(static_cast<unsigned char>(value >> (8 * i))));
  }
}

}  // namespace

void ByteWriter::u8(std::uint8_t value) { append_little_endian(bytes_, value, 1); }
void ByteWriter::u32(std::uint32_t value) { append_little_endian(bytes_, value, 4); }
void ByteWriter::u64(std::uint64_t value) { append_little_endian(bytes_, value, 8); }
void ByteWriter::i64(std::int64_t value) { u64(std::bit_cast<std::uint64_t>(value)); }
void ByteWriter::boolean(bool value) { u8(value ? 1 : 0); }

void ByteWriter::text(std::string_view value) {
  value = value.substr(0, std::numeric_limits<std::uint32_t>::max());
  u32(static_cast<std::uint32_t>(value.size()));
  bytes_.append(value);
}

std::uint64_t ByteReader::little_endian(std::size_t width) {
  if (failed_ || rest_.size() < width) {
    failed_ = true;
    return 0;
  }
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(rest_[i])) << (8 * i);
  }
  rest_.remove_prefix(width);
  return value;
}

std::uint8_t ByteReader::u8() { return static_cast<std::uint8_t>(little_endian(1)); }
std::uint32_t ByteReader::u32() { return static_cast<std::uint32_t>(little_endian(4)); }
std::uint64_t ByteReader::u64() { return little_endian(8); }
std::int64_t ByteReader::i64() { return std::bit_cast<std::int64_t>(little_endian(8)); }

bool ByteReader::boolean() {
  const std::uint8_t value = u8();
  if (value > 1) failed_ = true;
  return value == 1;
}

std::string ByteReader::text() {
  const std::uint32_t length = u32();
  if (failed_ || rest_.size() < length) {
    failed_ = true;
    return {};
  }
  std::string value(rest_.substr(0, length));
  rest_.remove_prefix(length);
  return value;
}

std::uint32_t ByteReader::count(std::uint32_t most) {
  const std::uint32_t value = u32();
  if (failed_ || value > most || value > rest_.size()) {
    failed_ = true;
    return 0;
  }
  return value;
}

std::uint8_t ByteReader::enumeration(std::uint8_t last) {
  const std::uint8_t value = u8();
  if (value < 1 || value > last) failed_ = true;
  return failed_ ? std::uint8_t{1} : value;
}

Result<void> ByteReader::finish() const {
  if (!failed_ && rest_.empty()) return {};
  return Error::permanent("encoding.damaged",
                          failed_ ? "the bytes are cut short or hold a value that does not exist"
                                  : std::to_string(rest_.size()) + " bytes follow the value");
}

}  // namespace certbridge
