// The reading half of the store: each question is answered from one committed snapshot.
#include "journal/counts.h"
#include "journal/failure.h"
#include "journal/sqlite_store.h"

namespace certbridge::host {
namespace {

StoreFigures figures_of(const Tally& tally) {
  StoreFigures figures;
  for (std::size_t i = 0; i < tally.messages.size(); ++i) {
    figures.messages_by_state[i] = static_cast<std::uint64_t>(tally.messages[i]);
  }
  for (const auto& [endpoint, counts] : tally.deliveries) {
    figures.deliveries_by_endpoint_and_state.emplace_back(
        endpoint, std::vector<std::uint64_t>(counts.begin(), counts.end()));
  }
  return figures;
}

}  // namespace

template <class Read>
auto SqliteStore::read(const Read& what) -> Result<decltype(what(std::declval<Reading&>()))> {
  try {
    Readers::Lease lease(*readers_);
    Reading reading{lease.connection(), *keys_, *contents_};
    return what(reading);
  } catch (const Failure& failure) {
    return failure.error();
  }
}

Result<std::vector<StoredMessage>> SqliteStore::due_messages(
    Timestamp now, std::size_t limit, const std::vector<std::string>& exclude, Lane down_to) {
  return read([&](Reading& from) { return read_due_messages(from, now, limit, exclude, down_to); });
}
Result<std::vector<StoredDelivery>> SqliteStore::due_deliveries(
    const std::string& endpoint, Timestamp now, std::size_t limit,
    const std::vector<std::int64_t>& exclude, Lane down_to) {
  auto in_force = holds();
  if (!in_force) return in_force.error();
  const DueQuestion question{
      endpoint, now, limit, {exclude.begin(), exclude.end()}, std::move(in_force).value(), down_to};
  return read([&](Reading& from) { return read_due_deliveries(from, question); });
}
Result<std::optional<Timestamp>> SqliteStore::next_due(Timestamp after) {
  return read([&](Reading& from) { return read_next_due(from, after); });
}
Result<StoredMessage> SqliteStore::message(const std::string& id) {
  return read([&](Reading& from) { return read_message(from, id); });
}
Result<std::vector<StoredMessage>> SqliteStore::messages(const MessageQuery& query) {
  return read([&](Reading& from) { return read_messages(from, query); });
}
Result<std::vector<StoredMessage>> SqliteStore::children(const std::string& id) {
  return read([&](Reading& from) { return read_children(from, id); });
}
Result<std::vector<StoredMessage>> SqliteStore::messages_with_key(const OrderKey& key,
                                                                  std::size_t limit) {
  return read([&](Reading& from) { return read_messages_with_key(from, key, limit); });
}
Result<std::vector<StoredDelivery>> SqliteStore::deliveries(const std::string& message_id) {
  return read([&](Reading& from) { return read_deliveries(from, message_id); });
}
Result<std::vector<TraceEntry>> SqliteStore::trace(const std::string& message_id) {
  return read([&](Reading& from) { return read_trace(from, message_id); });
}
Result<std::optional<StepResult>> SqliteStore::step_result(const std::string& step_key) {
  return read([&](Reading& from) { return read_step_result(from, step_key); });
}
Result<std::optional<RegisteredCertificate>> SqliteStore::certificate(const OrderKey& key) {
  return read([&](Reading& from) { return read_certificate(from, key); });
}
Result<std::optional<std::string>> SqliteStore::memory(const std::string& endpoint,
                                                       const OrderKey& key,
                                                       const std::string& name) {
  return read([&](Reading& from) { return read_memory(from, endpoint, key, name); });
}
Result<std::pair<std::optional<std::uint64_t>, std::uint64_t>> SqliteStore::counter(
    const std::string& endpoint, const std::string& counter, const std::string& step_key) {
  return read([&](Reading& from) { return read_counter(from, endpoint, counter, step_key); });
}
Result<std::uint64_t> SqliteStore::count_facts(const FactsQuery& query) {
  return read([&](Reading& from) { return count_read_facts(from, query); });
}
Result<std::vector<DeliveryFact>> SqliteStore::list_facts(const FactsQuery& query,
                                                          std::size_t limit) {
  return read([&](Reading& from) { return read_facts(from, query, limit); });
}
Result<std::vector<VerdictAlarms>> SqliteStore::verdict_alarms(Timestamp now) {
  return read([&](Reading& from) { return read_verdict_alarms(from, now); });
}

Result<std::vector<WaitingAlarm>> SqliteStore::waiting_alarms(Timestamp accepted_until,
                                                              std::size_t count_at_most) {
  return read([&](Reading& from) {
    return read_waiting_alarms(from.connection, accepted_until, count_at_most);
  });
}

// While this process writes, every hold is in memory; otherwise somebody else may change them.
Result<std::vector<Hold>> SqliteStore::holds() {
  if (writer_ == nullptr) {
    return read([&](Reading& from) { return read_holds(from.connection, from.keys); });
  }
  const std::lock_guard lock(holds_mutex_);
  return holds_;
}

Result<std::vector<Pause>> SqliteStore::pauses() {
  return read([&](Reading& from) { return read_pauses(from.connection); });
}
Result<std::vector<SendCount>> SqliteStore::send_counts(const std::string& endpoint) {
  return read([&](Reading& from) { return read_send_counts(from.connection, endpoint); });
}

StoreFigures SqliteStore::figures_from_file() {
  Readers::Lease lease(*readers_);
  return figures_of(read_counts(lease.connection()));
}

Result<StoreFigures> SqliteStore::figures() {
  try {
    if (writer_ == nullptr) return figures_from_file();
  } catch (const Failure& failure) {
    return failure.error();
  }
  const WriterFigures own = writer_->figures();
  StoreFigures figures = figures_of(own.tally);
  figures.wal_bytes = own.wal_bytes;
  figures.largest_wal_bytes = own.largest_wal_bytes;
  figures.commits = own.commits;
  figures.transitions = own.transitions;
  figures.commit_p50 = own.commit_p50;
  figures.commit_p99 = own.commit_p99;
  return figures;
}

}  // namespace certbridge::host
