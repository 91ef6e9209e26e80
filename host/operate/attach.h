// Lets people operate a running host.
#pragma once

#include "engine/run.h"

namespace certbridge::host {

class Objections;

// For RunSettings::attach: opens the fronts, starts the replays and keeps the search
// index behind the journal. `objections` outlives the companion; null: there are none.
Result<std::unique_ptr<Companion>> attach_operations(
    const EngineServices& services,
    const std::function<Result<std::string>(const std::string& name)>& secret,
    Objections* objections);

}  // namespace certbridge::host
