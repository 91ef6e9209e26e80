// What the report commands share: their period, and where a report goes.
#pragma once

#include <optional>
#include <string>

#include "cli/arguments.h"
#include "cli/screen.h"
#include "reports/report_period.h"

namespace certbridge::host {

// Of --month, or --from and --to. None, with the reason among the problems.
std::optional<ReportPeriod> report_period(const ParameterValues& values, Screen& problems);
// Empty when it was not given.
std::string value_in(const ParameterValues& values, std::string_view name);
// A whole number from 1 to 1,000,000, or `otherwise` when it was not given. None, with the reason
// among the problems.
std::optional<std::uint32_t> number_in(const ParameterValues& values, const char* name,
                                       std::uint32_t otherwise, Screen& problems);
// To the file of --output, which only its owner reads, or to the screen; the exit code.
int write_report(const Arguments& arguments, const std::string& text, Screen& out,
                 Screen& problems);

}  // namespace certbridge::host
