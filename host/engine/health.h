// What /health/live, /health/ready and /metrics answer.
#pragma once

#include "journal/store.h"
#include "observe/http_front.h"
#include "observe/metrics.h"
#include "plugins/endpoints.h"

namespace certbridge::host {

// Ready when the journal answers and no endpoint is down; the body lists every endpoint either way.
FrontAnswer ready_answer(const EndpointSet& endpoints, Store& store);
// Copies the journal's figures into gauges and answers the registry.
FrontAnswer metrics_answer(const EndpointSet& endpoints, Store& store, MetricsRegistry& metrics);

}  // namespace certbridge::host
