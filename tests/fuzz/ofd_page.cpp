// One file of an OFD document that anyone made: the input takes the place of a page, of the
// resources or of the document itself, and the whole is drawn. (Changed bytes of a package seldom
// pass its checksums.)
#include "certbridge/text.h"
#include "certbridge_ofd/overlay.h"
#include "certbridge_ofd/render.h"
#include "certbridge_ofd/structure.h"
#include "faces.h"
#include "fuzz.h"
#include "samples.h"

namespace certbridge::fuzz {
namespace {

const ofd::Package& document() {
  static const ofd::Package made = ofd_compose::composed(ofd_compose::sample_title(), {}, {});
  return made;
}

std::string root_of(const std::string& xml) {
  const auto start = xml.find('<', xml.find("?>"));
  return start == std::string::npos ? xml
                                    : xml.substr(start, xml.find_first_of(" >", start) - start);
}

// The file whose root element the input looks like.
std::string place_of(std::string_view input) {
  for (const ofd::Entry& entry : document().entries) {
    if (entry.name.ends_with(".xml") &&
        input.substr(0, 80).find(root_of(entry.bytes)) != std::string_view::npos)
      return entry.name;
  }
  return "Doc_0/Document.xml";
}

// Whatever the page is, with something drawn above it, it holds together or is refused.
void check_overlaid(const ofd::Package& package, std::string_view input) {
  ofd::Overlay overlay;
  overlay.id = std::string(32, '0');
  overlay.font = "宋体";
  overlay.custom_data = {{"JZJZZSY", "cause"}};
  overlay.draw = [](ofd::Canvas& canvas, int font) {
    canvas.text({{0, 0, canvas.width(), 5'000}, font, 5'000, {}, 255, "copy", 0, 4'000, {}, 0});
  };
  const auto made = ofd::overlaid(package, overlay);
  if (!made) return require_refusal(made.error(), input);
  const auto files = ofd::reachable_files(made.value());
  require(files && files.value().size() == made.value().entries.size(), "no file is left over");
  require(ofd::read_seal_places(made.value()).value().empty(), "no seal is left");
}

}  // namespace

std::vector<std::string> samples() {
  std::vector<std::string> files;
  for (const ofd::Entry& entry : document().entries) {
    if (entry.name.ends_with(".xml")) files.push_back(entry.bytes);
  }
  return files;
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  ofd::Package package = document();
  package.put(place_of(input), std::string(input));
  if (auto files = ofd::reachable_files(package); !files) require_refusal(files.error(), input);
  check_overlaid(package, input);
  const auto picture = ofd::render_document(package, {{"1", "10 10 40 40", "\x89PNG\r\n\x1a\n"}});
  if (!picture) {
    require_refusal(picture.error(), input);
    return 0;
  }
  require(check_text(picture.value()).ok(), "a picture is proper text");
  require(picture.value().find("<script") == std::string::npos, "a picture runs nothing");
  return 0;
}
