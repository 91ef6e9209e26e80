// What the parts of the engine share. All references outlive the engine.
#pragma once

#include "certbridge/context.h"
#include "certbridge/issuer.h"
#include "config/model.h"
#include "engine/memory_stage.h"
#include "journal/store.h"
#include "observe/metrics.h"
#include "plugins/endpoints.h"

namespace certbridge::host {

struct EngineServices {
  const Configuration& configuration;
  Store& store;
  EndpointSet& endpoints;
  MemoryStage& memory;
  const Clock& clock;
  MetricsRegistry& metrics;
  Logger& logger;
};

// Null when the configuration has no endpoint of that name.
const EndpointConfig* find_endpoint(const Configuration& configuration, const std::string& name);

}  // namespace certbridge::host
