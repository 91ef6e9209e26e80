#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include <algorithm>
#include <cmath>
#include <numbers>

#include "picture.h"

namespace certbridge::test_ca {
namespace {

constexpr double kWidestArc = 4.3;  // radians from the first glyph to the last

std::vector<char32_t> code_points(const std::string& text) {
  std::vector<char32_t> found;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if ((octet & 0xC0) == 0x80) {
      if (!found.empty()) found.back() = found.back() << 6 | (octet & 0x3F);
    } else {
      found.push_back(octet < 0x80   ? octet
                      : octet < 0xE0 ? octet & 0x1F
                      : octet < 0xF0 ? octet & 0x0F
                                     : octet & 0x07);
    }
  }
  return found;
}

void blend(Ink& ink, const FT_Bitmap& bitmap, int left, int top) {
  for (unsigned row = 0; row < bitmap.rows; ++row) {
    for (unsigned column = 0; column < bitmap.width; ++column) {
      const int x = left + static_cast<int>(column);
      const int y = top + static_cast<int>(row);
      if (x < 0 || y < 0 || x >= ink.side || y >= ink.side) continue;
      const float amount =
          static_cast<float>(bitmap.buffer[row * static_cast<unsigned>(bitmap.pitch) + column]) /
          255.0F;
      ink.at(x, y) = std::max(ink.at(x, y), amount);
    }
  }
}

// One glyph, its middle at `angle` from the top, its foot towards the centre of the circle.
void draw_glyph(Ink& ink, FT_Face face, char32_t code, double angle, double radius) {
  if (FT_Load_Char(face, code, FT_LOAD_NO_BITMAP | FT_LOAD_NO_HINTING) != 0) return;
  FT_Outline& outline = face->glyph->outline;
  FT_BBox box;
  FT_Outline_Get_CBox(&outline, &box);
  FT_Outline_Translate(&outline, -(box.xMin + box.xMax) / 2, -(box.yMin + box.yMax) / 2);
  const auto fixed = [](double value) {
    return static_cast<FT_Fixed>(std::lround(value * 65536.0));
  };
  FT_Matrix turn{fixed(std::cos(angle)), fixed(std::sin(angle)), fixed(-std::sin(angle)),
                 fixed(std::cos(angle))};
  FT_Outline_Transform(&outline, &turn);
  FT_Outline_Embolden(&outline, 110);
  if (FT_Render_Glyph(face->glyph, FT_RENDER_MODE_NORMAL) != 0) return;
  const double middle = ink.side / 2.0;
  const int x = static_cast<int>(std::lround(middle + radius * std::sin(angle)));
  const int y = static_cast<int>(std::lround(middle - radius * std::cos(angle)));
  blend(ink, face->glyph->bitmap, x + face->glyph->bitmap_left, y - face->glyph->bitmap_top);
}

}  // namespace

void draw_along_arc(Ink& ink, const std::string& text, const std::string& font_file, double radius,
                    double glyph_size) {
  FT_Library library = nullptr;
  if (FT_Init_FreeType(&library) != 0) return;
  FT_Face face = nullptr;
  if (FT_New_Face(library, font_file.c_str(), 0, &face) == 0) {
    FT_Set_Pixel_Sizes(face, 0, static_cast<unsigned>(glyph_size));
    const std::vector<char32_t> codes = code_points(text);
    const double count = static_cast<double>(codes.size());
    const double step =
        std::min(glyph_size * 1.22 / radius, kWidestArc / std::max(1.0, count - 1.0));
    for (std::size_t i = 0; i < codes.size(); ++i) {
      draw_glyph(ink, face, codes[i], step * (static_cast<double>(i) - (count - 1.0) / 2.0),
                 radius);
    }
    FT_Done_Face(face);
  }
  FT_Done_FreeType(library);
}

}  // namespace certbridge::test_ca
