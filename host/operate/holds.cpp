// Deliveries on hold: all, to one endpoint, or of one route.
#include "operate/operation_table.h"
#include "operate/parts.h"

namespace certbridge::host {
namespace {

struct Scope {
  HoldScope scope = HoldScope::kAll;
  std::string name{};
  std::string text() const {
    return scope == HoldScope::kAll ? "all" : to_text(scope) + " " + name;
  }
};

Error wrong(const std::string& why) { return Error::permanent("operate.parameter", why); }

bool is_endpoint(const Configuration& configuration, const std::string& name) {
  return std::any_of(configuration.endpoints.begin(), configuration.endpoints.end(),
                     [&](const EndpointConfig& endpoint) { return endpoint.name == name; });
}

bool is_route(const Configuration& configuration, const std::string& name) {
  return std::any_of(configuration.routes.begin(), configuration.routes.end(),
                     [&](const RouteConfig& route) { return route.name == name; });
}

// Exactly one of `all`, `endpoint` and `route` says what is meant.
Result<Scope> scope_of(const OperationCall& call) {
  const std::string endpoint = call.text("endpoint");
  const std::string route = call.text("route");
  const int given =
      (endpoint.empty() ? 0 : 1) + (route.empty() ? 0 : 1) + (call.flag("all") ? 1 : 0);
  if (given != 1) return wrong("say one of `endpoint`, `route` and `all`");
  const Configuration& configuration = call.services.configuration;
  if (!endpoint.empty() && !is_endpoint(configuration, endpoint)) {
    return wrong("endpoint: there is no endpoint " + endpoint);
  }
  if (!route.empty() && !is_route(configuration, route)) {
    return wrong("route: there is no route " + route);
  }
  if (!endpoint.empty()) return Scope{HoldScope::kEndpoint, endpoint};
  if (!route.empty()) return Scope{HoldScope::kRoute, route};
  return Scope{};
}

// The hold itself keeps person and reason too: nothing is lost when the host ends in between.
Result<OperationAnswer> recorded(const OperationCall& call, const std::string& operation,
                                 const Scope& scope) {
  Transition transition;
  transition.actions.push_back(action_of(call, operation, scope.text(), ""));
  if (auto applied = call.services.store.apply(std::move(transition)); !applied) {
    return applied.error();
  }
  OperationAnswer answer;
  answer.values.emplace_back(operation == "deliveries hold" ? "held" : "released", scope.text());
  return answer;
}

}  // namespace

Result<OperationAnswer> hold_deliveries(const OperationCall& call) {
  const auto scope = scope_of(call);
  if (!scope) return scope.error();
  Hold hold;
  hold.scope = scope.value().scope;
  hold.name = scope.value().name;
  hold.person = call.actor.person;
  hold.reason = call.text("reason");
  if (auto held = call.services.store.hold(hold); !held) return held.error();
  return recorded(call, "deliveries hold", scope.value());
}

Result<OperationAnswer> release_deliveries_of(const OperationCall& call) {
  const auto scope = scope_of(call);
  if (!scope) return scope.error();
  Release release;
  release.scope = scope.value().scope;
  release.name = scope.value().name;
  release.person = call.actor.person;
  release.reason = call.text("reason");
  if (auto released = call.services.store.release(release); !released) return released.error();
  return recorded(call, "deliveries release", scope.value());
}

Result<OperationAnswer> list_holds(const OperationCall& call) {
  const auto holds = call.services.store.holds();
  if (!holds) return holds.error();
  AnswerTable table{"holds", {"what", "since", "person", "reason"}, {}};
  for (const Hold& hold : holds.value()) {
    table.rows.push_back(
        {Scope{hold.scope, hold.name}.text(), time_field(hold.since), hold.person, hold.reason});
  }
  OperationAnswer answer;
  answer.tables.push_back(std::move(table));
  return answer;
}

}  // namespace certbridge::host
