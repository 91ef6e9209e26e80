// Values to bytes and back: little-endian, length-prefixed, bounded. The ground on which
// certbridge/encoding.h stands; also for whoever carries calls to another process.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "certbridge/result.h"

namespace certbridge {

// Appends; never fails.
class ByteWriter {
 public:
  void u8(std::uint8_t value);
  void u32(std::uint32_t value);
  void u64(std::uint64_t value);
  void i64(std::int64_t value);
  void boolean(bool value);
  // Length as u32, then the bytes. Longer than 4 GiB cannot be written and is cut: callers bound.
  void text(std::string_view value);
  // The bytes as they are, without a length.
  void append(std::string_view raw) { bytes_.append(raw); }
  const std::string& bytes() const { return bytes_; }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_{};
};

// Reads what ByteWriter wrote. After the first wrong or missing byte failed() stays true and every
// further call answers zero or an empty text, so a caller checks once at the end.
class ByteReader {
 public:
  // Keeps no copy: `bytes` must outlive the reader.
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
  std::uint8_t u8();
  std::uint32_t u32();
  std::uint64_t u64();
  std::int64_t i64();
  bool boolean();  // fails on all but 0 and 1
  std::string text();
  // A u32 that must not be above `most`, nor above the bytes that are left.
  std::uint32_t count(std::uint32_t most);
  // A u8 from 1 to `last`: an enumeration whose numbers have no gap.
  std::uint8_t enumeration(std::uint8_t last);
  void fail() { failed_ = true; }
  bool failed() const { return failed_; }
  std::size_t left() const { return rest_.size(); }
  // "encoding.damaged" when anything failed or bytes are left over.
  Result<void> finish() const;

 private:
  std::uint64_t little_endian(std::size_t width);
  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace certbridge
