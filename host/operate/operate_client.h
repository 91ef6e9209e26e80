// The command line's end of the local socket.
#pragma once

#include <optional>

#include "operate/operation.h"

namespace certbridge::host {

// "operate.no_host" when nobody listens there, "operate.closed" when this user may not ask;
// otherwise the host's own answer or refusal.
Result<std::string> ask_host(const std::string& socket, const Operation& operation,
                             const ParameterValues& values);

}  // namespace certbridge::host
