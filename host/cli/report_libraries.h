// Asks the running host for what libraries logged of uses.
#pragma once

#include "cli/arguments.h"
#include "config/model.h"
#include "reports/usage.h"

namespace certbridge::host {

// Adds the uses of each day of the period up to `report.made`, of every library whose books are
// compared (<reconcile>). What could not be had is said in the report and does not stop it.
// "report.too_many".
Result<void> add_libraries(const Configuration& configuration, const std::string& socket,
                           UsageReport& report);

}  // namespace certbridge::host
