// Lets people operate a running host.
#pragma once

#include "access/policy/operator_access.h"
#include "engine/run.h"

namespace certbridge::host {

// For RunSettings::attach: opens the fronts, starts the replays and keeps the search
// index behind the journal. What `access` lends has to outlive the companion.
Result<std::unique_ptr<Companion>> attach_operations(
    const EngineServices& services,
    const std::function<Result<std::string>(const std::string& name)>& secret,
    const AccessOfHost& access);

}  // namespace certbridge::host
