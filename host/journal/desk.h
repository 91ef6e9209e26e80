// What people look at and decide: what is parked, the record of their acts, replays and reviews.
// Changes are parts of a Transition (journal/store.h), so that an act and its record are one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "certbridge/message.h"
#include "journal/registered.h"
#include "journal/waiting.h"

namespace certbridge::host {

// Who did what, when and why. Kept for ever; reason and detail are encrypted, because people write
// names into them.
struct Action {
  std::int64_t id = 0;      // given by the journal
  Timestamp when{};         // given by the journal
  std::string person{};     // the acting person's name in the configuration
  std::string role{};       // under which he acted
  std::string operation{};  // "parked discard"
  std::string target{};     // message, "MESSAGE:DELIVERY", "replay 3", "review 7"
  std::string reason{};
  std::string detail{};  // what else was given: "event-type: SHANZHEN -> SHANZHENG"
};
struct ActionQuery {
  std::string target{};  // empty: any
  std::string person{};
  std::int64_t before = 0;  // id; 0: from the newest on
  std::size_t limit = 100;
};

enum class ParkedKind : std::uint8_t {
  kMessage = 1,   // its steps were refused
  kDelivery = 2,  // refused by the counterpart, or attempts used up
  kRepair = 3,    // rejected after it was delivered
};
std::string to_text(ParkedKind kind);  // "message", "delivery", "repair"

struct ParkedItem {
  ParkedKind kind = ParkedKind::kMessage;
  std::int64_t delivery_id = 0;  // 0: a message
  std::string message_id{};
  std::string delivery{};  // name; empty: a message
  std::string endpoint{};
  std::string route{};
  std::string type{};
  std::string area{};
  std::uint64_t order_number = 0;
  Timestamp changed{};  // when it was parked
  int attempts = 0;
  bool has_receipt = false;
  std::string error_code{};
  std::string error_message{};
};
// What is empty does not narrow.
struct ParkedQuery {
  bool messages = true;
  bool deliveries = true;  // and repair cases
  std::string endpoint{};  // then no messages: they have none yet
  std::string route{};
  std::string code{};
  std::optional<Timestamp> from{};   // parked at or after
  std::optional<Timestamp> until{};  // parked before
  std::uint64_t after_order_number = 0;
  std::size_t limit = 100;  // of each kind
};

// How many of a kind are parked for the same reason; `attempted`: something may have left for them.
struct ParkedCount {
  ParkedKind kind = ParkedKind::kMessage;
  std::string endpoint{};
  std::string code{};
  bool attempted = false;
  std::uint64_t count = 0;
};

enum class ReplayState : std::uint8_t { kRunning = 1, kPaused = 2, kStopped = 3, kFinished = 4 };
enum class ReplayItemState : std::uint8_t {
  kWaiting = 1,
  kReplayed = 2,
  kSkipped = 3,  // was no longer parked when its turn came
};
std::string to_text(ReplayState state);
std::string to_text(ReplayItemState state);

struct ReplayJob {
  std::int64_t id = 0;
  ReplayState state = ReplayState::kRunning;
  int rate = 1;  // items a second
  std::uint64_t waiting = 0;
  std::uint64_t replayed = 0;
  std::uint64_t skipped = 0;
  Timestamp created{};
  Timestamp changed{};
  std::string person{};
  std::string role{};
  std::string selection{};  // for people: "endpoint library, code library.refused"
  bool unconfirmed = false;
};
struct ReplayItem {
  std::int64_t job = 0;
  std::int64_t item = 0;
  std::string message_id{};
  std::int64_t delivery_id = 0;  // 0: the message itself
  ReplayItemState state = ReplayItemState::kWaiting;
};
struct ReplayStart {
  ParkedQuery query{};
  int rate = 1;
  // Sent again without asking the counterpart first: the person answers for it.
  bool unconfirmed = false;
  std::uint64_t expected = 0;  // "replay.not_as_expected" when it would be another number
  std::string selection{};
};
struct ReplayStateChange {
  std::int64_t job = 0;
  std::vector<ReplayState> expected{};
  ReplayState state = ReplayState::kPaused;
};
struct ReplayProgress {
  std::int64_t job = 0;
  std::int64_t item = 0;
  ReplayItemState state = ReplayItemState::kReplayed;
};

enum class ReviewState : std::uint8_t {
  kWaiting = 1,
  kReleased = 2,
  kReturned = 3,
  kSuperseded = 4,  // the record changed, or the message ended, before anybody decided
};
std::string to_text(ReviewState state);

// One prepared certificate before a reviewer. The digest says what he sees: another preparation is
// another review.
struct Review {
  std::int64_t id = 0;
  std::string message_id{};  // the event, whose steps wait
  std::string subject{};     // id of the prepared certificate: "m-0000000012/0"
  std::string step{};
  Sm3Digest digest{};
  ReviewState state = ReviewState::kWaiting;
  Timestamp asked{};
  std::optional<Timestamp> decided{};
  std::string person{};
  std::string reason{};
};
struct ReviewAsked {
  std::string message_id{};
  std::string subject{};
  std::string step{};
  Sm3Digest digest{};
};
struct ReviewDecision {
  std::int64_t id = 0;
  ReviewState state = ReviewState::kReleased;  // or kReturned
  std::string person{};
  std::string reason{};
};
// A verdict that belongs to nothing that is known, or that contradicts how its delivery has ended.
struct ParkedVerdict {
  std::int64_t id = 0;
  std::string endpoint{};
  std::string correlation{};
  Outcome outcome{};
  Timestamp received{};
  bool contradicts = false;
  std::string message_id{};  // what it contradicts; empty when it belongs to nothing
  std::string delivery{};
  std::string ended{};  // how that delivery has ended: "discarded"
};

// Under which the prepared certificate of a review is kept among the results of steps.
std::string review_step_key(const std::string& subject, const std::string& step,
                            const Sm3Digest& digest);

// A change: earlier certificates and new ones, and how far it has come (docs/life.md).
enum class LinkedState : std::uint8_t {
  kUnderWay = 1,  // half done
  kComplete = 2,
  kGivenUp = 3,  // none of the new ones came into being; the earlier ones stand
};
std::string to_text(LinkedState state);    // "under-way", "complete", "given-up"
std::string to_text(ChangePolicy policy);  // "at-booking", "after-collection"
enum class LinkedStanding : std::uint8_t {
  kStands = 1,     // an earlier one that has not ended
  kEnded = 2,      // an earlier one
  kAwaited = 3,    // a new one that is not collected yet
  kCollected = 4,  // a new one
  kFailed = 5,     // a new one that was voided before it was collected
  kOver = 6,       // a new one that ended otherwise before it was collected: its time is over
};
std::string to_text(LinkedStanding standing);  // "stands", "ended", "awaited", ...
struct LinkedMember {
  std::string number{};      // as written, or normalised where only that is known
  std::string identifier{};  // may be empty
  LinkedStanding standing = LinkedStanding::kStands;
};
struct LinkedSet {
  std::int64_t id = 0;
  std::string area{};
  std::string case_no{};
  ChangePolicy policy = ChangePolicy::kAtBooking;
  LinkedState state = LinkedState::kUnderWay;
  Timestamp opened{};
  Timestamp changed{};
  std::vector<LinkedMember> members{};  // earlier ones first
};
// What is empty does not narrow.
struct LinkedQuery {
  std::optional<LinkedState> state{};
  std::optional<Timestamp> opened_before{};
  std::size_t limit = 100;
};
// How many are half done since before a time, and since when the oldest is.
struct LinkedCount {
  std::uint64_t count = 0;
  std::optional<Timestamp> oldest{};
};

// Certificates in being whose term ends within these days, the earliest first.
struct TermQuery {
  std::optional<std::chrono::sys_days> from{};   // first day
  std::optional<std::chrono::sys_days> until{};  // last day
  std::string area{};
  std::string type{};      // type code
  bool untreated = false;  // only those whose end was not dealt with yet
  std::size_t limit = 100;
};

// Any thread may ask; each question is answered from one committed snapshot.
class Desk {
 public:
  virtual ~Desk() = default;

