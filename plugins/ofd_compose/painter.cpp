#include "painter.h"

#include <algorithm>

#include "characters.h"

namespace certbridge::ofd_compose {
namespace {

// Song types stand 86 hundredths of their size above the baseline.
ofd::Length ascent(ofd::Length size) { return size * 43 / 50; }

ofd::Length baseline_in(ofd::Length height, ofd::Length size) {
  return (height - size) / 2 + ascent(size);
}

ofd::Length indent_of(Align align, ofd::Length room) {
  if (align == Align::kCentre) return room / 2;
  return align == Align::kRight ? room : 0;
}

std::string code_point_name(char32_t code) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string digits;
  for (; code != 0; code >>= 4) digits.insert(digits.begin(), kDigits[code & 15]);
  return "U+" + digits;
}

std::vector<ofd::Length> advances_of(std::u32string_view text, ofd::Length size,
                                     ofd::Length extra) {
  std::vector<ofd::Length> advances;
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    advances.push_back(advance_of(text[i], size) + extra);
  return advances;
}

}  // namespace

Painter::Painter(const Template& layout, const std::vector<int>& fonts, GlyphFont* glyphs,
                 MissingGlyph missing)
    : layout_(layout), fonts_(fonts), glyphs_(glyphs), missing_(missing) {}

void Painter::shape(ofd::Canvas& canvas, const RectangleShape& shape) {
  const ofd::Length half = shape.line / 2;
  const ofd::Box outer{shape.box.x - half, shape.box.y - half, shape.box.width + 2 * half,
                       shape.box.height + 2 * half};
  ofd::Outline outline;
  outline.rectangle({half, half, shape.box.width, shape.box.height});
  canvas.stroke(outer, outline, {shape.line, shape.colour});
}

void Painter::shape(ofd::Canvas& canvas, const LineShape& shape) {
  const ofd::Length half = std::max(shape.line / 2, 1);
  const ofd::Box outer{shape.box.x - half, shape.box.y - half, shape.box.width + 2 * half,
                       shape.box.height + 2 * half};
  ofd::Outline outline;
  outline.move(half, half);
  outline.line(half + shape.box.width, half + shape.box.height);
  canvas.stroke(outer, outline, {shape.line, shape.colour});
}

// Labels are the template's own words: they stand as written, in the order of their lines.
void Painter::label(ofd::Canvas& canvas, const Label& label) {
  const Style& style = layout_.styles[label.style];
  const std::u32string text = to_code_points(label.text);
  if (label.align != Align::kSpread && label.turn == 0) {
    const auto lines = wrap(text, label.box.width, style.size);
    const ofd::Length height = line_height(style.size);
    const auto total = static_cast<ofd::Length>(lines.size()) * height;
    ofd::Box at{label.box.x, label.box.y + std::max(0, (label.box.height - total) / 2),
                label.box.width, height};
    for (const WrappedLine& it : lines) {
      line(canvas, at, style, it, label.align, {});
      at.y += height;
    }
    return;
  }
  const ofd::Length width = width_of(text, style.size);
  const auto gaps = static_cast<ofd::Length>(text.size()) - 1;
  const ofd::Length room = std::max(0, label.box.width - width);
  const bool spread = label.align == Align::kSpread && gaps > 0;
  ofd::TextLine drawn{label.box,
                      fonts_[style.font],
                      style.size,
                      style.colour,
                      label.alpha,
                      label.text,
                      spread ? 0 : room / 2,
                      baseline_in(label.box.height, style.size),
                      advances_of(text, style.size, spread ? room / gaps : 0),
                      label.turn};
  canvas.text(drawn);
}

Painter::Fit Painter::fit(const ofd::Box& box, const Style& style, std::u32string_view text) const {
  constexpr ofd::Length kStep = 200;
  Fit best;
  for (ofd::Length size = style.size;; size = std::max(style.least, size - kStep)) {
    best = {size, wrap(text, box.width, size), 0};
    const auto room = static_cast<std::size_t>(std::max(0, box.height / line_height(size)));
    best.shown = best.lines.size();
    if (best.lines.size() <= room) return best;
    if (size > style.least) continue;
    best.shown = room > 0 ? room - 1 : 0;  // the last line says that the value goes on elsewhere
    return best;
  }
}

