#include "characters.h"

#include <algorithm>
#include <iterator>

#include "common_characters.h"

namespace certbridge::ofd_compose {
namespace {

constexpr std::u32string_view kClosing = U"，。、；：！？）》〉」』】〕］｝’”％‰℃°·…—～,.;:!?)]}>%";
constexpr std::u32string_view kOpening = U"（《〈「『【〔［｛‘“￥([{<";
constexpr std::u32string_view kFullWidthLatin = U"°·×÷±§¨¤àáèéêìíòóùúü";

bool is_word_part(char32_t code) {
  return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
         (code >= 'A' && code <= 'Z') || code == '.' || code == '-' || code == '_';
}

int follow_bytes(unsigned char lead) {
  if (lead >= 0xf0) return 3;
  if (lead >= 0xe0) return 2;
  return lead >= 0xc0 ? 1 : 0;
}

}  // namespace

std::u32string to_code_points(std::string_view utf8) {
  std::u32string text;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i++]);
    const int follow = follow_bytes(lead);
    char32_t code = follow == 0 ? lead : lead & (0x3fu >> follow);
    for (int k = 0; k < follow && i < utf8.size(); ++k) {
      code = code << 6 | (static_cast<unsigned char>(utf8[i++]) & 0x3fu);
    }
    text.push_back(code);
  }
  return text;
}

std::string to_utf8(std::u32string_view text) {
  std::string out;
  for (const char32_t code : text) {
    if (code < 0x80) {
      out.push_back(static_cast<char>(code));
      continue;
    }
    const int follow = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static constexpr unsigned kLeads[] = {0, 0xc0, 0xe0, 0xf0};
    out.push_back(static_cast<char>(kLeads[follow] | code >> (6 * follow)));
    for (int k = follow - 1; k >= 0; --k) {
      out.push_back(static_cast<char>(0x80 | (code >> (6 * k) & 0x3f)));
    }
  }
  return out;
}

ofd::Length advance_of(char32_t code, ofd::Length size) {
  const bool narrow = code < 0x100 && kFullWidthLatin.find(code) == std::u32string_view::npos;
  return narrow ? size / 2 : size;
}

bool is_common(char32_t code) {
  const auto range =
      std::upper_bound(std::begin(kCommonCharacters), std::end(kCommonCharacters), code,
                       [](char32_t value, const CodePointRange& it) { return value < it.first; });
  return range != std::begin(kCommonCharacters) && code <= std::prev(range)->last;
}

bool is_blank(char32_t code) {
  return code == ' ' || code == '\t' || code == 0x3000 || code == 0xa0;
}

bool may_break_between(char32_t before, char32_t after) {
  if (is_word_part(before) && is_word_part(after)) return false;
  return kClosing.find(after) == std::u32string_view::npos &&
         kOpening.find(before) == std::u32string_view::npos;
}

}  // namespace certbridge::ofd_compose
