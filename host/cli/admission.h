// Leave to show what is personal: decided by the access policy, and recorded before it is shown.
#pragma once

#include <cstdint>
#include <optional>

#include "access/policy/operator_access.h"
#include "cli/arguments.h"
#include "cli/screen.h"

namespace certbridge::host {

// Asks the running host; where none runs, decides and records here, as the user of the operating
// system whom <operate> names. The reason of the command line is put behind that of the wish. None
// when it is allowed: then `record` is its record's number. Otherwise an exit code, with the reason
// among the problems: nothing may be shown.
std::optional<int> admit(const Arguments& arguments, OperatorWish wish, Screen& problems,
                         std::uint64_t& record);

}  // namespace certbridge::host
