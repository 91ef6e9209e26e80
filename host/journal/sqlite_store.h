// The store over one SQLite file and a folder of content files.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "journal/content_store.h"
#include "journal/keyring.h"
#include "journal/reads.h"
#include "journal/reserve.h"
#include "journal/sqlite_desk.h"
#include "journal/sqlite_search_source.h"
#include "journal/sqlite_type_lanes.h"
#include "journal/store.h"
#include "journal/writer.h"

namespace certbridge::host {

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(const StoreSettings& settings);
  ~SqliteStore() override;

  // Throws Failure. Called once, before anything else.
  void open();

  std::vector<Acceptance> accept(const std::string& source, std::vector<Message> messages) override;
  TakenIn take_in(const std::string& source, std::vector<Message> messages) override;
  Result<void> apply(Transition transition) override;
  Result<std::vector<StoredDelivery>> route(Transition transition) override;
  void route_later(Transition transition, Routed then) override;
  Result<void> settle(const Correlation& correlation, const Outcome& outcome) override;
  Result<std::vector<StoredMessage>> due_messages(Timestamp now, std::size_t limit,
                                                  const std::vector<std::string>& exclude,
                                                  Lane down_to) override;
  Result<std::vector<StoredDelivery>> due_deliveries(const std::string& endpoint, Timestamp now,
                                                     std::size_t limit,
                                                     const std::vector<std::int64_t>& exclude,
                                                     Lane down_to) override;
  Result<std::optional<Timestamp>> next_due(Timestamp after) override;
  Result<StoredMessage> message(const std::string& id) override;
  Result<std::vector<StoredMessage>> messages(const MessageQuery& query) override;
  Result<std::vector<StoredMessage>> children(const std::string& id) override;
  Result<std::vector<StoredMessage>> messages_with_key(const OrderKey& key,
                                                       std::size_t limit) override;
  Result<std::vector<StoredDelivery>> deliveries(const std::string& message_id) override;
  Result<std::vector<TraceEntry>> trace(const std::string& message_id) override;
  Result<std::optional<StepResult>> step_result(const std::string& step_key) override;
  Result<std::optional<RegisteredCertificate>> certificate(const OrderKey& key) override;
  Result<std::optional<std::string>> memory(const std::string& endpoint, const OrderKey& key,
                                            const std::string& name) override;
  Result<std::pair<std::optional<std::uint64_t>, std::uint64_t>> counter(
      const std::string& endpoint, const std::string& counter,
      const std::string& step_key) override;
  Result<std::uint64_t> count_facts(const FactsQuery& query) override;
  Result<std::vector<DeliveryFact>> list_facts(const FactsQuery& query, std::size_t limit) override;
  Result<std::unique_ptr<ContentWriter>> spool() override;
  Result<StoreFigures> figures() override;
  Result<std::vector<VerdictAlarms>> verdict_alarms(Timestamp now) override;
  Result<std::uint64_t> park_verdicts(const std::string& endpoint,
                                      Timestamp received_until) override;
  Result<std::vector<WaitingAlarm>> waiting_alarms(Timestamp accepted_until,
                                                   std::size_t count_at_most) override;
  Result<void> hold(const Hold& hold) override;
  Result<void> release(const Release& release) override;
  Result<std::vector<Hold>> holds() override;
  Result<void> pause(const Pause& pause) override;
  Result<void> resume(const std::string& endpoint, PauseCause cause) override;
  Result<std::vector<Pause>> pauses() override;
  Result<std::vector<SendCount>> send_counts(const std::string& endpoint) override;
  TypeLaneBook& type_lanes() override { return *type_lanes_; }
  Desk& desk() override { return *desk_; }
  SearchSource& search_source() override { return *search_source_; }
  void on_work(std::function<void()> wake) override;
  Result<std::uint64_t> drop_bodies(Timestamp before) override;
  void close() override;

 private:
  void collect();
  void lock_folder();
  void open_for_writing();
  void prepare_database();
  void recover(Connection& connection);
  // Whether new content may be taken in; tries to have the reserve again first.
  bool has_room();
  TakenIn take_in(const std::string& source, std::vector<Message> messages, bool tell);
  PreparedTransition prepare(Transition transition, ContentHold& hold);
  PreparedMessage prepare(const std::string& source, const Message& message, ContentHold& hold);
  std::string bucket_of(const std::string& name);
  template <class Read>
  auto read(const Read& what) -> Result<decltype(what(std::declval<Reading&>()))>;
  static Error read_only();
  Result<void> write(Writer::Work work, std::size_t weight, std::set<std::string> buckets);
  StoreFigures figures_from_file();
  // What holds() answers from now on; whoever reads last has read what is newest.
  void read_holds_anew();
  Result<void> change_holds(const Writer::Work& work);

  StoreSettings settings_;
  std::string file_;
  std::shared_ptr<Keyring> keys_{};  // shared with the content handles that callers hold
  std::unique_ptr<Reserve> reserve_{};
  std::unique_ptr<ContentStore> contents_{};
  std::unique_ptr<Readers> readers_{};
  std::unique_ptr<Readers> lookups_{};  // apart: a reader asks for contents while it reads
  std::unique_ptr<SqliteTypeLanes> type_lanes_{};
  std::unique_ptr<SqliteDesk> desk_{};
  std::unique_ptr<SqliteSearchSource> search_source_{};
  std::unique_ptr<Writer> writer_{};  // none when read-only
  std::mutex holds_mutex_{};
  std::vector<Hold> holds_{};  // under holds_mutex_
  std::thread collector_{};    // "journal-collect": removes orphans once after the start
  std::atomic<bool> closing_{false};
  std::mutex close_mutex_{};
  int lock_ = -1;
};

// drop_bodies.cpp: one batch; adds files that nothing names any more to `unused` and answers how
// many messages were dropped.
std::uint64_t drop_some_bodies(Change& change, ContentStore& contents, Timestamp before,
                               std::vector<HeldContent>& unused);
// Names the files of a transition, in the transaction that uses them.
void name_contents(Change& change, const std::vector<HeldContent>& contents);

}  // namespace certbridge::host
