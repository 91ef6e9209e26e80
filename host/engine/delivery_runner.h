// What is done with a delivery that is due: confirm what is unknown, send, ask about what is
// overdue.
#pragma once

#include <stop_token>

#include "engine/delivery_attempt.h"

namespace certbridge::host {

// Any number of threads may run different deliveries at once.
class DeliveryRunner {
 public:
  explicit DeliveryRunner(EngineServices services);

  // Brings the delivery to its next state, durably. The counterpart is never sent the same message
  // again after an unknown outcome unless it said, after the settle time, that it does not have it.
  // Fails when the journal could not be read: to be tried again after a pause.
  Result<Contact> run(const StoredDelivery& delivery, const Pass& pass, std::stop_token stop);
  // One that Store::route() has marked as sending: its message comes with it. May be the first call
  // of a delivery only.
  Contact run_begun(const StoredDelivery& delivery, StoredMessage message, const Pass& pass,
                    std::stop_token stop);
  // Nothing was sent of it after all: it is ready again.
  void give_back(const StoredDelivery& delivery);

  // What was settled is tried to be recorded once more only; waits until it is, or until `until`.
  void stop() { recorder_.stop(); }
  bool wait_idle(std::chrono::steady_clock::time_point until) { return recorder_.wait_idle(until); }

 private:
  Attempt attempt_of(const StoredDelivery& delivery, const Pass& pass, std::stop_token stop);
  bool find_sink(Attempt& attempt);
  // Whether its type waits at the endpoint; then it is recorded so.
  bool waits_for_type(Attempt& attempt);
  // The counterpart does not know its type.
  void type_refused(Attempt& attempt, const Error& error);
  // The same, said by a verdict on what it had received: nothing of that is there.
  void type_refused_later(Attempt& attempt, const Error& error);
  void ask_about_open(Attempt& attempt);
  Result<void> load(Attempt& attempt);
  void begin_call(Attempt& attempt, int number) const;
  Result<void> load_earlier(Attempt& attempt);
  void take_up(Attempt& attempt);
  bool gate_allows(const Attempt& attempt) const;
  void confirm_then_send(Attempt& attempt);
  void weigh(Attempt& attempt, const Confirmation& confirmation);
  void absent(Attempt& attempt);
  void needless(Attempt& attempt);
  void send(Attempt& attempt);
  void call(Attempt& attempt);
  void not_sent(Attempt& attempt, const Error& error);

  EngineServices services_;
  DeliveryRecorder recorder_;
};

}  // namespace certbridge::host
