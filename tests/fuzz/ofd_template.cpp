// Templates of certificates (plugins/ofd_compose): one that is taken can be composed with.
#include "certbridge_ofd/package.h"
#include "compose.h"
#include "fuzz.h"
#include "samples.h"

namespace certbridge::fuzz {

std::vector<std::string> samples() { return {}; }

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  static const Certificate title = ofd_compose::sample_title();
  const std::string_view input = text_of(data, size);
  const auto layout = ofd_compose::parse_template(input, "template.xml");
  if (!layout) {
    require_refused_file(layout.error());
    return 0;
  }
  const auto made = ofd_compose::compose(layout.value(), title, "<record/>", {}, {});
  if (!made) {
    require_refused_file(made.error());
    return 0;
  }
  require(ofd::read_package(made.value().file, {}).ok(), "what was composed is a package");
  return 0;
}
