// What operations staff write for the catalogue of used types.
#include "catalogue/used_type_reader.h"
#include "fuzz.h"

#include <algorithm>

namespace certbridge::fuzz {

std::vector<std::string> samples() { return {}; }

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::host;
  using namespace certbridge::fuzz;
  ConfigurationErrors errors;
  const auto type = read_used_type(text_of(data, size), "type.xml", errors);
  require(type.has_value() == errors.empty(), "what is refused has a reason");
  for (const ConfigurationError& error : errors) {
    require(!error.reason.empty(), "an error has a reason");
    require_proper(to_text(error));
  }
  if (!type) return 0;
  for (const std::string& name : type->disclosed) {
    const auto& common = common_fields();
    const bool known = type->field(name) != nullptr ||
                       std::find(common.begin(), common.end(), name) != common.end();
    require(known, "only fields that there are can be disclosed");
  }
  return 0;
}
