// The watermark and the note of an annotated copy as pages of a PDF.
#pragma once

#include <string>
#include <vector>

#include "certbridge/query.h"
#include "certbridge/result.h"

namespace certbridge::ofd_compose {

struct PageSize {
  double width = 0;  // points, 1/72 inch
  double height = 0;
  bool operator==(const PageSize&) const = default;
};

// A PDF with one page for each size, transparent but for the marks, their text as text in an
// embedded subset of the font. Code: "ofd_compose.copy_font" (a fault; the file cannot be used).
Result<std::string> drawn_marks(const std::vector<PageSize>& sizes, const CopyQuestion& copy,
                                const std::string& font);

}  // namespace certbridge::ofd_compose
