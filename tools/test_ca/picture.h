// The picture of a round seal: red ring, five-pointed star, the authority's name along the ring.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace certbridge::test_ca {

// How much of each pixel is ink, 0 to 1; square.
struct Ink {
  int side = 0;
  std::vector<float> amount{};
  float& at(int x, int y) {
    return amount[static_cast<std::size_t>(y) * static_cast<std::size_t>(side) +
                  static_cast<std::size_t>(x)];
  }
};

// PNG of 480 pixels a side with a transparent ground. Without a font of `font_file` the name is
// left out; never fails for it.
std::string draw_seal(const std::string& name, const std::string& font_file);

// Adds the glyphs of `text` along a circle of `radius` (pixels, to the middle of the glyphs),
// symmetric about the top. Nothing happens when the font cannot be opened.
void draw_along_arc(Ink& ink, const std::string& text, const std::string& font_file, double radius,
                    double glyph_size);

}  // namespace certbridge::test_ca
