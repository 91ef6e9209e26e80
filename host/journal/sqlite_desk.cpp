#include "journal/sqlite_desk.h"

#include <algorithm>

#include "journal/failure.h"
#include "journal/queries.h"
#include "journal/times.h"
#include "journal/transition_parts.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostRows = 10'000;

std::size_t at_most(std::size_t limit) { return std::min(limit, kMostRows); }

std::string digest_bytes(const Sm3Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Action to_action(const Keyring& keys, Statement& row) {
  Action action;
  action.id = row.integer(0);
  action.when = time_of(row.integer(1));
  action.person = row.text(2);
  action.role = row.text(3);
  action.operation = row.text(4);
  action.target = row.text(5);
  const std::string plain =
      keys.open(action_place(row.integer(1), action.operation, action.target), row.blob(6));
  ByteReader in(plain);
  action.reason = in.text();
  action.detail = in.text();
  in.expect_end();
  return action;
}

ParkedItem to_parked_message(Statement& row) {
  ParkedItem item;
  item.message_id = message_id(row.integer(0), row.text(1));
  item.order_number = static_cast<std::uint64_t>(row.integer(0));
  item.type = row.text(2);
  item.area = row.text(3);
  item.route = row.text(4);
  item.changed = time_of(row.integer(5));
  item.attempts = static_cast<int>(row.integer(6));
  item.error_code = row.text(7);
  item.error_message = row.text(8);
  return item;
}

ParkedItem to_parked_delivery(Statement& row) {
  ParkedItem item = to_parked_message(row);
  const bool repair = row.integer(9) == static_cast<int>(DeliveryState::kRepair);
  item.kind = repair ? ParkedKind::kRepair : ParkedKind::kDelivery;
  item.delivery_id = row.integer(10);
  item.delivery = row.text(11);
  item.endpoint = row.text(12);
  item.has_receipt = row.integer(13) != 0;
  return item;
}

ReplayJob to_job(Statement& row) {
  ReplayJob job;
  job.id = row.integer(0);
  job.state = static_cast<ReplayState>(row.integer(1));
  job.rate = static_cast<int>(row.integer(2));
  job.created = time_of(row.integer(3));
  job.changed = time_of(row.integer(4));
  job.person = row.text(5);
  job.role = row.text(6);
  job.selection = row.text(7);
  job.unconfirmed = row.integer(8) != 0;
  return job;
}

void count_items(Connection& from, ReplayJob& job) {
  Statement& rows = from.select(
      "ii", "select state, count(*) from replay_items where job = ? group by state", job.id);
  while (rows.next()) {
    const auto count = static_cast<std::uint64_t>(rows.integer(1));
    const auto state = static_cast<ReplayItemState>(rows.integer(0));
    if (state == ReplayItemState::kWaiting) job.waiting = count;
    if (state == ReplayItemState::kReplayed) job.replayed = count;
    if (state == ReplayItemState::kSkipped) job.skipped = count;
  }
}

constexpr const char* kReviewColumns =
    "select r.id, m.order_number, m.path, r.subject, r.step, r.digest, r.state, r.asked, "
    "r.decided, r.person, r.reason from reviews r join messages m on m.number = r.number ";
constexpr const char* kReviewLetters = "iitttbiiitb";

Review to_review(const Keyring& keys, Statement& row) {
  Review review;
  review.id = row.integer(0);
  review.message_id = message_id(row.integer(1), row.text(2));
  review.subject = row.text(3);
  review.step = row.text(4);
  const std::string digest = row.blob(5);
  if (digest.size() != review.digest.size()) {
    throw Failure(Error::fault("journal.damaged", "a review has lost its digest"));
  }
  std::copy(digest.begin(), digest.end(), review.digest.begin());
  review.state = static_cast<ReviewState>(row.integer(6));
  review.asked = time_of(row.integer(7));
  if (!row.is_null(8)) review.decided = time_of(row.integer(8));
  review.person = row.text(9);
  review.reason = keys.open(review_place(review.subject, review.step, digest), row.blob(10));
  return review;
}

ParkedVerdict to_verdict(const Keyring& keys, Statement& row) {
  ParkedVerdict verdict;
  const std::string digest = row.blob(2);
  verdict.id = row.integer(0);
  verdict.endpoint = row.text(1);
  verdict.correlation = keys.open(correlation_place(digest), row.blob(3));
  verdict.outcome = decode_outcome_record(keys.open(verdict_place(digest), row.blob(4)));
  verdict.received = time_of(row.integer(5));
  verdict.contradicts = row.integer(6) == static_cast<int>(VerdictState::kContradicts);
  if (row.is_null(7)) return verdict;
  verdict.message_id = message_id(row.integer(7), row.text(8));
  verdict.delivery = row.text(9);
  verdict.ended = to_text(static_cast<DeliveryState>(row.integer(10)));
  return verdict;
}

}  // namespace

