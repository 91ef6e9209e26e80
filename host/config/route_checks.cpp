#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "config/checks.h"
#include "config/document.h"
#include "routes/condition.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLargestRules = 256UL * 1024;
constexpr const char* kRegister = "register";  // kRegisterSource of journal/store.h

// What the host hands to itself: the packages of closed cases only where it makes any.
bool is_host_source(const std::string& name, const Configuration& configuration) {
  return name == kRegister || (name == kArchiveSource && configuration.archive.given) ||
         (name == kCatalogueSource && configuration.catalogue.given);
}

std::string file_name(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

const char* element_of(StepKind kind) {
  switch (kind) {
    case StepKind::kFilter:
      return "filter";
    case StepKind::kChoose:
      return "choose";
    case StepKind::kValidate:
      return "validate";
    case StepKind::kProcess:
      return "process";
    case StepKind::kCall:
      return "call";
    case StepKind::kDeliver:
      return "deliver";
    case StepKind::kReview:
      return "review";
    case StepKind::kWithdraw:
      return "withdraw";
    case StepKind::kLife:
      return "life";
    case StepKind::kTypeVersion:
      return "type-version";
  }
  return "";
}

// Which branch of which <choose> a delivery stands in, from the outside in.
using Path = std::vector<std::pair<const Step*, std::size_t>>;
struct PlacedDelivery {
  const Step* step = nullptr;
  Path path{};
};

bool may_meet(const Path& left, const Path& right) {
  for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) {
    if (left[i].first != right[i].first) return true;
    if (left[i].second != right[i].second) return false;
  }
  return true;
}

class RouteChecker {
 public:
  RouteChecker(RouteConfig& route, const Configuration& configuration, const Catalogue& catalogue,
               ConfigurationErrors& errors)
      : route_(route), configuration_(configuration), catalogue_(catalogue), errors_(errors) {}

  void check() {
    check_from();
    if (!route_.report_refusal.empty()) {
      check_endpoint(route_.place, "route", route_.report_refusal, ComponentAs::kSink);
    }
    check_condition(route_.when, "from");
    Path path;
    check_steps(route_.steps, path);
    check_after();
    check_collected();
  }

 private:
  void refuse(const Place& place, const char* element, const std::string& reason,
              const std::string& suggestion = {}) {
    errors_.push_back(error_at(place, element, reason, suggestion));
  }

  void check_from() {
    std::set<std::string> given;
    for (const std::string& name : route_.from) {
      if (!is_host_source(name, configuration_)) {
        check_endpoint(route_.when.place, "from", name, ComponentAs::kSource);
      }
      if (given.insert(name).second) continue;
      refuse(route_.when.place, "from", "the endpoint `" + name + "` is named twice");
    }
  }

  const KindManifest* check_endpoint(const Place& place, const char* element,
                                     const std::string& name, ComponentAs as) {
    const EndpointConfig* endpoint = endpoint_named(configuration_, name);
    if (endpoint == nullptr) {
      refuse(place, element, "unknown endpoint `" + name + "`",
             did_you_mean(name, endpoint_names(configuration_)));
      return nullptr;
    }
    const KindManifest* kind = kind_of(*endpoint, catalogue_);
    if (kind == nullptr || kind->as == as) return kind;
    refuse(place, element,
           "a " + to_text(as) + " is needed here, but `" + name + "` is a " + to_text(kind->as));
    return nullptr;
  }

  void check_condition(const ConditionText& condition, const char* element) {
    if (condition.text.empty()) return;
    const auto parsed = parse_condition(condition);
    if (!parsed) refuse(condition.place, element, parsed.error().message);
  }

  void check_steps(std::vector<Step>& steps, Path& path) {
    for (Step& step : steps) {
      const char* element = element_of(step.kind);
      if (!names_.insert(step.name).second) {
        refuse(step.place, element, "the name `" + step.name + "` is taken by an earlier step",
               "give this one a name of its own with name=\"...\"");
      }
      check_step(step, element, path);
    }
  }

  void check_step(Step& step, const char* element, Path& path) {
    switch (step.kind) {
      case StepKind::kFilter:
        return check_condition(step.when, element);
      case StepKind::kChoose:
        return check_choose(step, path);
      case StepKind::kValidate:
        return check_rules(step);
      case StepKind::kProcess:
        return check_process(step, element);
      case StepKind::kCall:
        check_endpoint(step.place, element, step.endpoint, ComponentAs::kResponder);
        return;
      case StepKind::kDeliver:
        check_endpoint(step.place, element, step.endpoint, ComponentAs::kSink);
        check_retry(step);
        deliveries_[step.name] = {&step, path};
        return;
      case StepKind::kReview:
        check_review(step);
        return check_condition(step.when, element);
      case StepKind::kWithdraw:
        return;
      case StepKind::kLife:
        return check_life(step, path);
      case StepKind::kTypeVersion:
        return check_type_version(step);
    }
  }

  void check_type_version(const Step& step) {
    if (configuration_.catalogue.given) return;
    refuse(step.place, "type-version", "the configuration has no catalogue of certificate types",
           "add <catalogue types=\"catalogue/own\" templates=\"templates\"/> to " +
               file_name(configuration_.file));
  }

  void check_life(const Step& step, const Path& path) {
    if (!configuration_.life.given) {
      refuse(step.place, "life", "the configuration says nothing of what suspends a certificate",
             "add <life file=\"life.xml\"/> to " + file_name(configuration_.file));
    }
    if (!step.collected_by.empty()) collecting_.push_back({&step, path});
  }

