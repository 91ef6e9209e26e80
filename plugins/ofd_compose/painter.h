// Draws text, shapes and codes of a template on a canvas.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge_ofd/document.h"
#include "glyph_font.h"
#include "template.h"
#include "wrap.h"

namespace certbridge::ofd_compose {

// What is drawn in place of a character that no font has.
enum class MissingGlyph : std::uint8_t { kRefuse = 1, kBox = 2 };

// One painter per document. After a failure the first error stays and drawing has no meaning.
class Painter {
 public:
  // `fonts` are the font IDs in the order of the template's fonts; `glyphs` may be null. All
  // references outlive the painter.
  Painter(const Template& layout, const std::vector<int>& fonts, GlyphFont* glyphs,
          MissingGlyph missing);

  void shape(ofd::Canvas& canvas, const RectangleShape& shape);
  void shape(ofd::Canvas& canvas, const LineShape& shape);
  void label(ofd::Canvas& canvas, const Label& label);
  // QR code of GB/T 18284 with error correction M, as one path.
  void code(ofd::Canvas& canvas, const ofd::Box& box, const std::string& text);

  // A value: shrunk down to the style's least size, centred if it is to be. Answers the part that
  // did not fit, and notes the objects under the field.
  std::u32string value(ofd::Canvas& canvas, const ValueBox& box, std::u32string_view text);
  // One line of running text with its top at `y`; an empty field is not noted.
  void line(ofd::Canvas& canvas, const ofd::Box& box, const Style& style, const WrappedLine& line,
            Align align, const std::string& field);

  const std::vector<ofd::FieldTag>& tags() const { return tags_; }
  const std::optional<Error>& error() const { return error_; }

 private:
  struct Fit {
    ofd::Length size = 0;
    std::vector<WrappedLine> lines{};
    std::size_t shown = 0;  // lines
  };
  Fit fit(const ofd::Box& box, const Style& style, std::u32string_view text) const;
  void run(ofd::Canvas& canvas, const ofd::Box& cell, const Style& style, std::u32string_view text,
           const std::string& field);
  void glyph(ofd::Canvas& canvas, const ofd::Box& cell, const Style& style, char32_t code,
             const std::string& field);
  void note(const std::string& field, const ofd::Canvas& canvas, int object);

  const Template& layout_;
  const std::vector<int>& fonts_;
  GlyphFont* glyphs_;
  MissingGlyph missing_;
  std::vector<ofd::FieldTag> tags_{};
  std::optional<Error> error_{};
};

}  // namespace certbridge::ofd_compose