Result<std::vector<Action>> SqliteDesk::actions(const ActionQuery& query) {
  return read([&](Connection& from) {
    std::vector<Action> found;
    const std::int64_t before = query.before > 0 ? query.before : INT64_MAX;
    const std::string& value = query.target.empty() ? query.person : query.target;
    const char* sql = !query.target.empty()   ? kActionsOfTargetQuery
                      : !query.person.empty() ? kActionsOfPersonQuery
                                              : kActionsQuery;
    Statement& rows = from.select("iittttb", sql, value, before, at_most(query.limit));
    while (rows.next()) found.push_back(to_action(keys_, rows));
    return found;
  });
}

Result<std::vector<ParkedItem>> SqliteDesk::parked(const ParkedQuery& query) {
  return read([&](Connection& from) {
    std::vector<ParkedItem> found;
    const std::int64_t since = number_of(query.from, 0);
    const std::int64_t until = number_of(query.until, INT64_MAX);
    if (query.messages && query.endpoint.empty()) {
      Statement& rows = from.select("ittttiitt", kParkedMessagesQuery, query.route, query.code,
                                    since, until, query.after_order_number, at_most(query.limit));
      while (rows.next()) found.push_back(to_parked_message(rows));
    }
    if (query.deliveries) {
      Statement& rows =
          from.select("ittttiittiitti", kParkedDeliveriesQuery, query.route, query.code, since,
                      until, query.after_order_number, at_most(query.limit), query.endpoint);
      while (rows.next()) found.push_back(to_parked_delivery(rows));
    }
    return found;
  });
}

Result<std::vector<ParkedCount>> SqliteDesk::count_parked(const ParkedQuery& query) {
  return read([&](Connection& from) {
    std::vector<ParkedCount> found;
    const std::int64_t since = number_of(query.from, 0);
    const std::int64_t until = number_of(query.until, INT64_MAX);
    if (query.messages && query.endpoint.empty()) {
      Statement& rows =
          from.select("ti", kCountParkedMessagesQuery, query.route, query.code, since, until);
      while (rows.next()) {
        found.push_back({ParkedKind::kMessage, "", rows.text(0), false,
                         static_cast<std::uint64_t>(rows.integer(1))});
      }
    }
    if (query.deliveries) {
      Statement& rows = from.select("ittii", kCountParkedDeliveriesQuery, query.route, query.code,
                                    since, until, query.endpoint);
      while (rows.next()) {
        const bool repair = rows.integer(0) == static_cast<int>(DeliveryState::kRepair);
        found.push_back({repair ? ParkedKind::kRepair : ParkedKind::kDelivery, rows.text(1),
                         rows.text(2), rows.integer(3) != 0,
                         static_cast<std::uint64_t>(rows.integer(4))});
      }
    }
    return found;
  });
}

Result<std::int64_t> SqliteDesk::start_replay(const ReplayStart& start, Action action) {
  auto job = std::make_shared<std::int64_t>(0);
  const auto written = write_([start, action = std::move(action), job](Change& change) {
    *job = insert_replay(change, start, action);
  });
  if (!written) return written.error();
  return *job;
}

