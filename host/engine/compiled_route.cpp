#include "engine/compiled_route.h"

#include <fstream>
#include <sstream>

namespace certbridge::host {
namespace {

Error at(const Place& place, const Error& error) {
  Error placed = error;
  placed.message = place.file + ":" + std::to_string(place.line) + ":" +
                   std::to_string(place.column) + ": " + error.message;
  return placed;
}

Result<std::shared_ptr<const ValidationRules>> read_rules(const Step& step) {
  std::ifstream file(step.rules_file, std::ios::binary);
  if (!file) {
    return at(step.place, Error::fault("config.file", "cannot read " + step.rules_file));
  }
  std::ostringstream bytes;
  bytes << file.rdbuf();
  auto rules = ValidationRules::parse(bytes.str(), step.rules_file);
  if (!rules) return rules.error();
  return std::shared_ptr<const ValidationRules>(
      std::make_shared<ValidationRules>(std::move(rules).value()));
}

Result<std::vector<CompiledStep>> compile_steps(const std::vector<Step>& steps);

Result<CompiledStep> compile_step(const Step& step) {
  CompiledStep compiled;
  compiled.step = &step;
  auto when = parse_condition(step.when);
  if (!when) return at(step.when.place, when.error());
  compiled.when = std::move(when).value();
  for (const Branch& branch : step.branches) {
    CompiledBranch way;
    auto condition = parse_condition(branch.when);
    if (!condition) return at(branch.when.place, condition.error());
    way.when = std::move(condition).value();
    auto inner = compile_steps(branch.steps);
    if (!inner) return inner.error();
    way.steps = std::move(inner).value();
    compiled.branches.push_back(std::move(way));
  }
  if (step.kind == StepKind::kValidate) {
    auto rules = read_rules(step);
    if (!rules) return rules.error();
    compiled.rules = std::move(rules).value();
  }
  return compiled;
}

Result<std::vector<CompiledStep>> compile_steps(const std::vector<Step>& steps) {
  std::vector<CompiledStep> compiled;
  for (const Step& step : steps) {
    auto one = compile_step(step);
    if (!one) return one.error();
    compiled.push_back(std::move(one).value());
  }
  return compiled;
}

}  // namespace

Result<std::vector<CompiledRoute>> compile_routes(const Configuration& configuration) {
  std::vector<CompiledRoute> routes;
  for (const RouteConfig& config : configuration.routes) {
    CompiledRoute route;
    route.config = &config;
    auto when = parse_condition(config.when);
    if (!when) return at(config.when.place, when.error());
    route.when = std::move(when).value();
    auto steps = compile_steps(config.steps);
    if (!steps) return steps.error();
    route.steps = std::move(steps).value();
    routes.push_back(std::move(route));
  }
  return routes;
}

}  // namespace certbridge::host
