#include "wrap.h"

#include <algorithm>

#include "characters.h"

namespace certbridge::ofd_compose {
namespace {

// How far back a better place to break is looked for.
constexpr std::size_t kLookBack = 40;

std::u32string_view without_end_blanks(std::u32string_view text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Characters of the paragraph that fit, at least one.
std::size_t fitting(std::u32string_view paragraph, ofd::Length width, ofd::Length size) {
  ofd::Length used = 0;
  for (std::size_t i = 0; i < paragraph.size(); ++i) {
    used += advance_of(paragraph[i], size);
    if (used > width) return std::max<std::size_t>(i, 1);
  }
  return paragraph.size();
}

// Where the line ends: at most `count` characters.
std::size_t break_at(std::u32string_view paragraph, std::size_t count) {
  if (count == paragraph.size()) return count;
  const std::size_t least = count > kLookBack ? count - kLookBack : 1;
  for (std::size_t at = count; at >= least; --at) {
    if (may_break_between(paragraph[at - 1], paragraph[at])) return at;
  }
  return count;
}

// Blanks that begin a paragraph are its indent; those around a break inside it are dropped.
void wrap_paragraph(std::u32string_view paragraph, std::size_t start, ofd::Length width,
                    ofd::Length size, std::vector<WrappedLine>& lines) {
  const std::u32string_view text = without_end_blanks(paragraph);
  std::size_t done = 0;
  do {
    const std::u32string_view rest = text.substr(done);
    const std::size_t count = rest.empty() ? 0 : break_at(rest, fitting(rest, width, size));
    const std::u32string_view line = without_end_blanks(rest.substr(0, count));
    done += count;
    while (done < text.size() && is_blank(text[done])) ++done;
    lines.push_back({std::u32string(line), width_of(line, size), start + done});
  } while (done < text.size());
  lines.back().end = start + paragraph.size();
}

}  // namespace

ofd::Length width_of(std::u32string_view text, ofd::Length size) {
  ofd::Length width = 0;
  for (const char32_t code : text) width += advance_of(code, size);
  return width;
}

ofd::Length line_height(ofd::Length size) { return size * 7 / 5; }

std::vector<WrappedLine> wrap(std::u32string_view text, ofd::Length width, ofd::Length size) {
  std::vector<WrappedLine> lines;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(U'\n', start), text.size());
    wrap_paragraph(text.substr(start, end - start), start, width, size, lines);
    if (end < text.size()) lines.back().end = end + 1;
    start = end + 1;
  }
  return lines;
}

}  // namespace certbridge::ofd_compose
