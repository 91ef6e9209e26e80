#include "certbridge/text.h"

#include <algorithm>
#include <cstdint>

namespace certbridge {
namespace {

// How many bytes a sequence has by its first byte, and the least code point it may stand for.
struct Lead {
  int length;
  char32_t bits;
  char32_t least;
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1, byte, 0};
  if (byte >= 0xC2 && byte <= 0xDF) return {2, byte & 0x1FU, 0x80};
  if (byte >= 0xE0 && byte <= 0xEF) return {3, byte & 0x0FU, 0x800};
  if (byte >= 0xF0 && byte <= 0xF4) return {4, byte & 0x07U, 0x10000};
  return {0, 0, 0};
}

bool is_code_point(char32_t c) { return c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF); }

// Reads one code point at `at` and moves on; false when there is none.
bool next_code_point(std::string_view text, std::size_t& at, char32_t& point) {
  const Lead lead = lead_of(static_cast<unsigned char>(text[at]));
  if (lead.length == 0 || at + static_cast<std::size_t>(lead.length) > text.size()) return false;
  point = lead.bits;
  for (int i = 1; i < lead.length; ++i) {
    const auto byte = static_cast<unsigned char>(text[at + static_cast<std::size_t>(i)]);
    if ((byte & 0xC0U) != 0x80U) return false;
    point = (point << 6U) | (byte & 0x3FU);
  }
  if (point < lead.least || !is_code_point(point)) return false;
  at += static_cast<std::size_t>(lead.length);
  return true;
}

bool is_forbidden(char32_t c) {
  if (c < 0x20) return c != '\n' && c != '\r' && c != '\t';
  return (c >= 0x7F && c <= 0x9F) || c == 0xFFFE || c == 0xFFFF;
}

bool is_blank(char32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000 || c == 0xFEFF;
}

void append_utf8(std::string& out, char32_t c) {
  const auto byte = [&out](char32_t value) { out.push_back(static_cast<char>(value)); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) {
    byte(0xC0U | (c >> 6U));
  } else {
    if (c < 0x10000) {
      byte(0xE0U | (c >> 12U));
    } else {
      byte(0xF0U | (c >> 18U));
      byte(0x80U | ((c >> 12U) & 0x3FU));
    }
    byte(0x80U | ((c >> 6U) & 0x3FU));
  }
  byte(0x80U | (c & 0x3FU));
}

}  // namespace

std::optional<std::u32string> decode_utf8(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  char32_t point = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (!next_code_point(text, at, point)) return std::nullopt;
    points.push_back(point);
  }
  return points;
}

std::string encode_utf8(std::u32string_view code_points) {
  std::string text;
  text.reserve(code_points.size() * 3);
  for (const char32_t point : code_points) append_utf8(text, is_code_point(point) ? point : 0xFFFD);
  return text;
}

Result<void> check_text(std::string_view text) {
  char32_t point = 0;
  for (std::size_t at = 0; at < text.size();) {
    // Most text is plain; it needs no decoding.
    if (text[at] >= ' ' && text[at] <= '~') {
      ++at;
      continue;
    }
    const std::size_t from = at;
    if (!next_code_point(text, at, point)) {
      return Error::permanent("text.encoding", "byte " + std::to_string(from + 1) +
                                                   " of the text is not UTF-8; send UTF-8, or say "
                                                   "which character set it is");
    }
    if (is_forbidden(point)) {
      return Error::permanent("text.control_character",
                              "byte " + std::to_string(from + 1) +
                                  " of the text begins a control character; only tab, line feed "
                                  "and carriage return are allowed");
    }
  }
  return {};
}

std::string percent_encoded(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  static constexpr std::string_view kMarks = "-._~";
  std::string out;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       kMarks.find(c) != std::string_view::npos;
    if (plain) {
      out.push_back(c);
    } else {
      out += {'%', kDigits[octet >> 4], kDigits[octet & 15]};
    }
  }
  return out;
}

std::string to_hex_text(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto octet = static_cast<unsigned char>(c);
    text += {kDigits[octet >> 4], kDigits[octet & 15]};
  }
  return text;
}

std::string with_line_feeds(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out.push_back(text[i]);
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      out.push_back('\n');
    }
  }
  return out;
}

std::string shortened(std::string_view sentence) {
  if (sentence.size() <= kLongestReason) return std::string(sentence);
  std::size_t end = kLongestReason;
  while (end > 0 && (static_cast<unsigned char>(sentence[end]) & 0xC0U) == 0x80) --end;
  return std::string(sentence.substr(0, end)) + "...";
}

std::string fold_width_and_blanks(std::string_view text) {
  const auto points = decode_utf8(text);
  if (!points) return std::string(text);
  std::string folded;
  folded.reserve(text.size());
  for (const char32_t c : *points) {
    if (is_blank(c)) continue;
    append_utf8(folded, c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c);
  }
  return folded;
}

}  // namespace certbridge
