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
#include "journal/desk.h"
#include "journal/figures.h"
#include "journal/hold.h"
#include "journal/lane.h"
#include "journal/pause.h"
#include "journal/registered.h"
#include "journal/search_term.h"
#include "journal/type_lane.h"
#include "journal/waiting.h"

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
  kDiscarded = 10,  // was parked; a person gave it up, with a reason
  kNotHeld = 9,     // a change to what nobody here ever had: final, counted, calls no person
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
// What the attempts of a delivery have left at its counterpart, as far as is known.
enum class Reach : std::uint8_t {
  kNothing = 0,  // never sent, or asked for and found absent
  kUnknown = 1,
  kRefused = 2,  // sent once at least, and refused for good: nothing of it is there
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
  Lane lane = Lane::kLive;
  MessageState state = MessageState::kAccepted;
  int attempts = 0;         // of the steps
  Timestamp since{};        // accepted, or let run anew by a person: from when it may be incomplete
  bool ran_before = false;  // a person let it run anew
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
  Lane lane = Lane::kLive;
  DeliveryState state = DeliveryState::kWaiting;
  int attempts = 0;
  Timestamp next_at{};
  Timestamp changed{};
  std::optional<Timestamp> last_attempt{};  // when the last send began; once it failed: when
  std::optional<Receipt> receipt{};
  std::string error_code{};
  std::string error_message{};
  Reach reach = Reach::kNothing;
  // A later event has made it needless: its counterpart may be asked about it, but is not sent it.
  bool ask_only = false;
  // Of a waiting delivery, as deliveries() answers it: the earlier message or delivery that holds
  // it back, for people ("parked message m-0000000012"). Empty otherwise.
  std::string waits_for{};
  // Of one that has not ended, as deliveries() answers it: why it is not taken up for now, a
  // sentence for people ("held by zhang since 2026-11-24T06:00:00.000Z: moving"). Empty otherwise.
  std::string held{};
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
  Bearing bearing{};
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
  std::vector<SearchTerm> search_terms{};  // beside case and certificate number
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
  // Of one that is incomplete: later messages and deliveries of its keys wait for it. False where
  // its route can neither enter nor deliver anything, so that nothing may come before it.
  bool holds_back = true;
  bool anew = false;                 // a person lets it run from its first step again
  std::optional<Headers> headers{};  // in place of those it has: repaired by a person
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
  std::optional<Reach> reach{};  // what is known by now; as before when empty
  // A send that counts to the endpoint's quota in this hour.
  std::optional<std::int64_t> counts_in_hour{};
  // It waits in this lane in place of `next_at`; when the lane is not held by then, it is due soon.
  std::optional<LaneWait> waits_in{};
  // What its counterpart says of it after all, whatever correlation its receipt has: as a verdict
  // that came by itself. What follows from that is in place of all the others.
  std::optional<Outcome> verdict{};
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
  std::vector<LinkedChange> linked{};
  std::vector<TermDecision> terms{};
  std::optional<TermsNote> terms_note{};
  std::vector<TraceEntry> trace{};
  // Parked verdicts that a person gives up. "verdict.not_parked" when one is not parked any more.
  std::vector<std::int64_t> verdicts_given_up{};
  // What people did and decided. "journal.state_changed" when a review was decided or superseded,
  // or a replay has moved on, by then.
  std::vector<Action> actions{};
  std::vector<ReviewAsked> reviews_asked{};
  std::optional<ReviewDecision> review_decision{};
  std::optional<ReplayStateChange> replay_state{};
  std::optional<ReplayProgress> replay_progress{};
  // For route(): where the deliveries of these children, and of messages[0], may be sent at once.
  std::set<std::string> send_at_once{};
};

// What a source handed over, and what of it may run its steps right away.
struct TakenIn {
  std::vector<Acceptance> answers{};  // one for each, in their order
  std::vector<StoredMessage> ready{};
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

class SearchSource;

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

  // The same, and answers the small messages (body in the journal's row, no attachments) that
  // nothing holds back, as due_messages() would. on_work() is not told of them: whoever cannot take
  // one up at once looks for what is due himself.
  virtual TakenIn take_in(const std::string& source, std::vector<Message> messages) = 0;

  // "journal.state_changed" when an expectation does not hold (nothing is changed then),
  // "journal.failed" when the disk refused.
  virtual Result<void> apply(Transition transition) = 0;
  // The same. A new delivery at one of the endpoints in `send_at_once` that nothing holds back is
  // not made ready but marked `sending`, its first attempt begun, and is answered as it was before
  // the mark but for that. Whoever asks sends it now, or gives it back as ready.
  virtual Result<std::vector<StoredDelivery>> route(Transition transition) = 0;
  // The same without waiting for the disk: `then` is called once, on a thread of the journal or,
  // when the transition is not taken, here. It must neither wait nor ask the store for anything.
  using Routed = std::function<void(Result<std::vector<StoredDelivery>> begun)>;
  virtual void route_later(Transition transition, Routed then) = 0;

