// Runs the steps of a route on one accepted message and says what follows as one transition.
#pragma once

#include <stop_token>
#include <vector>

#include "engine/compiled_route.h"
#include "engine/engine_services.h"

namespace certbridge::host {

// Any number of threads may run different messages at once.
class StepRunner {
 public:
  StepRunner(EngineServices services, const std::vector<CompiledRoute>& routes)
      : services_(services), routes_(routes) {}

  // The transition that this run leads to: routed with children and deliveries, incomplete with a
  // time to try again, parked, superseded, withdrawn or done. Never fails: a failure is a state.
  Transition run(const StoredMessage& accepted, std::stop_token stop);

 private:
  EngineServices services_;
  const std::vector<CompiledRoute>& routes_;
};

// Sets the message aside with this reason.
Transition parked_for(const StoredMessage& accepted, const Error& error, Timestamp now);

}  // namespace certbridge::host
