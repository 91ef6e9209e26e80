#include "config/upward_reader.h"

#include <algorithm>
#include <set>

#include "config/document.h"

namespace certbridge::host {
namespace {

class LineChecker {
 public:
  LineChecker(const Configuration& configuration, ConfigurationErrors& errors)
      : configuration_(configuration), errors_(errors) {}

  void check() {
    std::set<std::string> names;
    for (const UpwardLine& line : configuration_.upward) {
      if (!names.insert(line.name).second) refuse(line, "the line stands twice", "keep one");
      check_parts(line);
      check_named(line, line.endpoint);
      check_named(line, line.books);
      check_named(line, line.of);
    }
    check_told_once();
  }

 private:
  void refuse(const UpwardLine& line, const std::string& reason, const std::string& hint) {
    errors_.push_back(error_at(line.place, "line", "`" + line.name + "`: " + reason, hint));
  }
  void check_named(const UpwardLine& line, const std::string& name) {
    if (name.empty() || endpoint_named(configuration_, name) != nullptr) return;
    refuse(line, "unknown endpoint `" + name + "`",
           did_you_mean(name, endpoint_names(configuration_)));
  }
  void check_parts(const UpwardLine& line) {
    const bool city = line.name == kCityForwards;
    if (city && (line.of.empty() || line.books.empty() || !line.endpoint.empty())) {
      refuse(
          line, "where the city forwards, nothing is sent from here: it has no `endpoint`",
          "give `of`, the library that forwards, and `books`, which tells what the province shows");
    }
    if (!city && (line.endpoint.empty() || !line.of.empty())) {
      refuse(line, "it needs an `endpoint` on which the province is told, and no `of`", {});
    }
    if (line.on && !line.books.empty() && !configuration_.reconcile.given) {
      refuse(line, "`books` are compared, and the configuration does not say when",
             "give <reconcile>");
    }
  }
  void check_told_once() {
    const auto on = [&](const char* name) -> const UpwardLine* {
      for (const UpwardLine& line : configuration_.upward) {
        if (line.name == name && line.on) return &line;
      }
      return nullptr;
    };
    if (on(kCityForwards) == nullptr || on(kECertificateLine) == nullptr) return;
    refuse(*on(kECertificateLine),
           "the city forwards already: the province would be told of each certificate twice",
           "switch one of the two off; where the city forwards, ours only compares");
  }

  const Configuration& configuration_;
  ConfigurationErrors& errors_;
};

// What is left out because its line is off.
class Leaving {
 public:
  explicit Leaving(Configuration& configuration) : configuration_(configuration) {}

  void leave_out() {
    std::set<std::string> kept;
    for (const UpwardLine& line : configuration_.upward) {
      for (const std::string& name : {line.endpoint, line.books})
        (line.on ? kept : off_).insert(name);
    }
    off_.erase("");
    for (const std::string& name : kept) off_.erase(name);
    std::erase_if(configuration_.routes, [this](RouteConfig& route) { return leaves(route); });
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
    std::set<std::string> lent;
    auto& endpoints = configuration_.endpoints;
    for (const EndpointConfig& endpoint : endpoints) {
      if (!off_.contains(endpoint.name)) continue;
      for (const LentEndpoint& one : endpoint.lent) lent.insert(one.endpoint);
    }
    std::erase_if(endpoints, [this](const EndpointConfig& one) { return off_.contains(one.name); });
    for (const EndpointConfig& endpoint : endpoints) {
      for (const LentEndpoint& one : endpoint.lent) lent.erase(one.endpoint);
    }
    lent.erase(configuration_.reconcile.registration);
    for (const auto& one : configuration_.reconcile.counterparts) lent.erase(one.books);
    for (const RouteConfig& route : configuration_.routes) {
      for (const std::string& name : route.from) lent.erase(name);
      keep_used(route.steps, lent);
    }
    std::erase_if(endpoints, [&](const EndpointConfig& one) { return lent.contains(one.name); });
  }
  static void keep_used(const std::vector<Step>& steps, std::set<std::string>& lent) {
    for (const Step& step : steps) {
      lent.erase(step.endpoint);
      for (const Branch& branch : step.branches) keep_used(branch.steps, lent);
    }
  }

  Configuration& configuration_;
  std::set<std::string> off_{};   // endpoints
  std::set<std::string> gone_{};  // deliveries of one route
};

}  // namespace

std::vector<UpwardLine> read_upward(const XmlElement& element, const std::string& file) {
  std::vector<UpwardLine> lines;
  for (const XmlElement* one : element.children_named("line")) {
    lines.push_back({one->attribute_or_empty("name"), one->attribute_or_empty("on") == "yes",
                     one->attribute_or_empty("endpoint"), one->attribute_or_empty("books"),
                     one->attribute_or_empty("of"), place_of(file, *one)});
  }
  return lines;
}

void apply_upward(Configuration& configuration, ConfigurationErrors& errors) {
  if (configuration.upward.empty()) return;
  const std::size_t before = errors.size();
  LineChecker(configuration, errors).check();
  if (errors.size() > before) return;
  for (const UpwardLine& line : configuration.upward) {
    if (!line.on || line.books.empty()) continue;
    const bool city = line.name == kCityForwards;
    ReconcileCounterpart counterpart{line.books, city ? line.of : line.endpoint, {}};
    counterpart.name = city ? line.name : line.endpoint;
    counterpart.only_compared = city;
    counterpart.newest_only = line.name != kSectorLine;
    configuration.reconcile.counterparts.push_back(std::move(counterpart));
  }
  Leaving(configuration).leave_out();
}

}  // namespace certbridge::host
