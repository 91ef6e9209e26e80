// Strict DER (ITU-T X.690) in two small halves: a reader that keeps the original bytes, because
// signatures are checked over them and never over a re-encoding, and a writer.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "certbridge/message.h"
#include "certbridge/result.h"

namespace certbridge::sm::der {

inline constexpr std::uint8_t kBoolean = 0x01;
inline constexpr std::uint8_t kInteger = 0x02;
inline constexpr std::uint8_t kBitString = 0x03;
inline constexpr std::uint8_t kOctetString = 0x04;
inline constexpr std::uint8_t kObjectId = 0x06;
inline constexpr std::uint8_t kUtf8String = 0x0C;
inline constexpr std::uint8_t kPrintableString = 0x13;
inline constexpr std::uint8_t kIa5String = 0x16;
inline constexpr std::uint8_t kUtcTime = 0x17;
inline constexpr std::uint8_t kGeneralizedTime = 0x18;
inline constexpr std::uint8_t kSequence = 0x30;
inline constexpr std::uint8_t kContext0 = 0xA0;  // [0], constructed

// One element; both views point into the bytes that the reader was given.
struct Element {
  std::uint8_t tag = 0;
  std::string_view raw{};      // tag, length and content
  std::string_view content{};  // content only
};

// Walks the elements of one level. Refuses indefinite, non-minimal and over-long lengths and tags
// of several bytes. Every error is the permanent "sm.der" and names the byte offset in this level.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool at_end() const { return position_ == bytes_.size(); }
  // The next element's tag, or 0 at the end.
  std::uint8_t peek() const;
  Result<Element> any();
  Result<Element> next(std::uint8_t tag);
  // As next(), and nothing may follow.
  Result<Element> last(std::uint8_t tag);
  // As last(), for bytes that are one element.
  Result<Element> only(std::uint8_t tag) { return last(tag); }

  // The values of simple elements, each checked for its canonical form.
  Result<std::int64_t> integer();              // at most 8 bytes
  Result<std::string> object_id();             // "1.2.156.10197.1.501"
  Result<std::string> text(std::uint8_t tag);  // IA5 and printable: ASCII only
  Result<std::string_view> octets();           // OCTET STRING
  Result<std::string_view> bits();             // BIT STRING with no unused bits
  Result<Timestamp> generalized_time();        // YYYYMMDDHHMMSSZ

 private:
  Error refused(const std::string& reason) const;
  std::string_view bytes_;
  std::size_t position_ = 0;
};

// "20261124003000Z"; "sm.der" for any other form or a day that does not exist.
Result<Timestamp> parse_generalized_time(std::string_view text);
std::string format_generalized_time(Timestamp time);

// Writers: each answers the bytes of one whole element.
std::string element(std::uint8_t tag, std::string_view content);
std::string sequence(std::initializer_list<std::string> parts);
std::string integer(std::int64_t value);  // not negative
// An unsigned big-endian number of any length; leading zeros are dropped.
std::string unsigned_integer(std::string_view big_endian);
std::string object_id(std::string_view dotted);  // the caller gives a valid one
std::string ia5(std::string_view text);
std::string utf8(std::string_view text);
std::string octet_string(std::string_view bytes);
std::string bit_string(std::string_view bytes);
std::string generalized_time(Timestamp time);

}  // namespace certbridge::sm::der
