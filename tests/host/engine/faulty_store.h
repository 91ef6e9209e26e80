// The journal with failures that a test asks for; everything else is the real one.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>

#include "journal/store.h"

namespace certbridge::host {

class FaultyTypeLanes final : public TypeLaneBook {
 public:
  explicit FaultyTypeLanes(Store& real) : real_(real) {}

  // Set before the engine starts; what is asked then fails.
  std::atomic<bool> holds_nothing{false};
  std::atomic<bool> knows_nothing{false};

  Result<void> hold(const TypeLane& lane) override {
    if (holds_nothing) return failure();
    return real_.type_lanes().hold(lane);
  }
  Result<std::optional<std::int64_t>> probe(const TypeLaneName& name) override {
    return real_.type_lanes().probe(name);
  }
  Result<ProbeState> probe_state(std::int64_t delivery, Timestamp now) override {
    return real_.type_lanes().probe_state(delivery, now);
  }
  Result<bool> release(const TypeLaneName& name, std::size_t most) override {
    return real_.type_lanes().release(name, most);
  }
  Result<std::vector<TypeLane>> lanes() override {
    if (knows_nothing) return failure();
    return real_.type_lanes().lanes();
  }

 private:
  static Error failure() { return Error::retryable("journal.full", "no room"); }
  Store& real_;
};

class FaultyStore final : public Store {
 public:
  explicit FaultyStore(std::unique_ptr<Store> real)
      : real_(std::move(real)), faulty_lanes(*real_) {}

  // Asked before each change, and before a message is read; an error is what the caller gets.
  // Set before the engine starts; called by many threads.
  std::function<Result<void>(const Transition&)> before_apply{};
  std::function<Result<void>(const std::string&)> before_message{};
  // How often it was asked for what is due in the first lane alone.
  std::atomic<int> looks_for_messages{0};
  std::atomic<int> looks_for_deliveries{0};

  // The most deliveries of an endpoint that were asked for at once.
  std::atomic<std::size_t> most_asked{0};

  Result<void> apply(Transition transition) override;
  Result<std::vector<StoredDelivery>> route(Transition transition) override;
  void route_later(Transition transition, Routed then) override;
  Result<StoredMessage> message(const std::string& id) override;

