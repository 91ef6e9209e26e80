// The journal as the engine sees it: durable messages, deliveries, ledger and memory, changed in
// units of transitions. One contract suite (tests/host/store_contract.h) holds for every store.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "certbridge/context.h"
#include "certbridge/message.h"
#include "journal/registered.h"

namespace certbridge::host {

enum class MessageState : std::uint8_t {
  kAccepted = 1,    // journalled, steps not run yet
  kIncomplete = 2,  // the steps asked for more time (retryable); tried again at `next_at`
  kInReview = 3,
  kRouted = 4,  // children and deliveries are stored
  kDone = 5,    // every delivery is settled or parked
  kParked = 6,  // set aside for a person
  kSuperseded = 7,
  kWithdrawn = 8,
  kNotHeld = 9,  // a change to what nobody here ever had: final, counted, calls no person
};
enum class DeliveryState : std::uint8_t {
  kWaiting = 1,  // for an earlier event of one of its keys, or for `after`
  kReady = 2,
  kSending = 3,  // an attempt is under way, or was when the process died
  kDelivered = 4,
  kOpen = 5,     // received; the verdict follows; asked about from `next_at` on
  kRetryAt = 6,  // failed before it could have had an effect, or found absent: tried at `next_at`
  kUnknown = 7,  // an attempt's outcome is not known: confirm at `next_at` before sending again
  kNotHeld = 8,
  kDiscarded = 9,
  kSuperseded = 10,
  kParked = 11,
  kRepair = 12,  // rejected after it was delivered
};
std::string to_text(MessageState state);   // "accepted", "in-review", ...
std::string to_text(DeliveryState state);  // "retry-at", "not-held", ...
bool is_final(DeliveryState state);        // delivered, not held, discarded, superseded
bool is_settled_or_parked(DeliveryState state);
bool falls_due(DeliveryState state);  // open, retry-at, unknown: taken up again at `next_at`

// What is known of one stored message. Headers, body and attachments are decrypted on read;
// attachments are handles that read and check their file in pieces.
struct StoredMessage {
  Message message{};
  std::string source{};  // endpoint that handed it over
  std::string parent{};  // id, or empty
  std::string route{};
  MessageState state = MessageState::kAccepted;
  int attempts = 0;  // of the steps
  Timestamp next_at{};
  Timestamp changed{};
  std::string error_code{};
  std::string error_message{};
  // Digests of files for which the seal gate gave a verdict in the steps of this message.
  std::vector<Sm3Digest> gate_verdicts{};
};

struct StoredDelivery {
  std::int64_t id = 0;
  std::string message_id{};
  std::string name{};  // of the deliver element; unique within the message
  std::string endpoint{};
  std::string route{};
  std::vector<std::string> after{};  // names of deliveries of the same message
  std::uint64_t order_number = 0;
  DeliveryState state = DeliveryState::kWaiting;
  int attempts = 0;
  Timestamp next_at{};
  Timestamp changed{};
  std::optional<Timestamp> last_attempt{};  // when the last send began; once it failed: when
  std::optional<Receipt> receipt{};
  std::string error_code{};
  std::string error_message{};
  // Of a waiting delivery, as deliveries() answers it: the earlier message or delivery that holds
  // it back, for people ("parked message m-0000000012"). Empty otherwise.
  std::string waits_for{};
};

struct TraceEntry {
  std::string message_id{};
  Timestamp when{};
  std::string step{};     // "compose", "deliver library", "accept"
  std::string outcome{};  // "ok", or the error code
  std::string text{};     // for people; no personal data
  std::chrono::microseconds took{0};
};

struct PlannedDelivery {
  std::string name{};
  std::string endpoint{};
  std::string route{};
  std::vector<std::string> after{};
  Collects collects{};
};

// A message that the steps made: stored with its deliveries in the transaction that marks the
// parent routed.
struct RoutedChild {
  Message message{};  // id set by the engine: "<parent>/<index>"
  std::string route{};
  std::vector<Sm3Digest> gate_verdicts{};
  std::vector<PlannedDelivery> deliveries{};
  // Where it ends once all its deliveries have ended: done, superseded or not held; and why.
  MessageState ends = MessageState::kDone;
  std::string error_code{};
  std::string error_message{};
};

struct MessageChange {
  std::string id{};
  std::vector<MessageState>
      expected{};  // fails with "journal.state_changed" otherwise; empty = any
  MessageState state = MessageState::kAccepted;
  int attempts = 0;
  Timestamp next_at{};
  std::string route{};
  std::string error_code{};
  std::string error_message{};
};

struct DeliveryChange {
  std::int64_t id = 0;
  std::vector<DeliveryState> expected{};
  DeliveryState state = DeliveryState::kReady;
  int attempts = 0;
  Timestamp next_at{};
  std::optional<Timestamp> last_attempt{};
  std::optional<Receipt> receipt{};
  std::string error_code{};
  std::string error_message{};
};

struct MemoryChange {
  std::string endpoint{};
  OrderKey key{};
  std::string name{};
  std::string value{};
};
struct CounterChange {  // the number that `step_key` holds of a counter
  std::string endpoint{};
  std::string counter{};
  std::string step_key{};
  std::uint64_t number = 0;
};

// The durable result of a step with an outside effect.
struct StepResult {
  std::string step_key{};
  std::vector<Message> messages{};
};

// One atomic change. All of it is on stable storage when apply() returns, or none of it.
struct Transition {
  std::vector<MessageChange> messages{};
  std::vector<RoutedChild> children{};
  std::vector<PlannedDelivery> deliveries{};  // of the message in messages[0] itself
  std::vector<DeliveryChange> delivery_changes{};
  std::vector<MemoryChange> memory{};
  std::vector<CounterChange> counters{};
  std::vector<StepResult> step_results{};
  std::vector<RegisterChange> certificates{};
  std::vector<TraceEntry> trace{};
};

struct MessageQuery {
  std::optional<MessageState> state{};
  std::string case_no{};
  std::string certificate_number{};  // any form; compared normalised
  std::string area{};
  std::string type{};
  std::string source{};
  // Only messages with an open delivery whose verdict was expected by then.
  std::optional<Timestamp> verdict_overdue_at{};
  std::uint64_t after_order_number = 0;
  std::size_t limit = 100;
};

// Verdicts of one endpoint that a person has to look after.
struct VerdictAlarms {
  std::string endpoint{};
  std::uint64_t overdue = 0;    // open deliveries whose verdict was expected before now
  std::uint64_t unmatched = 0;  // verdicts whose correlation no receipt has named so far
  std::optional<Timestamp> oldest_unmatched{};  // when it was received
};

// Counters for metrics and health, from a committed snapshot.
struct StoreFigures {
  std::uint64_t messages_by_state[16]{};
  std::vector<std::pair<std::string, std::vector<std::uint64_t>>>
      deliveries_by_endpoint_and_state{};
  std::uint64_t wal_bytes = 0;
  std::uint64_t commits = 0;
  std::uint64_t transitions = 0;
  std::chrono::microseconds commit_p50{0};
  std::chrono::microseconds commit_p99{0};
  std::uint64_t largest_wal_bytes = 0;
};

// Any thread may call anything; changes are committed by one writer thread in groups.
class Store {
 public:
  virtual ~Store() = default;

