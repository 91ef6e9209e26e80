#include <optional>

#include "compose.h"

namespace certbridge::ofd_compose {
namespace {

struct PixelSize {
  int width = 0;
  int height = 0;
};

int big_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value > 100'000 ? 0 : static_cast<int>(value);
}

std::optional<PixelSize> png_size(std::string_view bytes) {
  if (bytes.size() < 33 || !bytes.starts_with("\x89PNG\r\n\x1a\n") ||
      bytes.substr(12, 4) != "IHDR") {
    return std::nullopt;
  }
  if (bytes.substr(bytes.size() - 8, 4) != "IEND") return std::nullopt;
  return PixelSize{big_endian(bytes, 16, 4), big_endian(bytes, 20, 4)};
}

bool is_frame_header(unsigned char marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

std::optional<PixelSize> jpeg_size(std::string_view bytes) {
  if (bytes.size() < 4 || !bytes.starts_with("\xff\xd8\xff") || !bytes.ends_with("\xff\xd9")) {
    return std::nullopt;
  }
  for (std::size_t at = 2; at + 9 <= bytes.size();) {
    if (static_cast<unsigned char>(bytes[at]) != 0xff) return std::nullopt;
    const auto marker = static_cast<unsigned char>(bytes[at + 1]);
    if (is_frame_header(marker)) {
      return PixelSize{big_endian(bytes, at + 7, 2), big_endian(bytes, at + 5, 2)};
    }
    at += 2 + static_cast<std::size_t>(big_endian(bytes, at + 2, 2));
  }
  return std::nullopt;
}

}  // namespace

Result<Plan> read_plan(std::string bytes, const std::string& name) {
  const auto png = png_size(bytes);
  const auto size = png ? png : jpeg_size(bytes);
  if (!size || size->width <= 0 || size->height <= 0) {
    return Error::permanent("ofd_compose.picture",
                            "the attachment " + name + " is not a whole PNG or JPEG picture");
  }
  return Plan{png ? "PNG" : "JPEG", std::move(bytes), size->width, size->height};
}

}  // namespace certbridge::ofd_compose
