// Whether the next delivery of a key waits for an open verdict: what the configuration says of an
// endpoint, else what its sink asks for, else it waits.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "certbridge/context.h"
#include "config/model.h"

namespace certbridge::host {

struct OrderInForce {
  DeliveryOrder order = DeliveryOrder::kSettled;
  const char* from = "default";  // "configuration", "sink" or "default"
};

std::string to_text(DeliveryOrder order);  // as the attribute `order` has it
OrderInForce order_in_force(std::optional<DeliveryOrder> given, std::optional<DeliveryOrder> asked);

// Any thread. A sink may be made long after the journal was opened: until then nothing is sent to
// it.
class OrderRules {
 public:
  explicit OrderRules(const Configuration& configuration);
  // A sink asks for it.
  void note(const std::string& endpoint, DeliveryOrder order);
  bool goes_on(const std::string& endpoint) const;      // without waiting for open verdicts
  LogFields fields(const std::string& endpoint) const;  // what is in force, and who says so

 private:
  struct Said {
    std::optional<DeliveryOrder> given{};  // by the configuration
    std::optional<DeliveryOrder> asked{};  // by the sink
  };
  OrderInForce in_force(const std::string& endpoint) const;

  mutable std::mutex mutex_{};
  std::map<std::string, Said> said_{};
};

}  // namespace certbridge::host
