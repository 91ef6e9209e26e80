// Lets other systems ask a running host.
#pragma once

#include "engine/run.h"

namespace certbridge::host {

class Objections;

// What companions that are attached behind this one may use, as long as they live.
struct LentByQueries {
  Objections* objections = nullptr;  // null without <access>
};

// For RunSettings::attach: opens the access records that the configuration names, and, where it has
// <queries>, the front for them. Nothing to do without <access>: then the companion is null. Access
// records that cannot be opened are no error: queries are refused until they can be.
Result<std::unique_ptr<Companion>> attach_queries(
    const EngineServices& services,
    const std::function<Result<std::string>(const std::string& name)>& secret, LentByQueries& lent);

}  // namespace certbridge::host
