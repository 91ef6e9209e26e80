// One attempt of one delivery: confirm what is unknown, send, and record what came of it.
#pragma once

#include <map>
#include <mutex>
#include <random>
#include <stop_token>

#include "engine/engine_services.h"

namespace certbridge::host {

// Any number of threads may run different deliveries at once.
class DeliveryRunner {
 public:
  explicit DeliveryRunner(EngineServices services);

  // Brings the delivery to its next state, durably. The counterpart is never sent the same message
  // again after an unknown outcome unless it said, after the settle time, that it does not have it.
  void run(const StoredDelivery& delivery, std::stop_token stop);

 private:
  struct Attempt;  // what one run works on

  bool load(Attempt& attempt);
  bool gate_allows(const Attempt& attempt) const;
  void confirm_then_send(Attempt& attempt);
  void weigh(Attempt& attempt, const Confirmation& confirmation);
  void absent(Attempt& attempt);
  void send(Attempt& attempt);
  void sent(Attempt& attempt, const Receipt& receipt);
  void not_sent(Attempt& attempt, const Error& error);
  void retry_later(Attempt& attempt, DeliveryState state, const Error& error);
  void park(Attempt& attempt, const Error& error);
  bool record(Attempt& attempt, DeliveryChange change, const std::string& text);
  DeliveryChange change_of(const Attempt& attempt, DeliveryState state) const;
  const RetryPolicy& policy_of(const StoredDelivery& delivery) const;
  double dice();

  EngineServices services_;
  std::map<std::string, RetryPolicy> policies_{};  // by "route/deliver"
  RetryPolicy default_policy_{};
  std::mutex dice_mutex_{};
  std::mt19937_64 generator_;
};

}  // namespace certbridge::host
