// OFD packages made by anyone (plugins/shared/ofd): what was read is written and read the same;
// what is rendered is text that a viewer can show.
#include "certbridge_ofd/package.h"

#include "certbridge/text.h"
#include "certbridge_ofd/render.h"
#include "certbridge_ofd/structure.h"
#include "compose.h"
#include "faces.h"
#include "fuzz.h"
#include "samples.h"

namespace certbridge::fuzz {
namespace {

void check_package(const ofd::Package& package, std::string_view input) {
  const std::string written = ofd::write_package(package);
  const auto again = ofd::read_package(written, {});
  require(again.ok() && again.value().entries.size() == package.entries.size(),
          "what was written can be read");
  for (const ofd::Entry& entry : package.entries) {
    const ofd::Entry* found = again.value().find(entry.name);
    require(found != nullptr && found->bytes == entry.bytes, "what was written is the same");
  }
  if (auto files = ofd::reachable_files(package); !files) require_refusal(files.error(), input);
  const auto places = ofd::read_seal_places(package);
  if (!places) require_refusal(places.error(), input);
  const auto picture = ofd::render_document(package, {});
  if (!picture) return require_refusal(picture.error(), input);
  require(check_text(picture.value()).ok(), "a picture is proper text");
  require(picture.value().find("<script") == std::string::npos, "a picture runs nothing");
}

}  // namespace

std::vector<std::string> samples() {
  const ofd::Package composed = ofd_compose::composed(ofd_compose::sample_title(), {}, {});
  ofd::Package small;
  for (const ofd::Entry& entry : composed.entries) {
    if (entry.name == "OFD.xml" || entry.name.ends_with("Document.xml"))
      small.put(entry.name, entry.bytes);
  }
  return {ofd::write_package(composed), ofd::write_package(small)};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  ofd::PackageLimits limits;
  limits.total_bytes = 8U << 20;
  const auto package = ofd::read_package(input, limits);
  if (package) {
    check_package(package.value(), input);
  } else {
    require_refusal(package.error(), input);
  }
  return 0;
}
