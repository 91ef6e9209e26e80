// Routes with their conditions parsed and their rule tables read, ready to run.
#pragma once

#include <memory>
#include <vector>

#include "certbridge/validation.h"
#include "config/model.h"
#include "routes/condition.h"

namespace certbridge::host {

struct CompiledStep;
struct CompiledBranch {
  std::shared_ptr<const Condition> when{};
  std::vector<CompiledStep> steps;  // not initialised here, where its type is not whole yet
};
// Conditions and rules are shared: a step is a copyable value over immutable parts.
struct CompiledStep {
  const Step* step = nullptr;  // lives in the Configuration
  std::shared_ptr<const Condition> when{};
  std::vector<CompiledBranch> branches{};
  std::shared_ptr<const ValidationRules> rules{};
};
struct CompiledRoute {
  const RouteConfig* config = nullptr;
  std::shared_ptr<const Condition> when{};
  std::vector<CompiledStep> steps{};
};

// `configuration` outlives the result.
Result<std::vector<CompiledRoute>> compile_routes(const Configuration& configuration);

}  // namespace certbridge::host
