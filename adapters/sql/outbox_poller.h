// Claims rows, hands them to the host, and says in the table what the host answered.
#pragma once

#include <functional>
#include <string_view>

#include "certbridge/context.h"
#include "outbox_table.h"
#include "pool.h"

namespace certbridge::sql {

struct PollerSettings {
  std::size_t batch = 64;  // 1 to 256
  std::chrono::milliseconds lease{60'000};
  std::chrono::milliseconds time_limit{30'000};  // of one transaction
};

// Told the name of each step behind it: "claimed", "accepted", "concluded". Tests stop there.
using StepObserver = std::function<void(std::string_view)>;

// Used by one thread.
class OutboxPoller {
 public:
  OutboxPoller(Pool& pool, OutboxTable table, PollerSettings settings, const Clock& clock,
               StepObserver observer);

  // One round: claim, accept, conclude. Answers how many rows it handed over. After an error the
  // claims run out by themselves, and the host's ledger knows what it has had.
  Result<std::size_t> poll(Receiver& receiver);

 private:
  Result<std::vector<Record>> claim();
  Result<void> conclude(const std::vector<Record>& rows, const std::vector<Acceptance>& answers);
  RowOutcome outcome_of(const Acceptance& answer) const;
  Deadline deadline() const { return std::chrono::steady_clock::now() + settings_.time_limit; }

  Pool& pool_;
  OutboxTable table_;
  PollerSettings settings_;
  const Clock& clock_;
  StepObserver observer_;
};

}  // namespace certbridge::sql
