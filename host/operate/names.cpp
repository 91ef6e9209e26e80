// Names that parameters give, held against the configuration.
#include "config/configuration_error.h"
#include "operate/parts.h"

namespace certbridge::host {
namespace {

Result<void> check_name(const OperationCall& call, const char* parameter,
                        const std::vector<std::string>& known) {
  const std::string name = call.text(parameter);
  if (name.empty() || std::find(known.begin(), known.end(), name) != known.end()) return {};
  const std::string meant = did_you_mean(name, known);
  return Error::permanent("operate.parameter",
                          std::string(parameter) + ": the configuration has none of the name `" +
                              name + "`" + (meant.empty() ? "" : "; " + meant));
}

}  // namespace

Result<void> check_names(const OperationCall& call) {
  const Configuration& configuration = call.services.configuration;
  std::vector<std::string> endpoints, routes;
  for (const EndpointConfig& one : configuration.endpoints) endpoints.push_back(one.name);
  for (const RouteConfig& one : configuration.routes) routes.push_back(one.name);
  if (auto known = check_name(call, "endpoint", endpoints); !known) return known;
  return check_name(call, "route", routes);
}

}  // namespace certbridge::host
