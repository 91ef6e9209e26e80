#include "config/named_endpoints.h"

namespace certbridge::host {
namespace {

void add_named(const std::vector<Step>& steps, std::set<std::string>& names) {
  for (const Step& step : steps) {
    names.insert(step.endpoint);
    for (const Branch& branch : step.branches) add_named(branch.steps, names);
  }
}

void add_named(const QueryRouteConfig& route, std::set<std::string>& names) {
  names.insert(route.case_endpoint);
  if (route.copy) names.insert(route.copy->endpoint);
  for (const QueryStep& step : route.steps) {
    for (const QuerySource& source : step.sources) names.insert(source.endpoint);
  }
}

}  // namespace

std::set<std::string> endpoints_of(const RouteConfig& route) {
  std::set<std::string> names(route.from.begin(), route.from.end());
  names.insert(route.report_refusal);
  add_named(route.steps, names);
  names.erase("");
  return names;
}

std::set<std::string> named_endpoints(const Configuration& configuration) {
  std::set<std::string> names;
  for (const RouteConfig& route : configuration.routes) names.merge(endpoints_of(route));
  for (const QueryRouteConfig& route : configuration.queries.routes) add_named(route, names);
  names.insert(configuration.reconcile.registration);
  for (const ReconcileCounterpart& one : configuration.reconcile.counterparts) {
    names.insert({one.books, one.deliveries});
  }
  for (const RegisteredAt& one : configuration.catalogue.registered) {
    names.insert({one.deliveries, one.faces});
  }
  for (const EndpointConfig& endpoint : configuration.endpoints) {
    for (const LentEndpoint& lent : endpoint.lent) names.insert(lent.endpoint);
  }
  names.erase("");
  return names;
}

}  // namespace certbridge::host
