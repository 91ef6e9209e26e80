// The files of the SQL adapter: named queries, statements, the outbox table.
#include "declarations.h"

#include "fuzz.h"

namespace certbridge::fuzz {

std::vector<std::string> samples() { return {}; }

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  if (auto queries = sql::parse_queries(input, "queries.xml"); !queries)
    require_refused_file(queries.error());
  if (auto statements = sql::parse_statements(input, "results.xml"); !statements)
    require_refused_file(statements.error());
  if (auto outbox = sql::parse_outbox(input, "outbox.xml"); !outbox)
    require_refused_file(outbox.error());
  return 0;
}
