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
  std::vector<TraceEntry> trace{};
};

// Order key of the certificate that a message is about; empty when it names none.
OrderKey certificate_key_of(const Message& message);

// Endpoints that are told of a withdrawal: of the deliveries of the route that wait for no other,
// without the one to which it reports.
std::set<std::string> told_of_withdrawal(const RouteConfig& route);

// Reads what shares the event's key of step.key_kind and was accepted before it. Only what may have
// been sent to an endpoint of `told` is handed on. The changes carry expectations: when something
// moved on meanwhile, applying them fails and the step runs again.
Result<Withdrawal> plan_withdrawal(Store& store, const Step& step,
                                   const std::set<std::string>& told, const StoredMessage& event,
                                   Timestamp now);

}  // namespace certbridge::host