Result<std::vector<ReplayJob>> SqliteDesk::replay_jobs(std::size_t limit) {
  return read([&](Connection& from) {
    std::vector<ReplayJob> found;
    Statement& rows = from.select("iiiiittti", kReplayJobsQuery, at_most(limit));
    while (rows.next()) found.push_back(to_job(rows));
    for (ReplayJob& job : found) count_items(from, job);
    return found;
  });
}

Result<std::vector<ReplayJob>> SqliteDesk::running_replays() {
  return read([&](Connection& from) {
    std::vector<ReplayJob> found;
    Statement& rows = from.select("iiiiittti", kRunningReplaysQuery);
    while (rows.next()) found.push_back(to_job(rows));
    return found;
  });
}

Result<ReplayJob> SqliteDesk::replay_job(std::int64_t id) {
  return read([&](Connection& from) {
    Statement& row = from.select("iiiiittti", kReplayJobQuery, id);
    if (!row.next()) {
      throw Failure(
          Error::permanent("replay.no_such_job", "there is no replay " + std::to_string(id)));
    }
    ReplayJob job = to_job(row);
    row.reset();
    count_items(from, job);
    return job;
  });
}

Result<std::vector<ReplayItem>> SqliteDesk::replay_items(std::int64_t job, ReplayItemState state,
                                                         std::size_t limit) {
  return read([&](Connection& from) {
    std::vector<ReplayItem> found;
    Statement& rows =
        from.select("iiti", kReplayItemsQuery, job, static_cast<int>(state), at_most(limit));
    while (rows.next()) {
      found.push_back({job, rows.integer(0), message_id(rows.integer(1), rows.text(2)),
                       rows.integer(3), state});
    }
    return found;
  });
}

Result<std::vector<Review>> SqliteDesk::reviews(std::optional<ReviewState> state,
                                                std::size_t limit) {
  return read([&](Connection& from) {
    static const std::string kOfState =
        std::string(kReviewColumns) + "where r.state = ? order by r.id limit ?";
    static const std::string kAll = std::string(kReviewColumns) + "order by r.id desc limit ?";
    std::vector<Review> found;
    Statement& rows = state ? from.select(kReviewLetters, kOfState.c_str(),
                                          static_cast<int>(*state), at_most(limit))
                            : from.select(kReviewLetters, kAll.c_str(), at_most(limit));
    while (rows.next()) found.push_back(to_review(keys_, rows));
    return found;
  });
}

Result<Review> SqliteDesk::review(std::int64_t id) {
  return read([&](Connection& from) {
    static const std::string kOne = std::string(kReviewColumns) + "where r.id = ?";
    Statement& row = from.select(kReviewLetters, kOne.c_str(), id);
    if (!row.next()) {
      throw Failure(
          Error::permanent("review.no_such_review", "there is no review " + std::to_string(id)));
    }
    Review review = to_review(keys_, row);
    row.reset();
    return review;
  });
}

Result<std::optional<Review>> SqliteDesk::review_of(const std::string& subject,
                                                    const std::string& step,
                                                    const Sm3Digest& digest) {
  return read([&](Connection& from) -> std::optional<Review> {
    static const std::string kOne =
        std::string(kReviewColumns) + "where r.subject = ? and r.step = ? and r.digest = ?";
    const std::string bytes = digest_bytes(digest);
    Statement& row = from.select(kReviewLetters, kOne.c_str(), subject, step, Blob{bytes});
    if (!row.next()) return std::nullopt;
    Review review = to_review(keys_, row);
    row.reset();
    return review;
  });
}

Result<std::vector<ParkedVerdict>> SqliteDesk::parked_verdicts(std::int64_t after,
                                                               std::size_t limit) {
  return read([&](Connection& from) {
    std::vector<ParkedVerdict> found;
    Statement& rows = from.select("itbbbiiitti", kParkedVerdictsQuery, after, at_most(limit));
    while (rows.next()) found.push_back(to_verdict(keys_, rows));
    return found;
  });
}

Result<std::vector<WaitingItem>> SqliteDesk::waiting(const std::string& endpoint,
                                                     std::size_t limit) {
  return read([&](Connection& from) { return read_waiting(from, endpoint, at_most(limit)); });
}

}  // namespace certbridge::host
