// An event that comes through says anew what a parked one could not.
#pragma once

#include "engine/engine_services.h"

namespace certbridge::host {

// The parked events of the same route and source, earlier than `accepted`, that share its order key
// of the kind that the route names in `supersedes`: nobody needs to mend them any more. To be
// committed with the outcome of its steps.
Result<Transition> superseded_by(const EngineServices& services, const RouteConfig& route,
                                 const StoredMessage& accepted);

}  // namespace certbridge::host
