// Draws the OFD subset of certificates as SVG: text, paths, pictures, seals.
#pragma once

#include <string>
#include <vector>

#include "certbridge/result.h"
#include "certbridge_ofd/package.h"

namespace certbridge::ofd {

// A seal to be painted last, above everything.
struct Stamp {
  std::string page_id{};
  std::string box{};      // ST_Box: "x y width height" in millimetres
  std::string picture{};  // PNG or JPEG bytes; anything else is left out
};

// One SVG picture with all pages below each other, in millimetres, self-contained: nothing in it
// makes a viewer load or run anything. Values that are not numbers, sizes out of reason and unknown
// objects are left out; what does not hold together is refused. Codes: those of read_structure, and
// "ofd.too_large" (above 200 pages, 200 000 objects or 128 MB).
Result<std::string> render_document(const Package& package, const std::vector<Stamp>& stamps);

}  // namespace certbridge::ofd
