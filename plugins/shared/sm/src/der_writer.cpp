#include <charconv>
#include <chrono>
#include <cstdio>

#include "certbridge_sm/der.h"

namespace certbridge::sm::der {
namespace {

std::string length_of(std::size_t size) {
  if (size < 0x80) return std::string(1, static_cast<char>(size));
  std::string big_endian;
  for (; size != 0; size >>= 8)
    big_endian.insert(big_endian.begin(), static_cast<char>(size & 0xFF));
  return static_cast<char>(0x80 + big_endian.size()) + big_endian;
}

std::string base128(std::uint64_t arc) {
  std::string out(1, static_cast<char>(arc & 0x7F));
  for (arc >>= 7; arc != 0; arc >>= 7) {
    out.insert(out.begin(), static_cast<char>(0x80 | (arc & 0x7F)));
  }
  return out;
}

std::uint64_t take_arc(std::string_view& dotted) {
  std::uint64_t arc = 0;
  const auto end = std::from_chars(dotted.data(), dotted.data() + dotted.size(), arc).ptr;
  dotted.remove_prefix(static_cast<std::size_t>(end - dotted.data()));
  if (!dotted.empty()) dotted.remove_prefix(1);
  return arc;
}

}  // namespace

std::string element(std::uint8_t tag, std::string_view content) {
  std::string out(1, static_cast<char>(tag));
  out += length_of(content.size());
  out += content;
  return out;
}

std::string sequence(std::initializer_list<std::string> parts) {
  std::string content;
  for (const std::string& part : parts) content += part;
  return element(kSequence, content);
}

std::string unsigned_integer(std::string_view big_endian) {
  while (big_endian.size() > 1 && big_endian.front() == '\0') big_endian.remove_prefix(1);
  std::string content(big_endian);
  if (content.empty() || (content.front() & 0x80) != 0) content.insert(content.begin(), '\0');
  return element(kInteger, content);
}

std::string integer(std::int64_t value) {
  std::string big_endian;
  for (int shift = 56; shift >= 0; shift -= 8) {
    big_endian.push_back(static_cast<char>(value >> shift & 0xFF));
  }
  return unsigned_integer(big_endian);
}

std::string object_id(std::string_view dotted) {
  const std::uint64_t root = take_arc(dotted);
  std::string content = base128(root * 40 + take_arc(dotted));
  while (!dotted.empty()) content += base128(take_arc(dotted));
  return element(kObjectId, content);
}

std::string ia5(std::string_view text) { return element(kIa5String, text); }
std::string utf8(std::string_view text) { return element(kUtf8String, text); }
std::string octet_string(std::string_view bytes) { return element(kOctetString, bytes); }
std::string bit_string(std::string_view bytes) {
  return element(kBitString, std::string(1, '\0') + std::string(bytes));
}

std::string format_generalized_time(Timestamp time) {
  using namespace std::chrono;
  const auto whole = floor<seconds>(time);
  const auto days = floor<std::chrono::days>(whole);
  const year_month_day date(days);
  const hh_mm_ss clock(whole - days);
  char text[32];
  std::snprintf(text, sizeof text, "%04d%02u%02u%02d%02d%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

std::string generalized_time(Timestamp time) {
  return element(kGeneralizedTime, format_generalized_time(time));
}

}  // namespace certbridge::sm::der
