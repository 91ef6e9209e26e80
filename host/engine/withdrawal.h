// A case that was returned (退回): what is not sent is withdrawn, what may have been is handed on.
#pragma once

#include <set>

#include "config/model.h"
#include "journal/store.h"

namespace certbridge::host {

struct Withdrawal {
  std::vector<MessageChange> messages{};     // to the state withdrawn
  std::vector<DeliveryChange> deliveries{};  // discarded: never sent
  std::vector<Message>
      sent{};  // of what a counterpart may hold: one of type step.withdraw_type each
  std::vector<Message> unsent{};  // the same of what never left
  // Of what routes beside others may have told a counterpart: one of type step.reported_type each.
  std::vector<Message> reported{};
  std::vector<TraceEntry> trace{};
};

// Order key of the certificate that a message is about; empty when it names none.
OrderKey certificate_key_of(const Message& message);

// Endpoints that are told of a withdrawal: of the deliveries of the route that wait for no other,
// without the one to which it reports.
std::set<std::string> told_of_withdrawal(const RouteConfig& route);

// What a step withdraws.
struct WithdrawalScope {
  const Step& step;
  std::set<std::string> told{};       // told_of_withdrawal() of its route
  std::vector<std::string> beside{};  // names of the routes that take messages beside others
};
WithdrawalScope scope_of(const Step& step, const RouteConfig& route,
                         const std::vector<RouteConfig>& routes);

// Header of a message of step.reported_type: the message that a counterpart may have been sent.
inline constexpr const char* kReportedMessage = "reported-message";

// Reads what shares the event's key of step.key_kind, also under the names of routes beside others,
// and was accepted before it. Only what may have been sent to an endpoint of `told` is handed on as
// step.withdraw_type; of what a route beside others made everything that a counterpart may have.
// The changes carry expectations: when something moved on meanwhile, applying them fails and the
// step runs again.
Result<Withdrawal> plan_withdrawal(Store& store, const WithdrawalScope& scope,
                                   const StoredMessage& event, Timestamp now);

}  // namespace certbridge::host
