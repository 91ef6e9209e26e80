// The outbox table itself: claiming rows and saying what became of them.
#pragma once

#include <string>
#include <vector>

#include "envelope.h"
#include "session.h"

namespace certbridge::sql {

// Values of the status column, as the table's own comment says.
inline constexpr const char* kNew = "0";
inline constexpr const char* kClaimed = "1";
inline constexpr const char* kTakenOver = "2";
inline constexpr const char* kRetry = "3";
inline constexpr const char* kRefused = "4";

// What is to be written for one claimed row.
struct RowOutcome {
  std::string status{};
  std::string error{};     // empty: none
  std::string retry_at{};  // only with kRetry
};

// Local wall clock (+08:00) with milliseconds, comparable as text: "2026-11-24 00:00:00.000".
std::string wall_clock(Timestamp when);

// Used by one thread at a time. `now` and the like are local wall clock texts.
class OutboxTable {
 public:
  OutboxTable(Envelope envelope, std::string owner)
      : envelope_(std::move(envelope)), owner_(std::move(owner)) {}

  // At most `most` rows, in their order, claimed until `until` in one transaction. Rows wait while
  // an earlier row of the same case is claimed by another or waits for its next attempt.
  Result<std::vector<Record>> claim(Session& session, std::size_t most, const std::string& now,
                                    const std::string& until, Deadline deadline);

  // Writes the outcomes of claimed rows in one transaction. A row that is no longer ours or whose
  // content changed meanwhile keeps nothing of it: it is freed and will be claimed again. Answers
  // how many rows were written.
  Result<std::size_t> conclude(Session& session, const std::vector<Record>& rows,
                               const std::vector<RowOutcome>& outcomes, const std::string& now,
                               Deadline deadline);
  const Envelope& envelope() const { return envelope_; }

 private:
  std::string select_ready(Engine engine) const;
  std::string select_any_ready() const;
  std::string update_claimed() const;
  std::string update_concluded(const Record& row) const;
  std::string update_freed() const;
  Result<std::vector<Record>> claim_inside(Session& session, const Record& times,
                                           Deadline deadline);
  Result<bool> conclude_one(Session& session, const Record& row, const RowOutcome& outcome,
                            const std::string& now, Deadline deadline);

  Envelope envelope_;
  std::string owner_;
};

}  // namespace certbridge::sql
