// A store that answers at once and keeps nothing: what is left of a run is the front.
#pragma once

#include <atomic>

#include "journal/store.h"

namespace certbridge::bench {

// Any thread may call. Everything but accept(), take_in() and close() answers "bench.unused".
class InstantStore final : public host::Store {
 public:
  std::vector<Acceptance> accept(const std::string& source, std::vector<Message> messages) override;
  host::TakenIn take_in(const std::string& source, std::vector<Message> messages) override;
  Result<void> apply(host::Transition transition) override;
  Result<std::vector<host::StoredDelivery>> route(host::Transition transition) override;
  void route_later(host::Transition transition, Routed then) override;
  Result<void> settle(const Correlation& correlation, const Outcome& outcome) override;
  Result<std::vector<host::StoredMessage>> due_messages(Timestamp now, std::size_t limit,
                                                        const std::vector<std::string>& exclude,
                                                        host::Lane down_to) override;
  Result<std::vector<host::StoredDelivery>> due_deliveries(const std::string& endpoint,
                                                           Timestamp now, std::size_t limit,
                                                           const std::vector<std::int64_t>& exclude,
                                                           host::Lane down_to) override;
  Result<std::optional<Timestamp>> next_due(Timestamp after) override;
  Result<host::StoredMessage> message(const std::string& id) override;
  Result<std::vector<host::StoredMessage>> messages(const host::MessageQuery& query) override;
  Result<std::vector<host::StoredMessage>> children(const std::string& id) override;
  Result<std::vector<host::StoredMessage>> messages_with_key(const OrderKey& key,
                                                             std::size_t limit) override;
  Result<std::vector<host::StoredDelivery>> deliveries(const std::string& message_id) override;
  Result<std::vector<host::TraceEntry>> trace(const std::string& message_id) override;
  Result<std::optional<host::StepResult>> step_result(const std::string& step_key) override;
  Result<std::optional<host::RegisteredCertificate>> certificate(const OrderKey& key) override;
  Result<std::optional<std::string>> memory(const std::string& endpoint, const OrderKey& key,
                                            const std::string& name) override;
  Result<std::pair<std::optional<std::uint64_t>, std::uint64_t>> counter(
      const std::string& endpoint, const std::string& counter,
      const std::string& step_key) override;
  Result<std::uint64_t> count_facts(const FactsQuery& query) override;
  Result<std::vector<DeliveryFact>> list_facts(const FactsQuery& query, std::size_t limit) override;
  Result<std::unique_ptr<ContentWriter>> spool() override;
  Result<host::StoreFigures> figures() override;
  host::TypeLaneBook& type_lanes() override;
  host::Desk& desk() override;
  host::SearchSource& search_source() override;
  Result<void> hold(const host::Hold& hold) override;
  Result<void> release(const host::Release& release) override;
  Result<std::vector<host::Hold>> holds() override;
  Result<void> pause(const host::Pause& pause) override;
  Result<void> resume(const std::string& endpoint, host::PauseCause cause) override;
  Result<std::vector<host::Pause>> pauses() override;
  Result<std::vector<host::SendCount>> send_counts(const std::string& endpoint) override;
  void on_work(std::function<void()>) override {}
  Result<std::vector<host::VerdictAlarms>> verdict_alarms(Timestamp now) override;
  Result<std::uint64_t> park_verdicts(const std::string& endpoint,
                                      Timestamp received_until) override;
  Result<std::vector<host::WaitingAlarm>> waiting_alarms(Timestamp accepted_until,
                                                         std::size_t count_at_most) override;
  Result<std::uint64_t> drop_bodies(Timestamp before) override;
  void close() override {}

 private:
  std::atomic<std::uint64_t> next_{1};
};

}  // namespace certbridge::bench
