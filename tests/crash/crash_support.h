// What the crash and power-cut tests share: made-up messages whose content follows from their key,
// the lines a driver acknowledges with, and the check of a journal against such lines.
#pragma once

#include <string>
#include <vector>

#include "journal/store.h"

namespace certbridge::host::crash {

// The wall clock.
class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
  std::chrono::steady_clock::time_point steady() const override;
};

StoreSettings settings_of(const std::string& folder, const Clock& clock);
// Message number `index`; every second has an attachment, every third a body in a file of its own.
Message message_of(int index);

// What becomes of the delivery of message `id`: "sending", "delivered", "open" or "refused", each
// with a receipt or an error that follows from `id`.
DeliveryChange outcome_of(const std::string& outcome, std::int64_t delivery, const std::string& id);

// Opens the journal and compares it with what was acknowledged ("accepted <index> <id>",
// "parked <index> <id>", "routed <id>", and an outcome with its id). Answers what is wrong, a
// sentence each.
std::vector<std::string> check_journal(const std::string& folder,
                                       const std::vector<std::string>& acknowledged);

struct DriverRun {
  int signal = 0;  // that ended it; 0: it ended by itself
  int exit_code = 0;
  std::vector<std::string> acknowledged{};
};
// Runs a program that acknowledges in lines on its standard output, with these additions to the
// environment; it is killed once it has said `kill_after` lines (0: never).
DriverRun run_program(const std::vector<std::string>& words,
                      const std::vector<std::string>& environment, std::size_t kill_after);
// Runs the driver over `count` messages with these additions to the environment.
DriverRun run_driver(const std::string& folder, int count,
                     const std::vector<std::string>& environment);

}  // namespace certbridge::host::crash
