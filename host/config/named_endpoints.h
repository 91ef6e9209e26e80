// Which endpoints something in the configuration names.
#pragma once

#include <set>
#include <string>

#include "config/model.h"

namespace certbridge::host {

// What the route takes from, asks, delivers to and reports to.
std::set<std::string> endpoints_of(const RouteConfig& route);

// What routes, queries, comparisons and the catalogue name, and what is lent to an endpoint.
std::set<std::string> named_endpoints(const Configuration& configuration);

}  // namespace certbridge::host
