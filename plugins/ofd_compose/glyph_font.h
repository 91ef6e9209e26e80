// Outlines of characters that readers' computers lack, from one font file pinned by its digest.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "certbridge/result.h"
#include "certbridge_ofd/canvas.h"

namespace certbridge::ofd_compose {

// Any thread may call outline(): FreeType's face is behind a lock.
class GlyphFont {
 public:
  // `digest` is "sha256:" or "sm3:" and 64 hexadecimal digits. Codes, all faults:
  // "ofd_compose.glyph_font" (cannot be read, is no font, digest has no such shape),
  // "ofd_compose.glyph_font_digest" (the file is another one).
  static Result<std::unique_ptr<GlyphFont>> open(const std::string& path,
                                                 const std::string& digest);
  ~GlyphFont();
  GlyphFont(const GlyphFont&) = delete;
  GlyphFont& operator=(const GlyphFont&) = delete;

  // The outline at this size, relative to a point `baseline` below the cell's top left corner.
  // Nothing when the font does not have the character.
  std::optional<ofd::Outline> outline(char32_t code, ofd::Length size, ofd::Length baseline);

 private:
  struct Face;
  explicit GlyphFont(std::unique_ptr<Face> face);
  std::mutex mutex_{};
  std::unique_ptr<Face> face_;
};

}  // namespace certbridge::ofd_compose