  virtual Result<std::vector<Action>> actions(const ActionQuery& query) = 0;  // newest first
  virtual Result<std::vector<ParkedItem>> parked(const ParkedQuery& query) = 0;

  // Of what a replay of this selection would take up; `limit` does not count.
  virtual Result<std::vector<ParkedCount>> count_parked(const ParkedQuery& query) = 0;

  // Takes what is parked now, in the order of acceptance, into a new job; answers its number.
  // `action.target` is filled in. "replay.nothing" when nothing fits.
  virtual Result<std::int64_t> start_replay(const ReplayStart& start, Action action) = 0;
  virtual Result<std::vector<ReplayJob>> replay_jobs(std::size_t limit) = 0;  // newest first
  virtual Result<std::vector<ReplayJob>> running_replays() = 0;  // without their counts
  virtual Result<ReplayJob> replay_job(std::int64_t id) = 0;     // "replay.no_such_job"
  // In the order of acceptance.
  virtual Result<std::vector<ReplayItem>> replay_items(std::int64_t job, ReplayItemState state,
                                                       std::size_t limit) = 0;

  // In order of asking; `state` narrows.
  virtual Result<std::vector<Review>> reviews(std::optional<ReviewState> state,
                                              std::size_t limit) = 0;
  virtual Result<Review> review(std::int64_t id) = 0;  // "review.no_such_review"
  virtual Result<std::optional<Review>> review_of(const std::string& subject,
                                                  const std::string& step,
                                                  const Sm3Digest& digest) = 0;

  virtual Result<std::vector<LinkedSet>> linked_sets(const LinkedQuery& query) = 0;  // oldest first
  virtual Result<LinkedCount> half_done(Timestamp opened_before) = 0;

  virtual Result<std::vector<RegisteredCertificate>> terms(const TermQuery& query) = 0;
  virtual Result<TermsNote> terms_note() = 0;
  // In order of arrival, those behind `after`.
  virtual Result<std::vector<ParkedVerdict>> parked_verdicts(std::int64_t after,
                                                             std::size_t limit) = 0;
  // What waits for an earlier one, oldest first; an empty endpoint: everything, also messages.
  virtual Result<std::vector<WaitingItem>> waiting(const std::string& endpoint,
                                                   std::size_t limit) = 0;
};

}  // namespace certbridge::host
