// One attempt of one delivery, and how what came of it is recorded.
#pragma once

#include <map>
#include <mutex>
#include <random>

#include "engine/contact.h"
#include "engine/engine_services.h"
#include "engine/late_records.h"
#include "engine/type_lanes.h"

namespace certbridge::host {

// What one run of a delivery works on.
struct Attempt {
  StoredDelivery delivery{};  // as the journal has it, moved on with each change that was stored
  StoredMessage stored{};
  Sink* sink = nullptr;
  const EndpointConfig* endpoint = nullptr;
  Call call{};
  std::chrono::steady_clock::time_point began{};
  Timestamp asked{};  // when the counterpart was last asked what it has
  Pass pass{};
  Contact contact{};                     // what is known of the endpoint by now
  bool waits_for_type = false;           // nothing of it is there: its type's lane is held
  bool undecided = false;                // its receipt is open: the verdict follows
  Reach reach_before = Reach::kNothing;  // what was known when this attempt began to send
};

// Notes what a call of the counterpart came to; `error` is null when it answered.
void note_contact(Attempt& attempt, const Error* error);

// Any number of threads may record different attempts at once.
class DeliveryRecorder {
 public:
  explicit DeliveryRecorder(EngineServices services);

  // Durable before the first byte leaves. False: nothing may be sent.
  bool sending(Attempt& attempt);
  // The same for one that was marked in the change that made it.
  void begun(Attempt& attempt);
  // One that was marked so, and of which nothing was sent: ready, as if it had not been marked.
  void give_back(const Attempt& attempt);
  // Delivered or open, as the receipt says. An open one without a time of its own is expected
  // within a day.
  void settled(Attempt& attempt, Receipt receipt);
  // Stays in (or goes to) `state` and falls due again after the policy's delay.
  void retry_later(Attempt& attempt, DeliveryState state, const Error& error);
  void park(Attempt& attempt, const Error& error);
  // Nothing was sent, or nothing of it is there: it waits until the lane of its type goes on.
  void wait_in(Attempt& attempt, const LaneHold& hold);
  // The counterpart never had it: final, for nobody to look after.
  void not_held(Attempt& attempt, const Error& error);
  // What a counterpart did cannot be done again: as long as the journal cannot take it down (disk
  // full, queue full) the thread waits here and tries again, until the host stops.
  void record(Attempt& attempt, DeliveryChange change, const std::string& text);
  // Of what was settled without waiting: see LateRecords.
  void stop() { late_.stop(); }
  bool wait_idle(std::chrono::steady_clock::time_point until) { return late_.wait_idle(until); }
  // The delivery as it is, in another state.
  DeliveryChange change_of(const Attempt& attempt, DeliveryState state) const;
  // Used up: no further attempt is made.
  bool attempts_left(const StoredDelivery& delivery) const;
  Timestamp next_try(const StoredDelivery& delivery, int attempts,
                     std::optional<std::chrono::milliseconds> retry_after);

 private:
  void record_later(Attempt& attempt, DeliveryChange change, const std::string& text);
  // What is to be stored of it, with its trace.
  Transition noted(const Attempt& attempt, DeliveryChange change, const std::string& text);
  Result<void> store(const Transition& transition, const Attempt& attempt);
  const RetryPolicy& policy_of(const StoredDelivery& delivery) const;
  double dice();

  EngineServices services_;
  LateRecords late_;
  std::map<std::string, RetryPolicy> policies_{};  // by "route/deliver"
  RetryPolicy default_policy_{};
  std::mutex dice_mutex_{};
  std::mt19937_64 generator_;
};

}  // namespace certbridge::host