std::u32string Painter::value(ofd::Canvas& canvas, const ValueBox& box, std::u32string_view text) {
  if (text.empty()) return {};
  Style style = layout_.styles[box.style];
  const Fit fitted = fit(box.box, style, text);
  style.size = fitted.size;
  const ofd::Length height = line_height(style.size);
  const bool cut = fitted.shown < fitted.lines.size();
  const auto total = static_cast<ofd::Length>(fitted.shown + (cut ? 1 : 0)) * height;
  ofd::Box at{box.box.x, box.box.y, box.box.width, height};
  if (box.middle) at.y += std::max(0, (box.box.height - total) / 2);
  for (std::size_t i = 0; i < fitted.shown; ++i) {
    line(canvas, at, style, fitted.lines[i], box.align, box.field);
    at.y += height;
  }
  if (!cut) return {};
  const std::u32string mark = to_code_points(layout_.continued);
  line(canvas, at, style, {mark, width_of(mark, style.size), mark.size()}, Align::kRight, {});
  return std::u32string(text.substr(fitted.shown == 0 ? 0 : fitted.lines[fitted.shown - 1].end));
}

void Painter::line(ofd::Canvas& canvas, const ofd::Box& box, const Style& style,
                   const WrappedLine& line, Align align, const std::string& field) {
  ofd::Length x = box.x + indent_of(align, std::max(0, box.width - line.width));
  const std::u32string_view text = line.text;
  for (std::size_t start = 0; start < text.size();) {
    std::size_t end = start;
    while (end < text.size() && is_common(text[end])) ++end;
    const bool outlined = end == start;
    if (outlined) ++end;
    const std::u32string_view part = text.substr(start, end - start);
    const ofd::Length width = width_of(part, style.size);
    const ofd::Box cell{x, box.y, width, box.height};
    if (outlined) {
      glyph(canvas, cell, style, part.front(), field);
    } else {
      run(canvas, cell, style, part, field);
    }
    x += width;
    start = end;
  }
}

void Painter::run(ofd::Canvas& canvas, const ofd::Box& cell, const Style& style,
                  std::u32string_view text, const std::string& field) {
  ofd::Box box = cell;
  while (!text.empty() && is_blank(text.front())) {  // readers trim blanks at the ends
    const ofd::Length advance = advance_of(text.front(), style.size);
    box.x += advance;
    box.width -= advance;
    text.remove_prefix(1);
  }
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  if (text.empty()) return;
  ofd::TextLine drawn{box,
                      fonts_[style.font],
                      style.size,
                      style.colour,
                      255,
                      to_utf8(text),
                      0,
                      baseline_in(cell.height, style.size),
                      advances_of(text, style.size, 0),
                      0};
  note(field, canvas, canvas.text(drawn));
}

void Painter::glyph(ofd::Canvas& canvas, const ofd::Box& cell, const Style& style, char32_t code,
                    const std::string& field) {
  std::optional<ofd::Outline> outline;
  if (glyphs_ != nullptr) {
    outline = glyphs_->outline(code, style.size, baseline_in(cell.height, style.size));
  }
  if (outline) return note(field, canvas, canvas.fill(cell, *outline, style.colour));
  if (missing_ == MissingGlyph::kRefuse && !error_) {
    error_ = Error::permanent(
        "ofd_compose.no_glyph",
        "no font shows the character " + code_point_name(code) +
            (field.empty() ? std::string() : " of the field " + field) +
            "; name a font that has it in glyph-font, or set missing-glyph to box");
    return;
  }
  ofd::Outline box;
  const ofd::Length inset = style.size / 10;
  box.rectangle({inset, (cell.height - style.size) / 2 + inset, style.size - 2 * inset,
                 style.size - 2 * inset});
  note(field, canvas, canvas.stroke(cell, box, {std::max(style.size / 20, 100), style.colour}));
}

void Painter::note(const std::string& field, const ofd::Canvas& canvas, int object) {
  if (field.empty()) return;
  const auto found = std::find_if(tags_.begin(), tags_.end(),
                                  [&](const ofd::FieldTag& tag) { return tag.field == field; });
  ofd::FieldTag& tag = found == tags_.end() ? tags_.emplace_back(ofd::FieldTag{field, {}}) : *found;
  tag.objects.push_back({canvas.id(), object});
}

}  // namespace certbridge::ofd_compose
