// The parts of one change to the journal. Every function here runs on the writer's thread, inside
// its transaction, and throws Failure; what it did is undone with the savepoint then.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "journal/codec.h"
#include "journal/content_store.h"
#include "journal/database.h"
#include "journal/keyring.h"
#include "journal/store.h"

namespace certbridge::host {

// How many more (or fewer) messages and deliveries are in each state.
struct Tally {
  std::array<std::int64_t, 16> messages{};
  std::map<std::string, std::array<std::int64_t, 16>> deliveries{};
  void add(const Tally& other);
};

// What the writer's thread works with; lives as long as it.
struct WriterState {
  Connection& connection;
  const Keyring& keys;
  std::function<bool(const std::string& endpoint)> goes_on_receipt{};
  std::set<std::string> repair_holds{};
  std::function<Lane(const std::string&, const Message&)> lane_of{};
  std::int64_t next_number = 1;  // of messages; given back when the transaction fails
  // After a restore: deliveries of messages up to this order number may have been sent by the life
  // that was lost, and none of it after `doubt_since` (milliseconds since 1970). 0: no doubt.
  std::int64_t doubt_up_to = 0;
  std::int64_t doubt_since = 0;
};

// New deliveries that are marked as sending in the change that makes them (Store::route).
struct SendAtOnce {
  std::set<std::string> endpoints{};
  std::vector<StoredDelivery> begun{};
};

// One change under way.
struct Change {
  WriterState& writer;
  Timestamp now{};
  Tally tally{};
  bool made_work = false;  // something may have become due
  SendAtOnce* at_once = nullptr;
  Connection& connection() const { return writer.connection; }
  std::int64_t now_number() const { return now.time_since_epoch().count(); }
};

// A message prepared by the caller's thread: digests made, files written.
struct PreparedMessage {
  Message message{};  // without content
  MessageRecord record{};
  ContentPlace body{};
  std::string ledger_key{};           // 16 bytes; empty for children
  std::string content_digest{};       // 16 bytes
  std::string keys{};                 // 16 bytes for each order key
  std::vector<std::string> search{};  // digests under which it is found
  Lane lane = Lane::kLive;
  std::string error_code{};  // set when it is to be parked
  std::string error_message{};
};

// Identifiers: "m-0000000012" for order number 12, "m-0000000012/1" for its first child.
std::string message_id(std::int64_t order_number, const std::string& path);
// False for a text that names no message.
bool parse_message_id(const std::string& id, std::int64_t& order_number, std::string& path);
// Row number of a message; 0 when there is none.
std::int64_t find_message(Connection& connection, const std::string& id);

// accept_message.cpp
// `ready`: its steps may run.
Acceptance accept_message(Change& change, const std::string& source, PreparedMessage& message,
                          bool& ready);
struct NewMessage {
  std::int64_t order_number = 0;  // 0: the message's own row number
  std::string path{};
  std::int64_t parent = 0;
  std::string source{};
  std::string route{};
  MessageState state = MessageState::kAccepted;
  bool ready = false;  // its steps may run: no earlier accepted message has one of its keys
  std::vector<Sm3Digest> verdicts{};
  MessageState ends = MessageState::kDone;
  Lane lane = Lane::kLive;
};
// Stores row, record, keys and names of content; answers the row number.
std::int64_t insert_message(Change& change, PreparedMessage& message, const NewMessage& as);

// transition.cpp
struct PreparedTransition {
  Transition transition{};
  std::vector<PreparedMessage> children{};
  std::vector<std::pair<std::string, std::vector<PreparedMessage>>> step_results{};
};
void apply_transition(Change& change, PreparedTransition& prepared);
void write_trace(Change& change, std::int64_t number, const TraceEntry& entry);

// message_change.cpp
struct MessageRow {
  std::int64_t number = 0;
  MessageState state = MessageState::kAccepted;
  std::int64_t order_number = 0;
  std::string keys{};
  std::string source{};
  Lane lane = Lane::kLive;
};
MessageRow read_message(Change& change, std::int64_t number);
// The row as it is, in one of the states that were expected.
MessageRow check_message(Change& change, const MessageChange& wanted);
void change_message(Change& change, const MessageRow& row, const MessageChange& wanted);
// Marks a routed message done when nothing of it is left to do, and a done one routed when
// something is again; then its parent.
void review_done(Change& change, std::int64_t number);

// delivery_change.cpp
struct DeliveryRow {
  std::int64_t id = 0;
  std::int64_t number = 0;
  std::int64_t order_number = 0;
  std::string endpoint{};
  DeliveryState state = DeliveryState::kWaiting;
  std::string keys{};
  std::string name{};
  std::vector<std::string> after{};
  bool was_attempted = false;  // by this journal, or known to be asked about
  std::string collects{};      // see encode_collects()
  Bearing::Kind bearing = Bearing::Kind::kNone;
  std::string certificate{};  // digest of the certificate that it bears on; or empty
  Reach reach = Reach::kNothing;
  bool ask_only = false;
  Lane lane = Lane::kLive;
};
DeliveryRow read_delivery(Change& change, std::int64_t id);
// The message that a delivery is of.
struct DeliveryOwner {
  std::int64_t number = 0;
  std::int64_t order_number = 0;
  std::string path{};
  std::string keys{};
  std::string type{};
  std::string area{};
  std::int64_t accepted = 0;  // milliseconds since 1970
  Lane lane = Lane::kLive;
};
DeliveryOwner read_owner(Change& change, std::int64_t number);
// False when it is on its way: its change asks for that (Store::route) and nothing holds it back.
// Else it waits, and is to be evaluated once everything of its change is stored.
bool insert_delivery(Change& change, const DeliveryOwner& owner, const PlannedDelivery& planned);
// The row as it is, in one of the states that were expected.
DeliveryRow check_delivery(Change& change, const DeliveryChange& wanted);
void change_delivery(Change& change, const DeliveryChange& wanted, DeliveryRow row);
// Notes what its attempts have left at the counterpart.
void set_reach(Change& change, DeliveryRow& row, Reach reach);
// Moves a delivery on and lets go what waited for it.
void set_delivery_state(Change& change, DeliveryRow& row, DeliveryState state);

// Whether deliveries that are `after` this one may go.
bool lets_go(DeliveryState state);

// readiness.cpp
bool is_free(Change& change, const DeliveryRow& row);
// After a restore it may have been sent by the life that was lost: the counterpart is asked first.
bool is_doubted(const Change& change, const DeliveryRow& row);
// Makes a waiting delivery ready when nothing holds it back any more.
void evaluate_delivery(Change& change, std::int64_t id);
void evaluate_message(Change& change, std::int64_t number);
// What stands behind it and has not begun waits from now on: it became ready while this one held
// nobody back.
void call_back(Change& change, const DeliveryRow& row);
// The next candidates of these keys, at one endpoint or (empty) at all.
void release_deliveries(Change& change, const std::string& keys, const std::string& endpoint);
void release_messages(Change& change, const std::string& keys);
// The first endpoint behind `after` at which deliveries of this key hold others back; or empty.
std::string next_endpoint(Change& change, const std::string& digest, const std::string& after);
std::vector<std::string> split_keys(const std::string& keys);

// lending.cpp
// What stands before a revocation with these keys goes in its lane from now on, and what stands
// before that: messages that are not routed and deliveries that have not ended.
void lend_lane(Change& change, const std::string& keys, std::int64_t order_number);

// parked_head.cpp
// A waiting delivery that ends its certificate, or issues it anew, makes needless what is parked or
// waits of it at the endpoint, where that is known not to have arrived (docs/reliability.md).
void overtake(Change& change, const DeliveryRow& waiting);
// The same for each delivery that waits for one that was parked just now.
void be_overtaken(Change& change, const DeliveryRow& parked);

// holds.cpp
void write_hold(Change& change, const Hold& hold);
void write_release(Change& change, const Release& release);

// pauses.cpp
void write_pause(Change& change, const Pause& pause);
void delete_pause(Change& change, const std::string& endpoint, PauseCause cause);
void count_send(Change& change, const std::string& endpoint, std::int64_t hour);
// type_lanes.cpp
void write_lane(Change& change, const TypeLane& lane);
// The delivery waits in the lane; when it falls due next. Where the lane is not held, that is in a
// few seconds: it was let go by now, or could not be stored yet.
std::int64_t wait_in_lane(Change& change, const LaneWait& wait, std::int64_t delivery);
std::optional<std::int64_t> probe_lane(Change& change, const TypeLaneName& name);
bool release_lane(Change& change, const TypeLaneName& name, std::size_t most);
// desk_change.cpp
void write_action(Change& change, const Action& action);
void ask_review(Change& change, const ReviewAsked& asked);
void decide_review(Change& change, const ReviewDecision& decision);
// Nobody needs to decide any more what still waits of this message.
void supersede_reviews(Change& change, std::int64_t number);
void change_replay(Change& change, const ReplayStateChange& wanted);
void move_replay_on(Change& change, const ReplayProgress& progress);
std::int64_t insert_replay(Change& change, const ReplayStart& start, const Action& action);
std::string action_place(std::int64_t at, const std::string& operation, const std::string& target);
std::string review_place(const std::string& subject, const std::string& step,
                         const std::string& digest);

// verdicts.cpp
void settle_verdict(Change& change, const Correlation& correlation, const Outcome& outcome);
// Of this one, although others may have its correlation, or it has none.
void judge_delivery(Change& change, DeliveryRow row, const DeliveryChange& wanted);
// A receipt with a correlation was stored: early verdicts are matched to it.
void match_receipt(Change& change, std::int64_t delivery, const Receipt& receipt);
// Deliveries behind this one were told "received", or how it had ended before it was taken up once
// more; they are told what it comes to.
void tell_followers(Change& change, const DeliveryRow& row);
std::string receipt_place(std::int64_t delivery);
// How a verdict stands, in the column `state`.
enum class VerdictState : std::uint8_t {
  kKept = 0,         // it was applied, says what is known, or a receipt may still name it
  kUnknown = 1,      // parked: nobody can name it any more
  kContradicts = 2,  // parked: its delivery has ended otherwise
  kGivenUp = 3,
};
std::uint64_t park_unknown_verdicts(Change& change, const std::string& endpoint,
                                    Timestamp received_until);
void give_up_verdict(Change& change, std::int64_t id);

// What binds a message's record and body to its row; read back in rows.cpp.
std::string record_place(std::int64_t number, std::int64_t order_number, const std::string& path,
                         const std::string& source, const Message& message);
std::string body_place(std::int64_t number);

}  // namespace certbridge::host
