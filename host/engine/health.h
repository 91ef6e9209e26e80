// What /health/live, /health/ready and /metrics answer.
#pragma once

#include "engine/engine_services.h"
#include "observe/http_front.h"

namespace certbridge::host {

// Ready when the journal answers and no endpoint is down; the body lists every endpoint either way.
// Overdue, unmatched and parked verdicts and what waits above the limit are listed; they are work
// for a person and no reason not to be ready. Nor is a hold, which is somebody's decision (persons
// and reasons are not shown here), nor an endpoint that is paused: deliveries wait, and nothing is
// lost by it. Nor is a type whose lane is held, nor are books that differ, cases that never
// arrived, and access records that cannot be written (queries are refused then, and no push), which
// are told of as alarms.
FrontAnswer ready_answer(const EngineServices& services);
// Copies the journal's figures into gauges and answers the registry.
FrontAnswer metrics_answer(const EngineServices& services);

}  // namespace certbridge::host
