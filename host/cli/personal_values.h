// Values that say who a person is, given where no list of processes and no history shows them.
#pragma once

#include <istream>

#include "operate/operation.h"

namespace certbridge::host {

// In place of `-` the next line of `input`, in the order in which the operation names its
// parameters; in place of `@FILE` the first line of that file. Only of parameters that are
// personal. "operate.parameter" names what cannot be read, and never a value.
Result<void> read_personal_values(const Operation& operation, std::istream& input,
                                  ParameterValues& values);

}  // namespace certbridge::host
