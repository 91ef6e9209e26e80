#include <optional>

#include "certbridge_ofd/checksum.h"
#include "compose.h"

namespace certbridge::ofd_compose {
namespace {

struct PixelSize {
  int width = 0;
  int height = 0;
};

std::uint32_t big_endian(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// Of two bytes, in JPEG.
int short_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]) << 8 | static_cast<unsigned char>(bytes[at + 1]);
}

// A side in pixels; 0 when it is larger than any plan.
int side_of(std::string_view bytes, std::size_t at) {
  const std::uint32_t side = big_endian(bytes, at);
  return side > 100'000 ? 0 : static_cast<int>(side);
}

// A chunk's length, type, content and checksum. Nothing when it is cut off or damaged.
struct Chunk {
  std::string_view type{};
  std::string_view content{};
  std::size_t end = 0;
};

std::optional<Chunk> chunk_at(std::string_view bytes, std::size_t at) {
  constexpr std::size_t kAround = 12;  // length, type and checksum
  if (at + kAround > bytes.size()) return std::nullopt;
  const std::size_t length = big_endian(bytes, at);
  if (length > bytes.size() - at - kAround) return std::nullopt;
  const std::string_view checked = bytes.substr(at + 4, 4 + length);
  if (ofd::checksum(checked) != big_endian(bytes, at + 8 + length)) return std::nullopt;
  return Chunk{checked.substr(0, 4), checked.substr(4), at + kAround + length};
}

// Every chunk is there and undamaged, from IHDR over IDAT to IEND, with nothing behind.
std::optional<PixelSize> png_size(std::string_view bytes) {
  constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
  if (!bytes.starts_with(kSignature)) return std::nullopt;
  auto chunk = chunk_at(bytes, kSignature.size());
  if (!chunk || chunk->type != "IHDR" || chunk->content.size() != 13) return std::nullopt;
  const PixelSize size{side_of(chunk->content, 0), side_of(chunk->content, 4)};
  bool any_data = false;
  while ((chunk = chunk_at(bytes, chunk->end))) {
    if (chunk->type == "IDAT") any_data = true;
    if (chunk->type != "IEND") continue;
    return any_data && chunk->end == bytes.size() ? std::optional(size) : std::nullopt;
  }
  return std::nullopt;
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
      return PixelSize{short_at(bytes, at + 7), short_at(bytes, at + 5)};
    }
    at += 2 + static_cast<std::size_t>(short_at(bytes, at + 2));
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