  // A verdict on an open receipt. Matches (endpoint, correlation) to its delivery; one that is not
  // known is kept and matched to a receipt that arrives later. Durable when it returns.
  virtual Result<void> settle(const Correlation& correlation, const Outcome& outcome) = 0;

  // Messages whose steps may run now: accepted ones that no earlier accepted message shares a key
  // with, and incomplete ones that are due; by lane, and in a lane in order of acceptance, without
  // those in `exclude` and those in lanes behind `down_to`. Cheap for the first lane.
  virtual Result<std::vector<StoredMessage>> due_messages(Timestamp now, std::size_t limit,
                                                          const std::vector<std::string>& exclude,
                                                          Lane down_to) = 0;
  // Ready deliveries and due retries, unknowns and open ones of one endpoint that no hold keeps
  // waiting; in the same order, with the same left out.
  virtual Result<std::vector<StoredDelivery>> due_deliveries(
      const std::string& endpoint, Timestamp now, std::size_t limit,
      const std::vector<std::int64_t>& exclude, Lane down_to) = 0;
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
  // Parks the verdicts of an endpoint that no receipt has named, that were received at or before
  // `received_until`, and that no send can still claim: none there is unanswered or unknown whose
  // last attempt began before the verdict came. At most 1,000 at once; answers how many.
  virtual Result<std::uint64_t> park_verdicts(const std::string& endpoint,
                                              Timestamp received_until) = 0;
  // What was accepted at or before `accepted_until` and waits for an earlier one. One entry for
  // each endpoint that has any; each counted up to `count_at_most`, which is what it costs.
  virtual Result<std::vector<WaitingAlarm>> waiting_alarms(Timestamp accepted_until,
                                                           std::size_t count_at_most) = 0;

  // Puts everything, one endpoint or one route on hold; `since` is set here. Durable and in force
  // when it returns: due_deliveries() and holds() know it. "journal.held_already", "journal.hold"
  // (no person, no reason, name missing).
  virtual Result<void> hold(const Hold& hold) = 0;
  virtual Result<void> release(const Release& release) = 0;  // "journal.not_held", "journal.hold"
  // Those in force, oldest first. Cheap: asked before each delivery.
  virtual Result<std::vector<Hold>> holds() = 0;
  // Notes that an endpoint is delivered nothing for one cause (in place of what was noted of it),
  // and that this is over. Picking does not look at it: the engine decides.
  virtual Result<void> pause(const Pause& pause) = 0;
  virtual Result<void> resume(const std::string& endpoint, PauseCause cause) = 0;
  virtual Result<std::vector<Pause>> pauses() = 0;
  // Sends of the last days that counted to the endpoint's quota.
  virtual Result<std::vector<SendCount>> send_counts(const std::string& endpoint) = 0;

  // Which types wait at which endpoint; lives as long as the store.
  virtual TypeLaneBook& type_lanes() = 0;
  // What people look at and decide; lives as long as the store.
  virtual Desk& desk() = 0;
  // What an index of messages is filled from and asked beside; lives as long as the store.
  virtual SearchSource& search_source() = 0;

  // Called (from the writer thread or that of a release, one at a time) after each commit that made
  // messages or deliveries due. Who was called before is not called any more once this returns, so
  // `wake` may neither call it nor wait for who does.
  virtual void on_work(std::function<void()> wake) = 0;
  // Drops body and attachments of some messages that ended before `before`; ledger, receipts,
  // headers and digests stay. Reading a dropped body fails with "content.dropped". Answers how
  // many: none when nothing is left to drop.
  virtual Result<std::uint64_t> drop_bodies(Timestamp before) = 0;
  // Finishes what was submitted, checkpoints and closes. Again it does nothing; any thread.
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
  // Whether an endpoint's next delivery of a key may go once the one before has a receipt at all;
  // none when empty. Asked when a delivery comes into a state; any thread, and it must not wait.
  std::function<bool(const std::string& endpoint)> goes_on_receipt{};
  // Endpoints whose later deliveries of a key wait for the repair of what was rejected late.
  std::set<std::string> repair_holds{};
  // The lane of a message that a source hands over; live when empty. Any thread.
  std::function<Lane(const std::string& source, const Message& message)> lane_of{};
  const Clock* clock = nullptr;  // outlives the store
};

// Opens or creates the journal. On open every delivery that was `sending` becomes `unknown`.
// "journal.wrong_key", "journal.damaged", "journal.newer_format", "journal.in_use".
Result<std::unique_ptr<Store>> open_sqlite_store(const StoreSettings& settings);

}  // namespace certbridge::host
