#include <algorithm>

#include "config/checks.h"

namespace certbridge::host {
namespace {

bool takes_all_from(const RouteConfig& route, const std::string& source, const std::string& when) {
  return !route.beside &&
         std::find(route.from.begin(), route.from.end(), source) != route.from.end() &&
         (route.when.text.empty() || route.when.text == when);
}

}  // namespace

// The first route in file order takes a message, so a later one with the same entry is never used.
void check_shadows(const Configuration& configuration, ConfigurationErrors& errors) {
  const std::vector<RouteConfig>& routes = configuration.routes;
  for (auto route = routes.begin(); route != routes.end(); ++route) {
    if (route->beside) continue;  // it takes a message of its own
    for (const std::string& source : route->from) {
      const auto earlier = std::find_if(routes.begin(), route, [&](const RouteConfig& other) {
        return takes_all_from(other, source, route->when.text);
      });
      if (earlier == route) continue;
      const std::string what =
          route->from.size() > 1 ? "never reached from `" + source + "`" : "never reached";
      errors.push_back(error_at(route->when.place, "from",
                                what + ": the route `" + earlier->name +
                                    "` takes every message that this one would take"));
    }
  }
}

}  // namespace certbridge::host
