// What people did and decided, inside the transaction of what came of it.
#include <algorithm>

#include "journal/change.h"
#include "journal/failure.h"
#include "journal/times.h"

namespace certbridge::host {
namespace {

Failure moved_on(const std::string& what) {
  return Failure(Error::permanent("journal.state_changed", what));
}

std::string asked_digest(const Sm3Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Parameters: ?1 endpoint, ?2 route, ?3 code, ?4 from, ?5 until, ?6 job.
constexpr const char* kTakeDeliveries =
    "insert into replay_items(job, item, number, delivery, state) "
    "select ?6, (select count(*) from replay_items where job = ?6) + row_number() over (order by "
    "d.order_number, d.id), d.number, d.id, 1 from deliveries d indexed by deliveries_set_aside "
    "where d.state in (11, 12) and "
    "(?1 = '' or d.endpoint = ?1) and (?2 = '' or d.route = ?2) and (?3 = '' or d.error_code = ?3) "
    "and d.changed >= ?4 and d.changed < ?5";
constexpr const char* kTakeMessages =
    "insert into replay_items(job, item, number, delivery, state) "
    "select ?6, (select count(*) from replay_items where job = ?6) + row_number() over (order by "
    "m.number), m.number, 0, 1 from messages m indexed by messages_parked where m.state = 6 and "
    "m.classified = 0 and "
    "m.error_code <> 'intake.too_large' and ?1 = '' "
    "and (?2 = '' or m.route = ?2) and (?3 = '' or m.error_code = ?3) and m.changed >= ?4 and "
    "m.changed < ?5";

std::int64_t take_items(Change& change, const char* sql, const ParkedQuery& query,
                        std::int64_t job) {
  return change.connection().run(sql, query.endpoint, query.route, query.code,
                                 number_of(query.from, 0), number_of(query.until, INT64_MAX), job);
}

// Releases the message once nobody is asked about any part of it any more.
void run_again(Change& change, std::int64_t number) {
  if (change.connection().exists("select 1 from reviews where number = ? and state = 1 limit 1",
                                 number)) {
    return;
  }
  Statement& row = change.connection().select(
      "iti", "select order_number, path, state from messages where number = ?", number);
  if (!row.next()) return;
  MessageChange again;
  again.id = message_id(row.integer(0), row.text(1));
  const bool waits = row.integer(2) == static_cast<int>(MessageState::kInReview);
  row.reset();
  if (!waits) throw moved_on("message " + again.id + " is no longer in review");
  again.state = MessageState::kAccepted;
  again.anew = true;
  change_message(change, read_message(change, number), again);
}

}  // namespace

std::string action_place(std::int64_t at, const std::string& operation, const std::string& target) {
  return ByteWriter()
      .text("actions.detail")
      .number(static_cast<std::uint64_t>(at), 8)
      .text(operation)
      .text(target)
      .take();
}
std::string review_place(const std::string& subject, const std::string& step,
                         const std::string& digest) {
  return ByteWriter().text("reviews.reason").text(subject).text(step).text(digest).take();
}

void write_action(Change& change, const Action& action) {
  const std::int64_t at = change.now_number();
  const std::string sealed =
      change.writer.keys.seal(action_place(at, action.operation, action.target),
                              ByteWriter().text(action.reason).text(action.detail).bytes());
  change.connection().run(
      "insert into actions(at, person, role, operation, target, detail) values (?, ?, ?, ?, ?, ?)",
      at, action.person, action.role, action.operation, action.target, Blob{sealed});
}

void ask_review(Change& change, const ReviewAsked& asked) {
  const std::int64_t number = find_message(change.connection(), asked.message_id);
  const std::string digest = asked_digest(asked.digest);
  const std::string nothing =
      change.writer.keys.seal(review_place(asked.subject, asked.step, digest), "");
  // One that was superseded (the record changed back) is asked again.
  change.connection().run(
      "insert into reviews(number, subject, step, digest, state, asked, person, reason) values "
      "(?1, "
      "?2, ?3, ?4, 1, ?5, '', ?6) on conflict(subject, step, digest) do update set state = 1, "
      "asked "
      "= ?5, decided = null where state = 4",
      number, asked.subject, asked.step, Blob{digest}, change.now_number(), Blob{nothing});
}

void decide_review(Change& change, const ReviewDecision& decision) {
  Statement& row = change.connection().select(
      "ittbi", "select number, subject, step, digest, state from reviews where id = ?",
      decision.id);
  if (!row.next()) {
    throw Failure(Error::permanent("review.no_such_review",
                                   "there is no review " + std::to_string(decision.id)));
  }
  const std::int64_t number = row.integer(0);
  const std::string place = review_place(row.text(1), row.text(2), row.blob(3));
  const auto state = static_cast<ReviewState>(row.integer(4));
  row.reset();
  if (state != ReviewState::kWaiting) {
    throw moved_on("review " + std::to_string(decision.id) + " is " + to_text(state) + " by now");
  }
  const std::string reason = change.writer.keys.seal(place, decision.reason);
  change.connection().run(
      "update reviews set state = ?, decided = ?, person = ?, reason = ? where id = ?",
      static_cast<int>(decision.state), change.now_number(), decision.person, Blob{reason},
      decision.id);
  // The event ends with what was returned; the rest of it needs no decision.
  if (decision.state == ReviewState::kReturned) supersede_reviews(change, number);
  run_again(change, number);
}

void supersede_reviews(Change& change, std::int64_t number) {
  change.connection().run(
      "update reviews set state = 4, decided = ? where number = ? and state = 1",
      change.now_number(), number);
}

void change_replay(Change& change, const ReplayStateChange& wanted) {
  const auto found =
      change.connection().number("select state from replay_jobs where id = ?", wanted.job);
  if (!found) {
    throw Failure(
        Error::permanent("replay.no_such_job", "there is no replay " + std::to_string(wanted.job)));
  }
  const auto state = static_cast<ReplayState>(*found);
  if (std::find(wanted.expected.begin(), wanted.expected.end(), state) == wanted.expected.end()) {
    throw moved_on("replay " + std::to_string(wanted.job) + " is " + to_text(state) + " by now");
  }
  change.connection().run("update replay_jobs set state = ?, changed = ? where id = ?",
                          static_cast<int>(wanted.state), change.now_number(), wanted.job);
}

void move_replay_on(Change& change, const ReplayProgress& progress) {
  Connection& connection = change.connection();
  if (!connection.exists("select 1 from replay_jobs where id = ? and state = 1", progress.job)) {
    throw moved_on("replay " + std::to_string(progress.job) + " is not running by now");
  }
  if (connection.run("update replay_items set state = ? where job = ? and item = ? and state = 1",
                     static_cast<int>(progress.state), progress.job, progress.item) == 0) {
    throw moved_on("item " + std::to_string(progress.item) + " of replay " +
                   std::to_string(progress.job) + " was taken already");
  }
  if (connection.exists("select 1 from replay_items where job = ? and state = 1 limit 1",
                        progress.job)) {
    return;
  }
  connection.run("update replay_jobs set state = 4, changed = ? where id = ?", change.now_number(),
                 progress.job);
}

std::int64_t insert_replay(Change& change, const ReplayStart& start, const Action& action) {
  change.connection().run(
      "insert into replay_jobs(state, rate, created, changed, person, role, selection, "
      "unconfirmed) values (1, ?, ?, ?, ?, ?, ?, ?)",
      start.rate, change.now_number(), change.now_number(), action.person, action.role,
      start.selection, start.unconfirmed);
  const std::int64_t job = *change.connection().number("select last_insert_rowid()");
  std::int64_t taken = 0;
  if (start.query.messages) taken += take_items(change, kTakeMessages, start.query, job);
  if (start.query.deliveries) taken += take_items(change, kTakeDeliveries, start.query, job);
  if (static_cast<std::uint64_t>(taken) != start.expected) {
    throw Failure(Error::permanent("replay.not_as_expected",
                                   std::to_string(taken) + " are parked that fit, not " +
                                       std::to_string(start.expected) + ": preview once more"));
  }
  if (taken == 0) {
    throw Failure(Error::permanent("replay.nothing",
                                   "nothing that is parked fits: look with "
                                   "`parked list`, and preview first"));
  }
  Action recorded = action;
  recorded.target = "replay " + std::to_string(job);
  write_action(change, recorded);
  return job;
}

}  // namespace certbridge::host
