// Annotated copies (加注件) of PDF files and pictures, as PDF.
#pragma once

#include <string>

#include "certbridge/query.h"
#include "certbridge/result.h"

namespace certbridge::ofd_compose {

struct PdfCopy {
  CopyQuestion question{};
  std::string maker{};  // JZJZZZ; empty: the using unit
  std::string font{};   // font file of the watermark, a subset of which is embedded
};

// The pages of `file` (PDF, JPEG or PNG) as they look, each under the watermark and the note; a
// picture becomes one page of A4. Only what is painted is taken over: no action, script, form,
// attachment, link or metadata of the original. Equal arguments give equal bytes.
// It is meant for a process of its own (main.cpp): a file made by somebody hostile may take all the
// time and memory there is. Codes: "ofd_compose.no_copy" (another kind of file),
// "ofd_compose.pdf_encrypted", "ofd_compose.pdf_damaged", "ofd_compose.pdf_form" (its fields are
// not painted yet), "ofd_compose.pdf_layers" (what is shown depends on the viewer),
// "ofd_compose.picture", "ofd_compose.copy_limits" (above 200 pages, or too much in them), all
// permanent, and "ofd_compose.copy_font", a fault.
Result<std::string> annotated_as_pdf(const std::string& file, const PdfCopy& copy);

}  // namespace certbridge::ofd_compose
