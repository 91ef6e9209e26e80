// Dialect files of municipal libraries (plugins/municipal_library).
#include "dialect.h"

#include "fuzz.h"

namespace certbridge::fuzz {

std::vector<std::string> samples() { return {}; }

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  const auto dialect = municipal_library::parse_dialect(input, "dialect.xml");
  if (!dialect) {
    require_refused_file(dialect.error());
    return 0;
  }
  require(!dialect.value().issue.empty() || dialect.value().index.is_given(),
          "a dialect can collect, or tell an index");
  dialect.value().class_of("save", "0000");
  return 0;
}
