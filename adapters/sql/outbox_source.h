// Polls an intermediate outbox table by claim and confirm.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "certbridge/context.h"
#include "outbox_table.h"

namespace certbridge::sql {

struct OutboxSettings {
  Outbox outbox{};
  ConnectionSettings connection{};
  std::chrono::milliseconds poll{1000};  // between two looks when there was nothing
  std::chrono::milliseconds lease{
      60'000};             // after which a claim that was not confirmed is free again
  std::size_t batch = 64;  // 1 to 256
};

// A row is confirmed only after the host has journalled it, and the host's ledger knows rows that
// come again: whatever stops in between, nothing is lost and nothing is taken twice. One thread.
class OutboxSource final : public Source {
 public:
  // Where a test may interrupt: "claimed", "accepted", "confirmed".
  using Observer = std::function<void(const char* step)>;

  OutboxSource(OutboxSettings settings, const Clock& clock, Logger& logger, Metrics& metrics,
               Observer observer);
  ~OutboxSource() override;
  Result<void> check(const Call& call) override;
  Result<void> listen(Receiver& receiver) override;
  void stop() override;

  // One look at the table: how many rows were claimed. For the thread, and for tests.
  Result<std::size_t> poll_once(Receiver& receiver);
  // How long to wait before the next look; `taken` is what the last one answered.
  std::chrono::milliseconds pause_after(const Result<std::size_t>& taken) const;

 private:
  void run(Receiver& receiver);
  Result<void> confirm(const ClaimedRow& row, const Acceptance& acceptance,
                       const std::string& token);
  Result<void> ensure_connection();
  std::string new_token();

  OutboxSettings settings_;
  OutboxTable table_;
  const Clock& clock_;
  Logger& logger_;
  Metrics& metrics_;
  Observer observer_;
  std::unique_ptr<Connection> connection_{};
  std::uint64_t claims_ = 0;
  std::chrono::milliseconds busy_for_{0};  // what the host asked for at the last look
  std::string instance_{};
  std::mutex mutex_{};
  std::condition_variable stopped_{};
  bool stopping_ = false;
  std::thread thread_{};
};

}  // namespace certbridge::sql
