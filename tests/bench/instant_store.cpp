#include "instant_store.h"

namespace certbridge::bench {
namespace {

Error unused() { return Error::fault("bench.unused", "this store only accepts"); }

}  // namespace

std::vector<Acceptance> InstantStore::accept(const std::string&, std::vector<Message> messages) {
  std::vector<Acceptance> answers(messages.size());
  for (Acceptance& answer : answers) {
    answer.verdict = Acceptance::Verdict::kAccepted;
    answer.id = "m-" + std::to_string(next_++);
  }
  return answers;
}

host::TakenIn InstantStore::take_in(const std::string& source, std::vector<Message> messages) {
  return {accept(source, std::move(messages)), {}};
}

Result<void> InstantStore::apply(host::Transition) { return unused(); }
Result<std::vector<host::StoredDelivery>> InstantStore::route(host::Transition) { return unused(); }
void InstantStore::route_later(host::Transition, Routed then) { then(unused()); }
Result<void> InstantStore::settle(const Correlation&, const Outcome&) { return unused(); }
Result<std::vector<host::StoredMessage>> InstantStore::due_messages(Timestamp, std::size_t,
                                                                    const std::vector<std::string>&,
                                                                    host::Lane) {
  return unused();
}
Result<std::vector<host::StoredDelivery>> InstantStore::due_deliveries(
    const std::string&, Timestamp, std::size_t, const std::vector<std::int64_t>&, host::Lane) {
  return unused();
}
Result<std::optional<Timestamp>> InstantStore::next_due(Timestamp) { return unused(); }
Result<host::StoredMessage> InstantStore::message(const std::string&) { return unused(); }
Result<std::vector<host::StoredMessage>> InstantStore::messages(const host::MessageQuery&) {
  return unused();
}
Result<std::vector<host::StoredMessage>> InstantStore::children(const std::string&) {
  return unused();
}
Result<std::vector<host::StoredMessage>> InstantStore::messages_with_key(const OrderKey&,
                                                                         std::size_t) {
  return unused();
}
Result<std::vector<host::StoredDelivery>> InstantStore::deliveries(const std::string&) {
  return unused();
}
Result<std::vector<host::TraceEntry>> InstantStore::trace(const std::string&) { return unused(); }
Result<std::optional<host::StepResult>> InstantStore::step_result(const std::string&) {
  return unused();
}
Result<std::optional<host::RegisteredCertificate>> InstantStore::certificate(const OrderKey&) {
  return unused();
}
Result<std::optional<std::string>> InstantStore::memory(const std::string&, const OrderKey&,
                                                        const std::string&) {
  return unused();
}
Result<std::pair<std::optional<std::uint64_t>, std::uint64_t>> InstantStore::counter(
    const std::string&, const std::string&, const std::string&) {
  return unused();
}
Result<std::uint64_t> InstantStore::count_facts(const FactsQuery&) { return unused(); }
Result<std::vector<DeliveryFact>> InstantStore::list_facts(const FactsQuery&, std::size_t) {
  return unused();
}
Result<std::unique_ptr<ContentWriter>> InstantStore::spool() { return unused(); }
Result<host::StoreFigures> InstantStore::figures() { return unused(); }
Result<std::vector<host::VerdictAlarms>> InstantStore::verdict_alarms(Timestamp) {
  return unused();
}
Result<std::uint64_t> InstantStore::park_verdicts(const std::string&, Timestamp) {
  return unused();
}
Result<std::vector<host::WaitingAlarm>> InstantStore::waiting_alarms(Timestamp, std::size_t) {
  return unused();
}
// The front asks for none.
host::TypeLaneBook& InstantStore::type_lanes() { std::abort(); }
host::Desk& InstantStore::desk() { std::abort(); }
host::SearchSource& InstantStore::search_source() { std::abort(); }
Result<void> InstantStore::hold(const host::Hold&) { return unused(); }
Result<void> InstantStore::release(const host::Release&) { return unused(); }
Result<std::vector<host::Hold>> InstantStore::holds() { return unused(); }
Result<void> InstantStore::pause(const host::Pause&) { return unused(); }
Result<void> InstantStore::resume(const std::string&, host::PauseCause) { return unused(); }
Result<std::vector<host::Pause>> InstantStore::pauses() { return unused(); }
Result<std::vector<host::SendCount>> InstantStore::send_counts(const std::string&) {
  return unused();
}
Result<std::uint64_t> InstantStore::drop_bodies(Timestamp) { return unused(); }

}  // namespace certbridge::bench
