#include "config/upward_leaving.h"

#include <algorithm>
#include <set>

#include "config/named_endpoints.h"

namespace certbridge::host {
namespace {

class Leaving {
 public:
  explicit Leaving(Configuration& configuration) : configuration_(configuration) {}

  void leave_out() {
    std::set<std::string> kept;
    for (const UpwardLine& line : configuration_.upward) {
      std::set<std::string>& names = line.on ? kept : off_;
      names.insert({line.endpoint, line.books});
      names.insert(line.also.begin(), line.also.end());
    }
    off_.erase("");
    for (const std::string& name : kept) off_.erase(name);
    std::erase_if(configuration_.routes, [this](RouteConfig& route) {
      const std::set<std::string> names = endpoints_of(route);
      if (!leaves(route)) return false;
      served_.insert(names.begin(), names.end());
      return true;
    });
    leave_endpoints();
  }

 private:
  // Whether the whole route leaves, after its deliveries on lines that are off have.
  bool leaves(RouteConfig& route) {
    gone_.clear();
    const bool delivered = delivers(route.steps);
    for (std::size_t before = 1; before != 0;) {
      const std::size_t known = gone_.size();
      drop_from(route.steps);
      before = gone_.size() - known;
    }
    return delivered && !gone_.empty() && !delivers(route.steps);
  }
  static bool delivers(const std::vector<Step>& steps) {
    return std::any_of(steps.begin(), steps.end(), [](const Step& step) {
      return step.kind == StepKind::kDeliver ||
             std::any_of(step.branches.begin(), step.branches.end(),
                         [](const Branch& branch) { return delivers(branch.steps); });
    });
  }
  void drop_from(std::vector<Step>& steps) {
    std::erase_if(steps, [this](Step& step) { return drops(step); });
    for (Step& step : steps) {
      for (Branch& branch : step.branches) drop_from(branch.steps);
    }
  }
  bool drops(Step& step) {
    if (step.kind != StepKind::kDeliver) return false;
    const bool waits = !step.after.empty();
    std::erase_if(step.after, [this](const std::string& name) { return gone_.contains(name); });
    if (!off_.contains(step.endpoint) && (!waits || !step.after.empty())) return false;
    gone_.insert(step.name);
    return true;
  }

  void leave_endpoints() {
    std::erase_if(configuration_.catalogue.registered,
                  [this](const RegisteredAt& one) { return off_.contains(one.deliveries); });
    auto& endpoints = configuration_.endpoints;
    for (std::size_t before = 0; before != endpoints.size();) {
      before = endpoints.size();
      const std::set<std::string> named = named_endpoints(configuration_);
      std::erase_if(endpoints, [&](const EndpointConfig& one) {
        if (!off_.contains(one.name) && (!served_.contains(one.name) || named.contains(one.name)))
          return false;
        for (const LentEndpoint& lent : one.lent) served_.insert(lent.endpoint);
        return true;
      });
    }
  }

  Configuration& configuration_;
  std::set<std::string> off_{};   // endpoints
  std::set<std::string> gone_{};  // deliveries of one route
  // Endpoints of what is left out: they stay where something else names them.
  std::set<std::string> served_{};
};

}  // namespace

void leave_out_lines(Configuration& configuration) { Leaving(configuration).leave_out(); }

}  // namespace certbridge::host