  std::vector<Acceptance> accept(const std::string& source,
                                 std::vector<Message> messages) override {
    return real_->accept(source, std::move(messages));
  }
  TakenIn take_in(const std::string& source, std::vector<Message> messages) override {
    return real_->take_in(source, std::move(messages));
  }
  Result<void> settle(const Correlation& correlation, const Outcome& outcome) override {
    return real_->settle(correlation, outcome);
  }
  Result<std::vector<StoredMessage>> due_messages(Timestamp now, std::size_t limit,
                                                  const std::vector<std::string>& exclude,
                                                  Lane down_to) override {
    if (down_to == Lane::kRevocation) ++looks_for_messages;
    return real_->due_messages(now, limit, exclude, down_to);
  }
  Result<std::vector<StoredDelivery>> due_deliveries(const std::string& endpoint, Timestamp now,
                                                     std::size_t limit,
                                                     const std::vector<std::int64_t>& exclude,
                                                     Lane down_to) override {
    most_asked = std::max(most_asked.load(), limit);
    if (down_to == Lane::kRevocation) ++looks_for_deliveries;
    return real_->due_deliveries(endpoint, now, limit, exclude, down_to);
  }
  Result<std::optional<Timestamp>> next_due(Timestamp after) override {
    return real_->next_due(after);
  }
  Result<std::vector<StoredMessage>> messages(const MessageQuery& query) override {
    return real_->messages(query);
  }
  Result<std::vector<StoredMessage>> children(const std::string& id) override {
    return real_->children(id);
  }
  Result<std::vector<StoredMessage>> messages_with_key(const OrderKey& key,
                                                       std::size_t limit) override {
    return real_->messages_with_key(key, limit);
  }
  Result<std::vector<StoredDelivery>> deliveries(const std::string& message_id) override {
    return real_->deliveries(message_id);
  }
  Result<std::vector<TraceEntry>> trace(const std::string& message_id) override {
    return real_->trace(message_id);
  }
  Result<std::optional<StepResult>> step_result(const std::string& step_key) override {
    return real_->step_result(step_key);
  }
  Result<std::optional<RegisteredCertificate>> certificate(const OrderKey& key) override {
    return real_->certificate(key);
  }
  Result<std::optional<std::string>> memory(const std::string& endpoint, const OrderKey& key,
                                            const std::string& name) override {
    return real_->memory(endpoint, key, name);
  }
  Result<std::pair<std::optional<std::uint64_t>, std::uint64_t>> counter(
      const std::string& endpoint, const std::string& counter,
      const std::string& step_key) override {
    return real_->counter(endpoint, counter, step_key);
  }
  Result<std::uint64_t> count_facts(const FactsQuery& query) override {
    return real_->count_facts(query);
  }
  Result<std::vector<DeliveryFact>> list_facts(const FactsQuery& query,
                                               std::size_t limit) override {
    return real_->list_facts(query, limit);
  }
  Result<std::unique_ptr<ContentWriter>> spool() override { return real_->spool(); }
  Result<StoreFigures> figures() override { return real_->figures(); }
  Result<std::vector<VerdictAlarms>> verdict_alarms(Timestamp now) override {
    return real_->verdict_alarms(now);
  }
  Result<std::uint64_t> park_verdicts(const std::string& endpoint,
                                      Timestamp received_until) override {
    return real_->park_verdicts(endpoint, received_until);
  }
  Result<std::vector<WaitingAlarm>> waiting_alarms(Timestamp accepted_until,
                                                   std::size_t count_at_most) override {
    return real_->waiting_alarms(accepted_until, count_at_most);
  }
  Result<void> hold(const Hold& hold) override { return real_->hold(hold); }
  Result<void> release(const Release& release) override { return real_->release(release); }
  Result<std::vector<Hold>> holds() override { return real_->holds(); }
  Result<void> pause(const Pause& pause) override { return real_->pause(pause); }
  Result<void> resume(const std::string& endpoint, PauseCause cause) override {
    return real_->resume(endpoint, cause);
  }
  Result<std::vector<Pause>> pauses() override { return real_->pauses(); }
  Result<std::vector<SendCount>> send_counts(const std::string& endpoint) override {
    return real_->send_counts(endpoint);
  }
  TypeLaneBook& type_lanes() override { return faulty_lanes; }
  Desk& desk() override { return real_->desk(); }
  SearchSource& search_source() override { return real_->search_source(); }
  void on_work(std::function<void()> wake) override { real_->on_work(std::move(wake)); }
  Result<std::uint64_t> drop_bodies(Timestamp before) override {
    return real_->drop_bodies(before);
  }
  void close() override { real_->close(); }

 private:
  std::unique_ptr<Store> real_;

 public:
  FaultyTypeLanes faulty_lanes;
};

inline Result<void> FaultyStore::apply(Transition transition) {
  if (before_apply) {
    if (auto fine = before_apply(transition); !fine) return fine;
  }
  return real_->apply(std::move(transition));
}

inline Result<std::vector<StoredDelivery>> FaultyStore::route(Transition transition) {
  if (before_apply) {
    if (auto fine = before_apply(transition); !fine) return fine.error();
  }
  return real_->route(std::move(transition));
}

inline void FaultyStore::route_later(Transition transition, Routed then) {
  if (before_apply) {
    if (auto fine = before_apply(transition); !fine) return then(fine.error());
  }
  real_->route_later(std::move(transition), std::move(then));
}

inline Result<StoredMessage> FaultyStore::message(const std::string& id) {
  if (before_message) {
    if (auto fine = before_message(id); !fine) return fine.error();
  }
  return real_->message(id);
}

}  // namespace certbridge::host
