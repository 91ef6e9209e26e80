#include "glyph_font.h"

#include <ft2build.h>
#include <openssl/evp.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include <algorithm>
#include <fstream>

#include "certbridge/text.h"
#include "certbridge_sm/sm3.h"

namespace certbridge::ofd_compose {
namespace {

Error broken(const std::string& path, const std::string& why) {
  return Error::fault("ofd_compose.glyph_font", "the glyph font " + path + " " + why);
}

std::string sha256_of(std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr) != 1) return {};
  return to_hex_text({reinterpret_cast<const char*>(digest), size});
}

Result<std::string> read_font(const std::string& path) {
  constexpr std::streamoff kLargest = 128L * 1024 * 1024;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file ? static_cast<std::streamoff>(file.tellg()) : -1;
  if (size <= 0 || size > kLargest) return broken(path, "cannot be read or is above 128 MB");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  file.seekg(0);
  if (!file.read(bytes.data(), size)) return broken(path, "cannot be read");
  return bytes;
}

Result<void> check_digest(const std::string& path, std::string_view bytes, std::string wanted) {
  std::transform(wanted.begin(), wanted.end(), wanted.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  std::string found;
  if (wanted.starts_with("sha256:")) {
    found = "sha256:" + sha256_of(bytes);
  } else if (wanted.starts_with("sm3:")) {
    found = "sm3:" + to_hex(sm::sm3(bytes));
  } else {
    return broken(path, "needs glyph-font-digest=\"sha256:...\" (sha256sum FILE) or \"sm3:...\"");
  }
  if (found == wanted) return {};
  return Error::fault(
      "ofd_compose.glyph_font_digest",
      "the glyph font " + path + " has the digest " + found + ", not the pinned one");
}

// From font units, y up, to micrometres, y down.
struct Pen {
  ofd::Outline outline{};
  std::int64_t size = 0;
  std::int64_t units = 1;
  ofd::Length baseline = 0;
  bool open = false;

  ofd::Length x(const FT_Vector& at) const { return static_cast<ofd::Length>(at.x * size / units); }
  ofd::Length y(const FT_Vector& at) const {
    return static_cast<ofd::Length>(baseline - at.y * size / units);
  }
  void end() {
    if (open) outline.close();
    open = false;
  }
};

int move_to(const FT_Vector* to, void* user) {
  Pen& pen = *static_cast<Pen*>(user);
  pen.end();
  pen.outline.move(pen.x(*to), pen.y(*to));
  pen.open = true;
  return 0;
}
int line_to(const FT_Vector* to, void* user) {
  Pen& pen = *static_cast<Pen*>(user);
  pen.outline.line(pen.x(*to), pen.y(*to));
  return 0;
}
int conic_to(const FT_Vector* control, const FT_Vector* to, void* user) {
  Pen& pen = *static_cast<Pen*>(user);
  pen.outline.quadratic(pen.x(*control), pen.y(*control), pen.x(*to), pen.y(*to));
  return 0;
}
int cubic_to(const FT_Vector* first, const FT_Vector* second, const FT_Vector* to, void* user) {
  Pen& pen = *static_cast<Pen*>(user);
  pen.outline.cubic(pen.x(*first), pen.y(*first), pen.x(*second), pen.y(*second), pen.x(*to),
                    pen.y(*to));
  return 0;
}

}  // namespace

struct GlyphFont::Face {
  std::string bytes{};  // FreeType reads from them
  FT_Library library = nullptr;
  FT_Face face = nullptr;

  Face() = default;
  Face(const Face&) = delete;
  Face& operator=(const Face&) = delete;
  ~Face() {
    if (face != nullptr) FT_Done_Face(face);
    if (library != nullptr) FT_Done_FreeType(library);
  }
};

GlyphFont::GlyphFont(std::unique_ptr<Face> face) : face_(std::move(face)) {}
GlyphFont::~GlyphFont() = default;

Result<std::unique_ptr<GlyphFont>> GlyphFont::open(const std::string& path,
                                                   const std::string& digest) {
  auto bytes = read_font(path);
  if (!bytes) return bytes.error();
  if (auto checked = check_digest(path, bytes.value(), digest); !checked) return checked.error();
  auto face = std::make_unique<Face>();
  face->bytes = std::move(bytes).value();
  const auto* data = reinterpret_cast<const FT_Byte*>(face->bytes.data());
  if (FT_Init_FreeType(&face->library) != 0 ||
      FT_New_Memory_Face(face->library, data, static_cast<FT_Long>(face->bytes.size()), 0,
                         &face->face) != 0 ||
      face->face->units_per_EM == 0) {
    return broken(path, "is not a font with outlines");
  }
  return std::unique_ptr<GlyphFont>(new GlyphFont(std::move(face)));
}

std::optional<ofd::Outline> GlyphFont::outline(char32_t code, ofd::Length size,
                                               ofd::Length baseline) {
  const std::scoped_lock lock(mutex_);
  const FT_Face face = face_->face;
  const FT_UInt glyph = FT_Get_Char_Index(face, code);
  if (glyph == 0 || FT_Load_Glyph(face, glyph, FT_LOAD_NO_SCALE) != 0) return std::nullopt;
  if (face->glyph->format != FT_GLYPH_FORMAT_OUTLINE) return std::nullopt;
  static constexpr FT_Outline_Funcs kFunctions{move_to, line_to, conic_to, cubic_to, 0, 0};
  Pen pen{{}, size, face->units_per_EM, baseline, false};
  if (FT_Outline_Decompose(&face->glyph->outline, &kFunctions, &pen) != 0) return std::nullopt;
  pen.end();
  if (pen.outline.data().empty()) return std::nullopt;
  return pen.outline;
}

}  // namespace certbridge::ofd_compose
