// A usage report in the dialect of a library.
#pragma once

#include <string>

#include "config/loader.h"
#include "reports/usage.h"

namespace certbridge::host {

// One line for each thousand rows, as the library is told of them. `library` is a sink that a
// counterpart of <reconcile> speaks for; empty: the first. "report.library" when there is none; the
// codes of its plugin ("municipal.not_offered").
Result<std::string> usage_form(const LoadedConfiguration& loaded, const std::string& library,
                               const UsageReport& report);

}  // namespace certbridge::host
