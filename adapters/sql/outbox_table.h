// The statements on an intermediate outbox table: claim, read, and say what became of a row.
#pragma once

#include "certbridge/message.h"
#include "connection.h"
#include "declarations.h"

namespace certbridge::sql {

// Values of the column `status`: part of the intermediate tables' contract.
enum class RowStatus : std::uint8_t {
  kNew = 0,
  kClaimed = 1,
  kTaken = 2,
  kRetry = 3,
  kRefused = 4
};

// Order keys that one row may find in another table; a case of more is not taken over.
inline constexpr std::size_t kMostKeys = 10'000;

struct ClaimedRow {
  std::string sequence{};
  Record record{};
  std::vector<OrderKey> keys{};  // of other tables
  bool too_many_keys = false;    // then there are none
};

// One connection's view of the table; one thread at a time. `now` is UTC; the
// columns hold local wall clock (+08:00), like all times of these tables.
class OutboxTable {
 public:
  OutboxTable(const Outbox& outbox, Backend backend) : outbox_(outbox), backend_(backend) {}

  // Claims up to `most` rows that are new, due again, or whose claim ran out, oldest first; `token`
  // names this claim alone. Committed when it returns. A row waits while an earlier row of its case
  // or of one of its units (`keep-order` and `order-keys`) is claimed by another, waits for its
  // next attempt, or waits so itself.
  Result<std::vector<ClaimedRow>> claim(Connection& connection, const std::string& token,
                                        Timestamp now, std::chrono::milliseconds lease,
                                        std::size_t most) const;
  // The row's end, unless somebody else has claimed it meanwhile. A row whose content changed under
  // the claim is freed instead: what it says now was not handed over.
  Result<void> finish(Connection& connection, const std::string& token, const ClaimedRow& row,
                      RowStatus status, const std::string& reason, Timestamp when) const;

 private:
  Result<void> claim_rows(Connection& connection, const Record& parameters, std::size_t most) const;
  Result<void> mark_rows(Connection& connection, const Record& parameters, std::size_t most) const;
  Result<void> read_keys(Connection& connection, ClaimedRow& row) const;
  Result<void> free_row(Connection& connection, const Record& parameters,
                        const std::string& sequence) const;

  const Outbox& outbox_;
  Backend backend_;
};

// The message that a row becomes (docs/messages.md, 1).
Message message_of(const Outbox& outbox, const ClaimedRow& row);

// "2024-03-18 10:30:18.123", local wall clock (+08:00).
std::string timestamp_text(Timestamp when);

}  // namespace certbridge::sql
