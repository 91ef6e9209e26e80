// Lets other systems ask a running host.
#pragma once

#include "access/policy/operator_access.h"
#include "engine/run.h"

namespace certbridge::host {

// For RunSettings::attach: opens the access records that the configuration names, and, where it has
// <queries>, the front for them. Nothing to do without <access>: then the companion is null. Access
// records that cannot be opened are no error: queries are refused until they can be. `access` has
// what the companion lends to people at the host.
Result<std::unique_ptr<Companion>> attach_queries(
    const EngineServices& services,
    const std::function<Result<std::string>(const std::string& name)>& secret,
    AccessOfHost& access);

}  // namespace certbridge::host
