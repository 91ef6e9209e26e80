#include "config/checks.h"

namespace certbridge::host {
namespace {

class GateChecker {
 public:
  GateChecker(const Configuration& configuration, const Catalogue& catalogue,
              ConfigurationErrors& errors)
      : configuration_(configuration), catalogue_(catalogue), errors_(errors) {}

  // `open`: on some path a file was made that has no verdict yet. Answers the same for behind the
  // last step.
  bool walk(const std::vector<Step>& steps, bool open) {
    for (const Step& step : steps) {
      if (step.kind == StepKind::kProcess) open = after_process(step, open);
      if (step.kind == StepKind::kChoose) open = walk_branches(step, open);
      if (step.kind == StepKind::kDeliver && open) refuse(step);
    }
    return open;
  }

 private:
  bool walk_branches(const Step& step, bool open) {
    bool after = false;
    bool always = false;
    for (const Branch& branch : step.branches) {
      after = walk(branch.steps, open) || after;
      always = always || branch.when.text.empty();
    }
    return after || (open && !always);
  }

  bool after_process(const Step& step, bool open) const {
    const EndpointConfig* endpoint = endpoint_named(configuration_, step.endpoint);
    const KindManifest* kind = endpoint == nullptr ? nullptr : kind_of(*endpoint, catalogue_);
    if (kind == nullptr) return false;  // refused already: no errors that only follow from it
    if (kind->gives_verdict) return false;
    return open || kind->makes_file;
  }

  void refuse(const Step& step) {
    errors_.push_back(error_at(
        step.place, "deliver",
        "a file without a verdict of the seal gate would be delivered to `" + step.endpoint + "`",
        "put a <process> with a seal gate (verdict=\"seal\" in its manifest) before it"));
  }

  const Configuration& configuration_;
  const Catalogue& catalogue_;
  ConfigurationErrors& errors_;
};

}  // namespace

void check_gate(const RouteConfig& route, const Configuration& configuration,
                const Catalogue& catalogue, ConfigurationErrors& errors) {
  GateChecker(configuration, catalogue, errors).walk(route.steps, false);
}

}  // namespace certbridge::host
