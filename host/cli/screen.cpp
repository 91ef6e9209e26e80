#include "cli/screen.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ostream>

namespace certbridge::host {
namespace {

const char* escape_of(Tone tone) {
  switch (tone) {
    case Tone::kGood:
      return "\033[32m";
    case Tone::kBad:
      return "\033[31m";
    case Tone::kQuiet:
      return "\033[2m";
    case Tone::kTitle:
      return "\033[1m";
    case Tone::kPlain:
      break;
  }
  return "";
}

// Takes one character of UTF-8; anything broken counts as one byte.
std::uint32_t take_character(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80    ? 1
                             : first >= 0xF0 ? 4
                             : first >= 0xE0 ? 3
                             : first >= 0xC0 ? 2
                                             : 1;
  std::uint32_t character = length == 1 ? first : first & (0x7FU >> length);
  for (std::size_t i = 1; i < length && i < text.size(); ++i) {
    character = character << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  text.remove_prefix(std::min(length, text.size()));
  return character;
}

bool is_wide(std::uint32_t character) {
  return (character >= 0x1100 && character <= 0x115F) ||
         (character >= 0x2E80 && character <= 0xA4CF) ||
         (character >= 0xAC00 && character <= 0xD7A3) ||
         (character >= 0xF900 && character <= 0xFAFF) ||
         (character >= 0xFE30 && character <= 0xFE6F) ||
         (character >= 0xFF00 && character <= 0xFF60) ||
         (character >= 0xFFE0 && character <= 0xFFE6) ||
         (character >= 0x20000 && character <= 0x3FFFD);
}

}  // namespace

bool may_colour(int descriptor) {
  return ::isatty(descriptor) == 1 && std::getenv("NO_COLOR") == nullptr;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) width += is_wide(take_character(text)) ? 2 : 1;
  return width;
}

void Screen::line(std::string_view text, Tone tone) {
  const bool painted = colours_ && tone != Tone::kPlain;
  stream_ << (painted ? escape_of(tone) : "") << text << (painted ? "\033[0m" : "") << '\n';
}

void Screen::table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  }
  for (std::size_t number = 0; number < rows.size(); ++number) {
    std::string text;
    for (std::size_t i = 0; i < rows[number].size(); ++i) {
      const std::string& cell = rows[number][i];
      text += cell;
      if (i + 1 < rows[number].size())
        text += std::string(widths[i] - display_width(cell) + 2, ' ');
    }
    line(text, number == 0 ? Tone::kTitle : Tone::kPlain);
  }
}

}  // namespace certbridge::host
