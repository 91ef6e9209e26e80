// Pictures as objects of a PDF.
#pragma once

#include <qpdf/QPDF.hh>
#include <string>

#include "certbridge/result.h"

namespace certbridge::ofd_compose {

// Makes of `pdf`, which is empty, a document of one page of A4 with the picture in its middle, as
// large as it fits. A JPEG is taken over as it is compressed, less its comments and application
// data; of a PNG only the pixels are, on white. Codes: "ofd_compose.picture" (not whole),
// "ofd_compose.copy_limits" (above 60 million pixels).
Result<void> put_picture(QPDF& pdf, const std::string& picture);

bool is_picture(std::string_view file);

}  // namespace certbridge::ofd_compose