  // Takes messages from a source (1..256). Checks the ledger of (source, source key) in the same
  // transaction: the same content digest is answered kSame, another kConflict. A message whose
  // header "intake-error-code" is set is stored as parked and answered kRefused. Of a classified
  // message only case key and fact are kept; it is parked with "intake.classified" and kRefused.
  // Returns once all are durable. kBusy when the queue or disk is full.
  virtual std::vector<Acceptance> accept(const std::string& source,
                                         std::vector<Message> messages) = 0;

  // "journal.state_changed" when an expectation does not hold (nothing is changed then),
  // "journal.failed" when the disk refused.
  virtual Result<void> apply(Transition transition) = 0;

  // A verdict on an open receipt. Matches (endpoint, correlation) to its delivery; one that is not
  // known is kept and matched to a receipt that arrives later. Durable when it returns.
  virtual Result<void> settle(const Correlation& correlation, const Outcome& outcome) = 0;

  // Messages whose steps may run now: accepted ones that no earlier accepted message shares a key
  // with, and incomplete ones that are due; in order of acceptance, without those in `exclude`.
  virtual Result<std::vector<StoredMessage>> due_messages(
      Timestamp now, std::size_t limit, const std::vector<std::string>& exclude) = 0;
  // Ready deliveries and due retries, unknowns and open ones of one endpoint, in order of
  // acceptance, without those in `exclude`.
  virtual Result<std::vector<StoredDelivery>> due_deliveries(
      const std::string& endpoint, Timestamp now, std::size_t limit,
      const std::vector<std::int64_t>& exclude) = 0;
  // When, later than `after`, the next incomplete message or delivery falls due; none when nothing
  // does. What was due by then is already under way or waits for room.
  virtual Result<std::optional<Timestamp>> next_due(Timestamp after) = 0;

