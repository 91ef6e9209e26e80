#include "reports/csv.h"
#include "reports/usage_files.h"

namespace certbridge::host {

std::string write_usage_csv(const UsageReport& report) {
  std::string text = csv_line(
      {"period", "issuer", "unit", "type", "purpose", "source", "kind", "result", "count"});
  for (const auto& [key, count] : report.rows) {
    text += csv_line({key.period, key.issuer, key.unit, key.type, key.purpose, key.source, key.kind,
                      key.result, std::to_string(count)});
  }
  return text;
}

}  // namespace certbridge::host
