// A usage report that somebody gives to `certbridge report check`.
#include "fuzz.h"
#include "reports/usage_files.h"

namespace certbridge::fuzz {

std::vector<std::string> samples() {
  host::UsageReport report;
  report.node = "node-1";
  report.period = host::month_period("2026-11").value();
  report.made = report.period.until();
  report.rows[{"2026-11", "11411300MB1T000091", "12411300MB1234567G", "11100000000013127D001",
               "registration", host::kOwnUses, "query", "found"}] = 7;
  report.records = {{3, "ab"}, {9, "cd"}, 9, 7, {{"denied", 2}}};
  report.libraries.push_back({"library", "", 5, 4, 1, {}});
  host::UsageReport extract = report;
  extract.issuer = "11411300MB1T000091";
  return {host::write_usage_json(report), host::write_usage_json(extract)};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  const std::string_view input = fuzz::text_of(data, size);
  const auto read = host::read_usage_json(input);
  if (!read) {
    fuzz::require_refusal(read.error(), input);
    return 0;
  }
  const std::string written = host::write_usage_json(read.value());
  const auto again = host::read_usage_json(written);
  fuzz::require(again.ok() && host::write_usage_json(again.value()) == written,
                "what was written is the same");
  host::write_usage_csv(read.value());
  host::wrong_sums(read.value());
  return 0;
}
