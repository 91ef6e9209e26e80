// Mapping files of registration systems (plugins/registration_system).
#include "fuzz.h"
#include "mapping.h"

namespace certbridge::fuzz {

std::vector<std::string> samples() { return {}; }

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  const auto mapping = registration::parse_mapping(input, "mapping.xml");
  if (!mapping) {
    require_refused_file(mapping.error());
    return 0;
  }
  require(mapping.value().set("certificates") != nullptr, "a mapping knows its certificates");
  mapping.value().action("SHANZHENG", "200", "", "4");
  mapping.value().sentence("registration.incomplete", "row 1");
  return 0;
}
