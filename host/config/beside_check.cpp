#include "config/checks.h"

namespace certbridge::host {
namespace {

// The first step that enters something into the register, or withdraws; null when there is none.
const Step* changing_step(const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    if (step.kind == StepKind::kLife || step.kind == StepKind::kWithdraw) return &step;
    for (const Branch& branch : step.branches) {
      if (const Step* inner = changing_step(branch.steps)) return inner;
    }
  }
  return nullptr;
}

}  // namespace

void check_beside(const RouteConfig& route, ConfigurationErrors& errors) {
  if (!route.beside) return;
  if (!route.supersedes.empty() || !route.incomplete_while.empty()) {
    errors.push_back(error_at(route.place, "route",
                              "`supersedes` and `incomplete-while` look at order keys that "
                              "messages of a route beside others do not have",
                              "take them away"));
  }
  if (const Step* step = changing_step(route.steps)) {
    errors.push_back(error_at(step->place, step->kind == StepKind::kLife ? "life" : "withdraw",
                              "a route beside others tells of an event, and changes no "
                              "certificate by it",
                              "put it into the route that takes the event itself"));
  }
}

}  // namespace certbridge::host
