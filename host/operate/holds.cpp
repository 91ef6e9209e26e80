// Deliveries on hold: all, to one endpoint, or of one route.
#include "operate/operation_lists.h"
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

// Exactly one of `all`, `endpoint` and `route` says what is meant.
Result<Scope> scope_of(const OperationCall& call) {
  const std::string endpoint = call.text("endpoint");
  const std::string route = call.text("route");
  const int given =
      (endpoint.empty() ? 0 : 1) + (route.empty() ? 0 : 1) + (call.flag("all") ? 1 : 0);
  if (given != 1) return wrong("say one of `endpoint`, `route` and `all`");
  if (auto known = check_names(call); !known) return known.error();
  if (!endpoint.empty()) return Scope{HoldScope::kEndpoint, endpoint};
  if (!route.empty()) return Scope{HoldScope::kRoute, route};
  return Scope{};
}

// The hold itself keeps person and reason too: nothing is lost when the host ends before the action
// is on record.
template <class Wish>
Result<OperationAnswer> change_hold(const OperationCall& call, const std::string& operation,
                                    Result<void> (Store::*apply)(const Wish&)) {
  const auto scope = scope_of(call);
  if (!scope) return scope.error();
  Wish wish;
  wish.scope = scope.value().scope;
  wish.name = scope.value().name;
  wish.person = call.actor.person;
  wish.reason = call.text("reason");
  Store& store = call.services.store;
  if (auto applied = (store.*apply)(wish); !applied) return applied.error();
  Transition transition;
  transition.actions.push_back(action_of(call, operation, scope.value().text(), ""));
  if (auto recorded = store.apply(std::move(transition)); !recorded) return recorded.error();
  OperationAnswer answer;
  answer.values.emplace_back("what", scope.value().text());
  return answer;
}

Result<OperationAnswer> hold_deliveries(const OperationCall& call) {
  return change_hold<Hold>(call, "deliveries hold", &Store::hold);
}

Result<OperationAnswer> release_hold(const OperationCall& call) {
  return change_hold<Release>(call, "deliveries release", &Store::release);
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

constexpr Parameter kEverything{"all", ParameterType::kFlag, false, false, "yes: every delivery"};

}  // namespace

std::vector<Operation> hold_operations() {
  return {
      {"deliveries",
       "hold",
       Effect::kChanges,
       kOperators,
       "let deliveries wait, without using up attempts",
       {kEndpoint, kRoute, kEverything, kReason},
       &hold_deliveries},
      {"deliveries",
       "release",
       Effect::kChanges,
       kOperators,
       "let deliveries go that are on hold",
       {kEndpoint, kRoute, kEverything, kReason},
       &release_hold},
      {"deliveries",
       "holds",
       Effect::kReads,
       kLookers,
       "what is on hold, since when, by whom and why",
       {},
       &list_holds},
  };
}

}  // namespace certbridge::host
