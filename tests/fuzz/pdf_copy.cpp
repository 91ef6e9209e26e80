// PDF files and pictures made by anyone, of which a copy is made (plugins/ofd_compose/pdf): what
// comes out can be read again and has nothing that acts; else the refusal is clear.
#include "fuzz.h"
#include "pdf/annotated.h"
#include "pdf_samples.h"

namespace certbridge::fuzz {
namespace {

ofd_compose::PdfCopy fuzz_copy() {
  ofd_compose::PdfCopy copy;
  copy.question = {"unit", "cause", Timestamp{}, Timestamp{} + std::chrono::hours(1)};
  copy.font = "/usr/share/fonts/truetype/hanazono/HanaMinA.ttf";
  return copy;
}

}  // namespace

std::vector<std::string> samples() {
  return {ofd_compose::sample_pdf(1), ofd_compose::active_pdf(), ofd_compose::turned_pdf(),
          ofd_compose::sample_png(), ofd_compose::sample_jpeg()};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  const auto copy = ofd_compose::annotated_as_pdf(std::string(input), fuzz_copy());
  if (!copy) {
    require_refusal(copy.error(), input);
    return 0;
  }
  const std::string plain = ofd_compose::unpacked(copy.value());
  for (const char* words : {"/JavaScript", "/OpenAction", "/EmbeddedFile", "/Launch", "/Annots"}) {
    require(plain.find(words) == std::string::npos, "nothing that acts is taken over");
  }
  return 0;
}
