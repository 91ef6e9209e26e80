// A certificate and a template give an OFD file. A pure function: equal input, equal bytes.
#pragma once

#include <string>
#include <vector>

#include "certbridge/certificate.h"
#include "painter.h"
#include "template.h"

namespace certbridge::ofd_compose {

// A plan (宗地图, 房产分户图) on a page of its own.
struct Plan {
  std::string format{};  // "PNG" or "JPEG"
  std::string bytes{};
  int width = 0;  // pixels
  int height = 0;
};

struct Composition {
  std::string file{};  // bytes of the OFD package
  int seal_page = 0;   // ID of the page for the seal
  ofd::Box seal_box{};
};

struct ComposeSettings {
  GlyphFont* glyphs = nullptr;  // borrowed; may be null
  MissingGlyph missing = MissingGlyph::kRefuse;
  bool sample = true;  // mark every page as a sample
};

// `record` is the machine-readable record that travels as an attachment. Codes, permanent:
// "ofd_compose.no_glyph", "ofd_compose.code", "ofd_compose.too_long" (above 200 pages).
Result<Composition> compose(const Template& layout, const Certificate& certificate,
                            const std::string& record, const std::vector<Plan>& plans,
                            const ComposeSettings& settings);

// Recognises PNG and JPEG by their heads and reads the size. Code: "ofd_compose.picture".
Result<Plan> read_plan(std::string bytes, const std::string& name);

}  // namespace certbridge::ofd_compose
