#include "config/reconcile_reader.h"

#include <charconv>
#include <set>

#include "config/checks.h"
#include "config/delivery_policy_reader.h"
#include "config/document.h"
#include "config/option_value.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::milliseconds kLongestTimeout{60'000};

void read_duration(const XmlElement& element, const char* name, std::chrono::milliseconds& into) {
  const auto found = parse_duration_ms(element.attribute_or_empty(name));
  if (found) into = std::chrono::milliseconds(*found);
}

SweepConfig read_sweep(const XmlElement& element) {
  SweepConfig sweep;
  read_duration(element, "older-than", sweep.older_than);
  read_duration(element, "every", sweep.every);
  const std::string days = element.attribute_or_empty("days");
  std::from_chars(days.data(), days.data() + days.size(), sweep.days);
  return sweep;
}

class ReconcileChecker {
 public:
  ReconcileChecker(const Configuration& configuration, const Catalogue& catalogue,
                   ConfigurationErrors& errors)
      : configuration_(configuration), catalogue_(catalogue), errors_(errors) {}

  void check() {
    const ReconcileConfig& reconcile = configuration_.reconcile;
    check_is(reconcile.registration, "registration", ComponentAs::kResponder, "a responder");
    std::set<std::string> names;
    for (const ReconcileCounterpart& one : reconcile.counterparts) {
      check_is(one.books, "counterpart", ComponentAs::kResponder, "a responder");
      check_is(one.deliveries, "counterpart", ComponentAs::kSink,
               "a sink, to which certificates are delivered");
      if (!names.insert(one.shown()).second) {
        refuse("counterpart", "`" + one.shown() + "` is compared twice", "keep one");
      }
    }
  }

 private:
  void refuse(const char* element, const std::string& reason, const std::string& hint) {
    errors_.push_back(error_at(configuration_.reconcile_place, element, reason, hint));
  }
  void check_is(const std::string& name, const char* element, ComponentAs as, const char* needed) {
    const EndpointConfig* endpoint = endpoint_named(configuration_, name);
    if (endpoint == nullptr) {
      return refuse(element, "unknown endpoint `" + name + "`",
                    did_you_mean(name, endpoint_names(configuration_)));
    }
    const KindManifest* kind = kind_of(*endpoint, catalogue_);
    if (kind == nullptr || kind->as == as) return;
    refuse(element, "the endpoint `" + name + "` is not " + needed, {});
  }

  const Configuration& configuration_;
  const Catalogue& catalogue_;
  ConfigurationErrors& errors_;
};

}  // namespace

ReconcileConfig read_reconcile(const XmlElement& element, const std::string& file,
                               ConfigurationErrors& errors) {
  ReconcileConfig reconcile;
  reconcile.given = true;
  reconcile.registration = element.child("registration")->attribute_or_empty("endpoint");
  for (const XmlElement* one : element.children_named("counterpart")) {
    reconcile.counterparts.push_back(
        {one->attribute_or_empty("endpoint"), one->attribute_or_empty("of"), {}});
  }
  reconcile.calendar = read_delivery_policy(element, file, errors);
  reconcile.scheduled = element.child("hours") != nullptr;
  read_duration(element, "timeout", reconcile.timeout);
  if (reconcile.timeout > kLongestTimeout) {
    errors.push_back(error_at(place_of(file, element), "reconcile",
                              "`timeout` is above 60s, for which the command does not wait",
                              "lower it; a counterpart that needs longer is asked by area"));
  }
  if (const XmlElement* sweep = element.child("sweep")) reconcile.sweep = read_sweep(*sweep);
  return reconcile;
}

void check_reconcile(const Configuration& configuration, const Catalogue& catalogue,
                     ConfigurationErrors& errors) {
  if (configuration.reconcile.given) {
    ReconcileChecker(configuration, catalogue, errors).check();
  }
}

}  // namespace certbridge::host
