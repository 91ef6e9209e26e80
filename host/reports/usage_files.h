// Usage reports as files: JSON that can be read again and checked, and CSV for spreadsheets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/usage.h"

namespace certbridge::host {

inline constexpr std::size_t kLargestUsageFile = 64UL << 20;  // bytes

// Equal reports, equal bytes.
std::string write_usage_json(const UsageReport& report);
// Strict: "report.form" for what is no such report, has a member that is not known, or is larger
// than kLargestUsageFile or kMostUsageRows.
Result<UsageReport> read_usage_json(std::string_view json);

// RFC 4180 with a header line, UTF-8. What a spreadsheet would take for a formula is a text there.
std::string write_usage_csv(const UsageReport& report);

// What of a report does not add up, as sentences; nothing when all of it does.
std::vector<std::string> wrong_sums(const UsageReport& report);
// Where the report that is told differs from one that was counted from the records again, as
// sentences, at most 20. Uses that libraries logged are not compared.
std::vector<std::string> differences(const UsageReport& told, const UsageReport& counted);

}  // namespace certbridge::host