  virtual Result<StoredMessage> message(const std::string& id) = 0;  // "journal.no_such_message"
  virtual Result<std::vector<StoredMessage>> messages(const MessageQuery& query) = 0;
  virtual Result<std::vector<StoredMessage>> children(const std::string& id) = 0;
  virtual Result<std::vector<StoredMessage>> messages_with_key(const OrderKey& key,
                                                               std::size_t limit) = 0;
  virtual Result<std::vector<StoredDelivery>> deliveries(const std::string& message_id) = 0;
  virtual Result<std::vector<TraceEntry>> trace(const std::string& message_id) = 0;
  virtual Result<std::optional<StepResult>> step_result(const std::string& step_key) = 0;
  // The certificate of this key in the register.
  virtual Result<std::optional<RegisteredCertificate>> certificate(const OrderKey& key) = 0;
  virtual Result<std::optional<std::string>> memory(const std::string& endpoint,
                                                    const OrderKey& key,
                                                    const std::string& name) = 0;
  // The number that the step key already holds, if any, and the next free one.
  virtual Result<std::pair<std::optional<std::uint64_t>, std::uint64_t>> counter(
      const std::string& endpoint, const std::string& counter, const std::string& step_key) = 0;
  virtual Result<std::uint64_t> count_facts(const FactsQuery& query) = 0;
  virtual Result<std::vector<DeliveryFact>> list_facts(const FactsQuery& query,
                                                       std::size_t limit) = 0;
  // Encrypted writer for content above what memory may hold.
  virtual Result<std::unique_ptr<ContentWriter>> spool() = 0;
  virtual Result<StoreFigures> figures() = 0;
  // One entry for each endpoint that has any.
  virtual Result<std::vector<VerdictAlarms>> verdict_alarms(Timestamp now) = 0;

  // Called (from the writer thread, never with locks held) after each commit that made messages or
  // deliveries due.
  virtual void on_work(std::function<void()> wake) = 0;
  // Drops body and attachments of some messages that ended before `before`; ledger, receipts,
  // headers and digests stay. Reading a dropped body fails with "content.dropped". Answers how
  // many: none when nothing is left to drop.
  virtual Result<std::uint64_t> drop_bodies(Timestamp before) = 0;
  // Finishes what was submitted, checkpoints and closes. Called once.
  virtual void close() = 0;
};

struct StoreSettings {
  std::string folder{};      // data folder; made when absent, mode 0700
  std::string master_key{};  // 32 bytes
  std::string master_key_id{};
  std::size_t group_limit = 128;
  std::size_t queue_limit = 4096;  // transitions waiting for the writer; above it accept is busy
  std::uint64_t restart_wal_bytes = 64ULL << 20;
  std::uint64_t largest_message_bytes = 64ULL << 20;  // above it a message is refused
  std::uint64_t reserve_bytes = 0;  // room kept for deliveries when the disk is full; 0: none
  bool read_only = false;
  std::string cipher{"aes-256-gcm"};  // or "sm4-ctr-hmac-sm3"; for what is written from now on
  // Endpoints whose next delivery of a key may go once the one before has a receipt at all.
  std::set<std::string> order_accepted{};
  const Clock* clock = nullptr;  // outlives the store
};

// Opens or creates the journal. On open every delivery that was `sending` becomes `unknown`.
// "journal.wrong_key", "journal.damaged", "journal.newer_format", "journal.in_use".
Result<std::unique_ptr<Store>> open_sqlite_store(const StoreSettings& settings);

}  // namespace certbridge::host
