// The strict verifier: is this OFD file sealed, whole, and by whom?
#pragma once

#include <string_view>

#include "package.h"
#include "report.h"
#include "trust_checks.h"

namespace certbridge::seal_service {

// Every signature of the file must pass every check; the report stops at the first failure. `seals`
// is shared between calls and threads.
Report verify_file(std::string_view file, TrustedSeals& seals, Timestamp now);
Report verify_package(const Package& package, TrustedSeals& seals, Timestamp now);

}  // namespace certbridge::seal_service
