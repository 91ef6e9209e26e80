// The lane of a message at the moment when it is handed over: that of the route which will take it.
#pragma once

#include <functional>
#include <vector>

#include "engine/compiled_route.h"
#include "journal/lane.h"

namespace certbridge::host {

// Copies what it needs of `routes`; live for what no route takes. Any thread may call the result.
std::function<Lane(const std::string& source, const Message& message)> lane_chooser(
    const std::vector<CompiledRoute>& routes);

}  // namespace certbridge::host
