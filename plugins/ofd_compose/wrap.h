// Breaks text into lines. No character is ever lost but blanks at the ends of lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "certbridge_ofd/measure.h"

namespace certbridge::ofd_compose {

struct WrappedLine {
  std::u32string text{};  // no blanks at its end; empty for an empty line of the text
  ofd::Length width = 0;
  std::size_t end = 0;  // where the rest of the text begins
};

// Lines of at most `width`; a character that is wider stands alone on a line. Line feeds end lines.
std::vector<WrappedLine> wrap(std::u32string_view text, ofd::Length width, ofd::Length size);
// Sum of the advances.
ofd::Length width_of(std::u32string_view text, ofd::Length size);
// From line to line.
ofd::Length line_height(ofd::Length size);

}  // namespace certbridge::ofd_compose
