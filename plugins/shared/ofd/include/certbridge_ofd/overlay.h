// A document that somebody else made, with something drawn above every page.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "certbridge/result.h"
#include "certbridge_ofd/canvas.h"
#include "certbridge_ofd/package.h"

namespace certbridge::ofd {

struct Overlay {
  std::string id{};        // of the new document: 32 hexadecimal digits
  std::string modified{};  // 2026-11-24
  std::string font{};      // that is drawn with: "宋体"
  // Set in the place of custom data of these names, or behind the others.
  std::vector<std::pair<std::string, std::string>> custom_data{};
  // Called once for each page with a canvas of its size; `font` is the ID of the font above.
  std::function<void(Canvas& canvas, int font)> draw{};
};

// The first document of `original` with the overlay as a foreground layer of its own on every page
// (GB/T 33190, 7.7). Signatures, versions, attachments, actions and extensions stay behind, and so
// does every file that only they led to: a signature would not verify any more, and what travels
// beside the pages would leave without the overlay. All errors are permanent: "ofd.structure",
// "ofd.missing_file", "ofd.location", "ofd.too_large" (above 200 pages).
Result<Package> overlaid(Package original, const Overlay& overlay);

}  // namespace certbridge::ofd
