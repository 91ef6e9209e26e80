#include "pdf/drawn_marks.h"

#include <cairo-ft.h>
#include <cairo-pdf.h>

#include <cmath>
#include <memory>
#include <numbers>

#include "certbridge/text.h"
#include "characters.h"
#include "copy_marks.h"

namespace certbridge::ofd_compose {
namespace {

constexpr double kPointsPerMicrometre = 72.0 / 25'400;

struct Deleter {
  void operator()(cairo_t* drawing) const { cairo_destroy(drawing); }
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_font_face_t* face) const { cairo_font_face_destroy(face); }
};
struct FaceCloser {
  void operator()(FT_Face face) const { FT_Done_Face(face); }
};
struct LibraryCloser {
  void operator()(FT_Library library) const { FT_Done_FreeType(library); }
};

// Lives as long as cairo keeps the font, which may be longer than we do.
struct Outlines {
  std::unique_ptr<std::remove_pointer_t<FT_Library>, LibraryCloser> library{};
  std::unique_ptr<std::remove_pointer_t<FT_Face>, FaceCloser> face{};
};

struct MarkFont {
  FT_Face outlines = nullptr;
  std::unique_ptr<cairo_font_face_t, Deleter> face{};
};

Error bad_font(const std::string& path) {
  return Error::fault("ofd_compose.copy_font", "the font of copies cannot be used: " + path);
}

Result<MarkFont> mark_font(const std::string& path) {
  auto outlines = std::make_unique<Outlines>();
  FT_Library library = nullptr;
  if (FT_Init_FreeType(&library) != 0) return bad_font(path);
  outlines->library.reset(library);
  MarkFont font;
  if (FT_New_Face(library, path.c_str(), 0, &font.outlines) != 0) return bad_font(path);
  outlines->face.reset(font.outlines);
  font.face.reset(
      cairo_ft_font_face_create_for_ft_face(font.outlines, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP));
  static const cairo_user_data_key_t kOutlines{};
  const auto drop = [](void* given) { delete static_cast<Outlines*>(given); };
  if (cairo_font_face_set_user_data(font.face.get(), &kOutlines, outlines.get(), drop) !=
      CAIRO_STATUS_SUCCESS) {
    return bad_font(path);
  }
  static_cast<void>(outlines.release());  // it is cairo's now
  return font;
}

cairo_status_t append(void* to, const unsigned char* bytes, unsigned int size) {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

// Each character stands where the OFD copy has it, whatever its advance in this font.
void draw_mark(cairo_t* drawing, const MarkFont& font, const CopyMark& mark) {
  std::vector<cairo_glyph_t> glyphs;
  std::vector<cairo_text_cluster_t> clusters;
  std::string text;
  double x = mark.x;
  for (const char32_t code : mark.text) {
    const std::string character = encode_utf8({&code, 1});
    glyphs.push_back({FT_Get_Char_Index(font.outlines, code), x, double(mark.baseline)});
    clusters.push_back({static_cast<int>(character.size()), 1});
    text += character;
    x += advance_of(code, mark.size);
  }
  const double half_width = mark.box.width / 2.0;
  const double half_height = mark.box.height / 2.0;
  cairo_save(drawing);
  cairo_translate(drawing, mark.box.x + half_width, mark.box.y + half_height);
  cairo_rotate(drawing, -mark.turn * std::numbers::pi / 180);
  cairo_translate(drawing, -half_width, -half_height);
  cairo_set_source_rgba(drawing, kCopyInk.red / 255.0, kCopyInk.green / 255.0,
                        kCopyInk.blue / 255.0, mark.alpha / 255.0);
  cairo_set_font_size(drawing, mark.size);
  cairo_show_text_glyphs(drawing, text.data(), static_cast<int>(text.size()), glyphs.data(),
                         static_cast<int>(glyphs.size()), clusters.data(),
                         static_cast<int>(clusters.size()), {});
  cairo_restore(drawing);
}

void draw_page(cairo_surface_t* surface, const MarkFont& font, const PageSize& size,
               const CopyQuestion& copy) {
  cairo_pdf_surface_set_size(surface, size.width, size.height);
  const std::unique_ptr<cairo_t, Deleter> drawing(cairo_create(surface));
  cairo_scale(drawing.get(), kPointsPerMicrometre, kPointsPerMicrometre);
  cairo_set_font_face(drawing.get(), font.face.get());
  const auto length = [](double points) {
    return static_cast<ofd::Length>(std::lround(points / kPointsPerMicrometre));
  };
  for (const CopyMark& mark : copy_marks(length(size.width), length(size.height), copy)) {
    draw_mark(drawing.get(), font, mark);
  }
  cairo_show_page(drawing.get());
}

}  // namespace

Result<std::string> drawn_marks(const std::vector<PageSize>& sizes, const CopyQuestion& copy,
                                const std::string& font_file) {
  const auto font = mark_font(font_file);
  if (!font) return font.error();
  std::string pdf;
  const std::unique_ptr<cairo_surface_t, Deleter> surface(
      cairo_pdf_surface_create_for_stream(append, &pdf, 1, 1));
  for (const PageSize& size : sizes) draw_page(surface.get(), font.value(), size, copy);
  cairo_surface_finish(surface.get());
  if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) {
    return bad_font(font_file);
  }
  return pdf;
}

}  // namespace certbridge::ofd_compose
