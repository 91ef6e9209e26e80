#include <charconv>
#include <chrono>

#include "certbridge_sm/der.h"

namespace certbridge::sm::der {
namespace {

std::uint8_t byte_at(std::string_view bytes, std::size_t index) {
  return static_cast<std::uint8_t>(bytes[index]);
}

// A number of exactly `width` digits, or -1.
int digits(std::string_view text, std::size_t from, std::size_t width) {
  int value = 0;
  for (std::size_t i = from; i < from + width; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool is_ascii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80 || static_cast<unsigned char>(c) < 0x20) return false;
  }
  return true;
}

}  // namespace

Error Reader::refused(const std::string& reason) const {
  return Error::permanent("sm.der", reason + " at byte " + std::to_string(position_));
}

std::uint8_t Reader::peek() const {
  return at_end() ? std::uint8_t{0} : byte_at(bytes_, position_);
}

Result<Element> Reader::any() {
  const std::size_t left = bytes_.size() - position_;
  if (left < 2) return refused("an element is missing or cut");
  const std::uint8_t tag = byte_at(bytes_, position_);
  if ((tag & 0x1F) == 0x1F) return refused("a tag of several bytes");
  std::size_t length = byte_at(bytes_, position_ + 1);
  std::size_t head = 2;
  if (length == 0x80) return refused("an indefinite length");
  if (length > 0x80) {
    const std::size_t count = length - 0x80;
    if (count > 4 || left < head + count) return refused("a length that is too long or cut");
    length = 0;
    for (std::size_t i = 0; i < count; ++i)
      length = length << 8 | byte_at(bytes_, position_ + 2 + i);
    head += count;
    const bool minimal = length >= 0x80 && length >> (8 * (count - 1)) != 0;
    if (!minimal) return refused("a length that is not minimal");
  }
  if (length > left - head) return refused("content that is cut");
  const Element found{tag, bytes_.substr(position_, head + length),
                      bytes_.substr(position_ + head, length)};
  position_ += head + length;
  return found;
}

Result<Element> Reader::next(std::uint8_t tag) {
  if (peek() != tag) {
    return refused("tag " + std::to_string(peek()) + " where " + std::to_string(tag) + " is due");
  }
  return any();
}

Result<Element> Reader::last(std::uint8_t tag) {
  auto found = next(tag);
  if (found && !at_end()) return refused("bytes after the last element");
  return found;
}

Result<std::int64_t> Reader::integer() {
  auto found = next(kInteger);
  if (!found) return found.error();
  const std::string_view content = found.value().content;
  if (content.empty() || content.size() > 8) return refused("a number out of range before");
  const auto first = byte_at(content, 0);
  if (content.size() > 1) {
    const bool high = (byte_at(content, 1) & 0x80) != 0;
    if ((first == 0 && !high) || (first == 0xFF && high))
      return refused("a number not minimal before");
  }
  std::uint64_t value = (first & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < content.size(); ++i) value = value << 8 | byte_at(content, i);
  return static_cast<std::int64_t>(value);
}

Result<std::string> Reader::object_id() {
  auto found = next(kObjectId);
  if (!found) return found.error();
  const std::string_view content = found.value().content;
  if (content.empty() || content.size() > 64)
    return refused("an object identifier out of range before");
  std::string dotted;
  std::uint64_t arc = 0;
  bool fresh = true;
  for (std::size_t i = 0; i < content.size(); ++i) {
    const std::uint8_t octet = byte_at(content, i);
    if (fresh && octet == 0x80) return refused("an arc that is not minimal before");
    if (arc > (~std::uint64_t{0} >> 7)) return refused("an arc out of range before");
    arc = arc << 7 | (octet & 0x7F);
    fresh = (octet & 0x80) == 0;
    if (!fresh) continue;
    if (dotted.empty()) {
      const std::uint64_t root = arc < 80 ? arc / 40 : 2;
      dotted = std::to_string(root) + "." + std::to_string(arc - root * 40);
    } else {
      dotted += "." + std::to_string(arc);
    }
    arc = 0;
  }
  if (!fresh) return refused("an arc that is cut before");
  return dotted;
}

Result<std::string> Reader::text(std::uint8_t tag) {
  auto found = next(tag);
  if (!found) return found.error();
  const std::string_view content = found.value().content;
  if (tag != kUtf8String && !is_ascii(content))
    return refused("a text that is not plain ASCII before");
  return std::string(content);
}

Result<std::string_view> Reader::octets() {
  auto found = next(kOctetString);
  if (!found) return found.error();
  return found.value().content;
}

Result<std::string_view> Reader::bits() {
  auto found = next(kBitString);
  if (!found) return found.error();
  const std::string_view content = found.value().content;
  if (content.empty() || content.front() != '\0') return refused("unused bits before");
  return content.substr(1);
}

Result<Timestamp> Reader::generalized_time() {
  auto found = next(kGeneralizedTime);
  if (!found) return found.error();
  return parse_generalized_time(found.value().content);
}

Result<Timestamp> parse_generalized_time(std::string_view text) {
  using namespace std::chrono;
  const Error shape = Error::permanent("sm.der", "a time must be written YYYYMMDDHHMMSSZ");
  if (text.size() != 15 || text.back() != 'Z' || digits(text, 0, 4) < 0) return shape;
  int part[5];  // month, day, hour, minute, second
  for (std::size_t i = 0; i < 5; ++i) {
    part[i] = digits(text, 4 + 2 * i, 2);
    if (part[i] < 0) return shape;
  }
  const year_month_day day{year(digits(text, 0, 4)), month(static_cast<unsigned>(part[0])),
                           std::chrono::day(static_cast<unsigned>(part[1]))};
  if (!day.ok() || part[2] > 23 || part[3] > 59 || part[4] > 59) return shape;
  return Timestamp(sys_days(day) + hours(part[2]) + minutes(part[3]) + seconds(part[4]));
}

}  // namespace certbridge::sm::der
