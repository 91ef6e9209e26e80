#include "engine/order_rules.h"

namespace certbridge::host {

std::string to_text(DeliveryOrder order) {
  return order == DeliveryOrder::kAccepted ? "accepted" : "settled";
}

OrderInForce order_in_force(std::optional<DeliveryOrder> given,
                            std::optional<DeliveryOrder> asked) {
  if (given) return {*given, "configuration"};
  if (asked) return {*asked, "sink"};
  return {};
}

OrderRules::OrderRules(const Configuration& configuration) {
  for (const EndpointConfig& endpoint : configuration.endpoints) {
    said_[endpoint.name].given = endpoint.order;
  }
}

void OrderRules::note(const std::string& endpoint, DeliveryOrder order) {
  const std::lock_guard lock(mutex_);
  said_[endpoint].asked = order;
}

OrderInForce OrderRules::in_force(const std::string& endpoint) const {
  const std::lock_guard lock(mutex_);
  const auto found = said_.find(endpoint);
  if (found == said_.end()) return {};
  return order_in_force(found->second.given, found->second.asked);
}

bool OrderRules::goes_on(const std::string& endpoint) const {
  return in_force(endpoint).order == DeliveryOrder::kAccepted;
}

LogFields OrderRules::fields(const std::string& endpoint) const {
  const OrderInForce order = in_force(endpoint);
  return {{"endpoint", endpoint}, {"order", to_text(order.order)}, {"from", order.from}};
}

}  // namespace certbridge::host
