#include "outbox_table.h"

#include <ctime>

namespace certbridge::sql {

std::string wall_clock(Timestamp when) {
  const auto local = when + std::chrono::hours(8);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(local);
  const std::time_t time = seconds.time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[40];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S.", &parts);
  const auto milliseconds = std::to_string(1000 + (local - seconds).count());
  return std::string(text, length) + milliseconds.substr(1);
}

namespace {

std::string ready_condition(const Envelope& e, const std::string& row) {
  return "(" + row + e.status + " = 0 or (" + row + e.status + " = 3 and (" + row + e.retry_at +
         " is null or " + row + e.retry_at + " <= :now)) or (" + row + e.status + " = 1 and (" +
         row + e.until + " is null or " + row + e.until + " < :now)))";
}

std::string held_condition(const Envelope& e, const std::string& row) {
  return "((" + row + e.status + " = 1 and " + row + e.until + " >= :now) or (" + row + e.status +
         " = 3 and " + row + e.retry_at + " > :now))";
}

}  // namespace

std::string OutboxTable::select_ready(Engine engine) const {
  const Envelope& e = envelope_;
  std::string text = "select o.* from " + e.table + " o where " + ready_condition(e, "o.") +
                     " and not exists (select 1 from " + e.table + " b where b." + e.keep_order +
                     " = o." + e.keep_order + " and b." + e.sequence + " < o." + e.sequence +
                     " and " + held_condition(e, "b.") + ") order by o." + e.sequence +
                     " limit cast(:most as integer)";
  if (engine == Engine::kPostgresql) text += " for update of o skip locked";
  return text;
}

std::string OutboxTable::select_any_ready() const {
  return "select 1 from " + envelope_.table + " o where " + ready_condition(envelope_, "o.") +
         " limit 1";
}

std::string OutboxTable::update_claimed() const {
  const Envelope& e = envelope_;
  return "update " + e.table + " set " + e.status + " = 1, " + e.owner + " = :owner, " + e.until +
         " = :until, " + e.attempts + " = " + e.attempts + " + 1 where " + e.sequence +
         " = :sequence";
}

// The content is compared with what was handed over: what changed under our claim is not ours to
// call taken over.
std::string OutboxTable::update_concluded(const Record& row) const {
  const Envelope& e = envelope_;
  std::string text = "update " + e.table + " set " + e.status + " = cast(:to_status as integer), " +
                     e.owner + " = null, " + e.until + " = null, " + e.error + " = :to_error, " +
                     e.retry_at + " = :to_retry_at, " + e.done_at + " = :to_done_at where " +
                     e.owner + " = :our_owner and " + e.status + " = 1";
  for (const auto& field : content_of_row(e, row).fields) {
    text += " and " + field.first + (field.second ? " = :" + field.first : " is null");
  }
  return text;
}

std::string OutboxTable::update_freed() const {
  const Envelope& e = envelope_;
  return "update " + e.table + " set " + e.status + " = 0, " + e.owner + " = null, " + e.until +
         " = null where " + e.sequence + " = :sequence and " + e.status + " = 1 and " + e.owner +
         " = :owner";
}

Result<std::vector<Record>> OutboxTable::claim_inside(Session& session, const Record& times,
                                                      Deadline deadline) {
  if (session.engine() == Engine::kPostgresql) {
    // Two hosts that claim at once would split the rows of one case between them.
    auto locked = session.query("select pg_advisory_xact_lock(hashtext('" + envelope_.table + "'))",
                                {}, {}, deadline);
    if (!locked) return locked.error();
  }
  auto rows = session.query(select_ready(session.engine()), times, {}, deadline);
  if (!rows) return rows;
  for (const Record& row : rows.value()) {
    Record parameters = times;
    parameters.set("owner", owner_);
    parameters.set("sequence", row.text_or_empty(envelope_.sequence));
    auto updated = session.execute(update_claimed(), parameters, deadline);
    if (!updated) return updated.error();
  }
  return rows;
}

Result<std::vector<Record>> OutboxTable::claim(Session& session, std::size_t most,
                                               const std::string& now, const std::string& until,
                                               Deadline deadline) {
  Record times;
  times.set("now", now);
  times.set("until", until);
  times.set("most", std::to_string(most));
  // An idle poll must not take the right to write.
  auto any = session.query(select_any_ready(), times, {}, deadline);
  if (!any || any.value().empty()) return any;
  if (auto begun = session.begin(TransactionKind::kWrite, deadline); !begun) return begun.error();
  auto rows = claim_inside(session, times, deadline);
  if (!rows) {
    session.rollback();
    return rows;
  }
  if (auto done = session.commit(); !done) {
    session.rollback();
    return done.error();
  }
  return rows;
}

Result<bool> OutboxTable::conclude_one(Session& session, const Record& row,
                                       const RowOutcome& outcome, const std::string& now,
                                       Deadline deadline) {
  Record parameters = row;
  parameters.set("our_owner", owner_);
  parameters.set("to_status", outcome.status);
  parameters.set("to_error", outcome.error.empty() ? std::nullopt : std::optional(outcome.error));
  parameters.set("to_retry_at",
                 outcome.retry_at.empty() ? std::nullopt : std::optional(outcome.retry_at));
  const bool done = outcome.status == kTakenOver || outcome.status == kRefused;
  parameters.set("to_done_at", done ? std::optional(now) : std::nullopt);
  auto changed = session.execute(update_concluded(row), parameters, deadline);
  if (!changed) return changed.error();
  if (changed.value() > 0) return true;
  Record freed;
  freed.set("owner", owner_);
  freed.set("sequence", row.text_or_empty(envelope_.sequence));
  auto free = session.execute(update_freed(), freed, deadline);
  if (!free) return free.error();
  return false;
}

Result<std::size_t> OutboxTable::conclude(Session& session, const std::vector<Record>& rows,
                                          const std::vector<RowOutcome>& outcomes,
                                          const std::string& now, Deadline deadline) {
  if (auto begun = session.begin(TransactionKind::kWrite, deadline); !begun) return begun.error();
  std::size_t written = 0;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    auto one = conclude_one(session, rows[at], outcomes[at], now, deadline);
    if (!one) {
      session.rollback();
      return one.error();
    }
    if (one.value()) ++written;
  }
  if (auto done = session.commit(); !done) {
    session.rollback();
    return done.error();
  }
  return written;
}

}  // namespace certbridge::sql
