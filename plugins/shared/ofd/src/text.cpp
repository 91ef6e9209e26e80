#include "text.h"

namespace certbridge::ofd {
namespace {

constexpr char32_t kReplacement = 0xfffd;

struct Lead {
  int length;  // 0 when the byte starts nothing
  char32_t bits;
  char32_t smallest;
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1, byte, 0};
  if (byte >= 0xc2 && byte < 0xe0) return {2, byte & 0x1fu, 0x80};
  if (byte >= 0xe0 && byte < 0xf0) return {3, byte & 0x0fu, 0x800};
  if (byte >= 0xf0 && byte < 0xf5) return {4, byte & 0x07u, 0x10000};
  return {0, 0, 0};
}

// 0 bytes taken means that the front is not UTF-8.
std::size_t decode(std::string_view text, char32_t& code) {
  const Lead lead = lead_of(static_cast<unsigned char>(text[0]));
  const auto length = static_cast<std::size_t>(lead.length);
  if (length == 0 || text.size() < length) return 0;
  code = lead.bits;
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80) return 0;
    code = code << 6 | (byte & 0x3fu);
  }
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  return code < lead.smallest || surrogate || code > 0x10ffff ? 0 : length;
}

}  // namespace

bool is_utf8(std::string_view text) {
  char32_t code = 0;
  while (!text.empty()) {
    const std::size_t taken = decode(text, code);
    if (taken == 0) return false;
    text.remove_prefix(taken);
  }
  return true;
}

char32_t take_code_point(std::string_view& text) {
  char32_t code = 0;
  const std::size_t taken = decode(text, code);
  text.remove_prefix(taken == 0 ? 1 : taken);
  return taken == 0 ? kReplacement : code;
}

void append_utf8(std::string& text, char32_t code) {
  if (code < 0x80) {
    text.push_back(static_cast<char>(code));
    return;
  }
  const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  static constexpr unsigned char kMarks[] = {0, 0xc0, 0xe0, 0xf0};
  text.push_back(static_cast<char>(kMarks[more] | code >> (6 * more)));
  for (int i = more - 1; i >= 0; --i) {
    text.push_back(static_cast<char>(0x80 | (code >> (6 * i) & 0x3f)));
  }
}

std::string ascii_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace certbridge::ofd
