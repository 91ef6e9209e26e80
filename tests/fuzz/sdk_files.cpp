// Small XML files that the SDK reads: records of tables, issuers, validation rules.
#include "certbridge/issuer.h"
#include "certbridge/record.h"
#include "certbridge/validation.h"
#include "fuzz.h"

namespace certbridge::fuzz {

std::vector<std::string> samples() {
  Record row;
  row.set("xm", personal().front());
  row.set("zjh", std::nullopt);
  return {write_records({RecordSet{"mw_case_party", {row, row}}, RecordSet{"empty", {}}})};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  const auto records = parse_records(input);
  if (records) {
    const std::string written = write_records(records.value());
    const auto again = parse_records(written);
    require(again.ok() && write_records(again.value()) == written, "what was written is the same");
  } else {
    require_refusal(records.error(), input);
  }
  if (auto issuers = parse_issuers(input, "issuers.xml"); !issuers)
    require_refused_file(issuers.error());
  if (auto rules = ValidationRules::parse(input, "rules.xml"); !rules)
    require_refused_file(rules.error());
  return 0;
}
