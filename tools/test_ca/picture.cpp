#include "picture.h"

#include <png.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace certbridge::test_ca {
namespace {

constexpr int kSide = 480;
constexpr double kMiddle = kSide / 2.0;
constexpr double kRingOuter = 236.0;
constexpr double kRingInner = 223.0;
constexpr double kStarRadius = 72.0;
constexpr std::array<std::uint8_t, 3> kRed{217, 30, 30};

// 1 inside, 0 outside, between them over one pixel of distance.
float soft(double inside) { return static_cast<float>(std::clamp(inside + 0.5, 0.0, 1.0)); }

// Distance to the edge of a five-pointed star around the origin, positive inside.
double inside_star(double x, double y) {
  constexpr double kFifth = 2.0 * std::numbers::pi / 5.0;
  const double inner = kStarRadius * 0.381966;  // of a regular star
  double angle = std::atan2(x, -y);
  angle = std::abs(angle - kFifth * std::round(angle / kFifth));
  const double radius = std::hypot(x, y);
  const double px = radius * std::cos(angle);
  const double py = radius * std::sin(angle);
  // The edge runs from the tip at (kStarRadius, 0) to the notch half a fifth further on.
  const double ex = inner * std::cos(kFifth / 2.0) - kStarRadius;
  const double ey = inner * std::sin(kFifth / 2.0);
  return (ex * -py + ey * (px - kStarRadius)) / std::hypot(ex, ey) * -1.0;
}

void draw_ring_and_star(Ink& ink) {
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const double dx = x + 0.5 - kMiddle;
      const double dy = y + 0.5 - kMiddle;
      const double radius = std::hypot(dx, dy);
      const float ring = std::min(soft(kRingOuter - radius), soft(radius - kRingInner));
      ink.at(x, y) = std::max({ink.at(x, y), ring, soft(inside_star(dx, dy))});
    }
  }
}

// Sixteen shades are enough for smooth edges and make a picture of a few kilobytes.
std::string write_png(Ink& ink) {
  constexpr int kShades = 16;
  constexpr int kFullInk = 235;
  std::vector<std::uint8_t> shades;
  for (int i = 0; i < kShades; ++i) {
    shades.insert(shades.end(), kRed.begin(), kRed.end());
    shades.push_back(static_cast<std::uint8_t>(kFullInk * i / (kShades - 1)));
  }
  std::vector<std::uint8_t> pixels;
  pixels.reserve(ink.amount.size());
  for (const float amount : ink.amount) {
    pixels.push_back(static_cast<std::uint8_t>(
        std::lround(std::clamp(amount, 0.0F, 1.0F) * static_cast<float>(kShades - 1))));
  }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = kSide;
  image.height = kSide;
  image.format = PNG_FORMAT_RGBA_COLORMAP;
  image.colormap_entries = kShades;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string png(size, '\0');
  if (png_image_write_to_memory(&image, png.data(), &size, 0, pixels.data(), 0, shades.data()) ==
      0) {
    return {};
  }
  png.resize(size);
  return png;
}

}  // namespace

std::string draw_seal(const std::string& name, const std::string& font_file) {
  Ink ink{kSide, std::vector<float>(static_cast<std::size_t>(kSide) * kSide)};
  draw_ring_and_star(ink);
  draw_along_arc(ink, name, font_file, 178.0, 62.0);
  return write_png(ink);
}

}  // namespace certbridge::test_ca