  // What the register hands to itself once a certificate is collected needs a way.
  void check_collected() {
    for (const PlacedDelivery& life : collecting_) {
      check_earlier(life.step->collected_by, life, life.step->collected_by, "life",
                    "collected-by: ");
      const auto& routes = configuration_.routes;
      const bool taken = std::any_of(routes.begin(), routes.end(), [](const RouteConfig& route) {
        return std::find(route.from.begin(), route.from.end(), kRegister) != route.from.end();
      });
      if (taken) continue;
      refuse(life.step->place, "life", "no route takes what follows once it is collected",
             "add a route with <from endpoint=\"register\"/>");
    }
  }

  void check_choose(Step& step, Path& path) {
    std::set<std::pair<ConditionScope, std::string>> tests;
    for (std::size_t i = 0; i < step.branches.size(); ++i) {
      Branch& branch = step.branches[i];
      check_condition(branch.when, "when");
      if (!tests.emplace(branch.when.scope, branch.when.text).second) {
        refuse(branch.when.place, "when",
               "its steps are never reached: an earlier branch has the same test");
      }
      path.emplace_back(&step, i);
      check_steps(branch.steps, path);
      path.pop_back();
    }
  }

  void check_rules(const Step& step) {
    const std::string name = std::filesystem::path(step.rules_file).filename().string();
    const Result<std::string> bytes = read_file(step.rules_file, kLargestRules);
    if (!bytes) {
      return refuse(step.place, "validate",
                    "the table of rules `" + name + "`: " + bytes.error().message);
    }
    check_rules_table(bytes.value(), step.rules_file, errors_);
  }

  // What is reviewed must not be sealed yet, and is prepared by a step.
  void check_review(const Step& step) {
    if (!effect_before_.empty()) {
      refuse(step.place, "review",
             "`" + effect_before_ +
                 "` before it has sealed or judged already: a person would be asked too late",
             "put the <review> before that step");
    }
    if (!prepared_) {
      refuse(step.place, "review", "no <process> before it prepares anything to be reviewed");
    }
  }

  void check_process(Step& step, const char* element) {
    const KindManifest* kind =
        check_endpoint(step.place, element, step.endpoint, ComponentAs::kProcessor);
    if (kind == nullptr) return;
    step.outside_effect = kind->outside_effect;
    step.gives_verdict = kind->gives_verdict;
    prepared_ = true;
    if (kind->outside_effect || kind->gives_verdict) effect_before_ = step.name;
  }

  void check_retry(const Step& step) {
    if (!step.retry || step.retry->first <= step.retry->most) return;
    refuse(step.place, "retry", "the first delay is longer than the longest one",
           "let `first` be at most `most`");
  }

  void check_after() {
    for (const auto& [name, delivery] : deliveries_) {
      for (const std::string& earlier : delivery.step->after)
        check_earlier(name, delivery, earlier);
      std::set<std::string> seen;
      if (reaches(name, name, seen)) {
        refuse(delivery.step->place, "deliver",
               "`" + name + "` would wait for itself: `after` runs in a circle");
      }
    }
  }

  void check_earlier(const std::string& name, const PlacedDelivery& delivery,
                     const std::string& earlier, const char* element = "deliver",
                     const std::string& attribute = "after: ") {
    const auto found = deliveries_.find(earlier);
    if (found == deliveries_.end()) {
      std::vector<std::string> names;
      for (const auto& [known, ignored] : deliveries_) {
        if (known != name) names.push_back(known);
      }
      return refuse(delivery.step->place, element,
                    attribute + "no delivery of this route is named `" + earlier + "`",
                    did_you_mean(earlier, names));
    }
    if (may_meet(delivery.path, found->second.path)) return;
    refuse(
        delivery.step->place, element,
        attribute + "`" + earlier + "` stands in another branch and is never delivered beside it");
  }

  bool reaches(const std::string& from, const std::string& goal,
               std::set<std::string>& seen) const {
    const auto found = deliveries_.find(from);
    if (found == deliveries_.end()) return false;
    for (const std::string& earlier : found->second.step->after) {
      if (earlier == goal) return true;
      if (seen.insert(earlier).second && reaches(earlier, goal, seen)) return true;
    }
    return false;
  }

  RouteConfig& route_;
  const Configuration& configuration_;
  const Catalogue& catalogue_;
  ConfigurationErrors& errors_;
  std::string effect_before_{};  // the last step so far that reaches outside
  bool prepared_ = false;
  std::set<std::string> names_{};
  std::map<std::string, PlacedDelivery> deliveries_{};
  std::vector<PlacedDelivery> collecting_{};  // steps <life> and where they stand
};

}  // namespace

void check_routes(Configuration& configuration, const Catalogue& catalogue,
                  ConfigurationErrors& errors) {
  std::map<std::string, std::string> files;
  for (RouteConfig& route : configuration.routes) {
    const auto [at, fresh] = files.emplace(route.name, route.place.file);
    if (!fresh) {
      const std::string other = std::filesystem::path(at->second).filename().string();
      errors.push_back(error_at(route.place, "route",
                                "the name `" + route.name + "` is taken by the route in " + other));
    }
    RouteChecker(route, configuration, catalogue, errors).check();
    check_gate(route, configuration, catalogue, errors);
    check_beside(route, errors);
  }
  check_shadows(configuration, errors);
  if (const EndpointConfig* taken = endpoint_named(configuration, kRegister)) {
    errors.push_back(error_at(taken->place, "endpoint",
                              "the name `register` is that of the register of certificates",
                              "give the endpoint another name"));
  }
  if (const EndpointConfig* taken = endpoint_named(configuration, kArchiveSource)) {
    errors.push_back(error_at(taken->place, "endpoint",
                              "the name `archive` is that of the packages of closed cases",
                              "give the endpoint another name"));
  }
}

}  // namespace certbridge::host
