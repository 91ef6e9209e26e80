// What the parts of the engine share. All references outlive the engine.
#pragma once

#include <atomic>
#include <cstdint>

#include "certbridge/context.h"
#include "certbridge/issuer.h"
#include "config/model.h"
#include "engine/memory_stage.h"
#include "journal/store.h"
#include "observe/metrics.h"
#include "plugins/endpoints.h"

namespace certbridge::host {

class TypeCatalogue;
class TypeLanes;

struct EngineServices {
  const Configuration& configuration;
  Store& store;
  EndpointSet& endpoints;
  MemoryStage& memory;
  const Clock& clock;
  MetricsRegistry& metrics;
  Logger& logger;
  // Moves on with each change of a delivery's state and with each verdict: what was learned from a
  // counterpart before may not be so any more. Null: nobody looks.
  std::atomic<std::uint64_t>* deliveries = nullptr;
  // Null where the configuration has no catalogue: no type has versions.
  const TypeCatalogue* types = nullptr;
  TypeLanes* type_lanes = nullptr;  // null: no type's lane is ever held
};

// Null when the configuration has no endpoint of that name.
const EndpointConfig* find_endpoint(const Configuration& configuration, const std::string& name);

}  // namespace certbridge::host
