// What the journal counts for alarms, metrics and health.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "certbridge/message.h"

namespace certbridge::host {

// Verdicts of one endpoint that a person has to look after.
struct VerdictAlarms {
  std::string endpoint{};
  std::uint64_t overdue = 0;    // open deliveries whose verdict was expected before now
  std::uint64_t unmatched = 0;  // verdicts that a receipt may still name
  std::optional<Timestamp> oldest_unmatched{};  // when it was received
  std::uint64_t parked = 0;  // verdicts that belong to nothing, or contradict how it ended
};

// Counters for metrics and health, from a committed snapshot.
struct StoreFigures {
  std::uint64_t messages_by_state[16]{};
  std::vector<std::pair<std::string, std::vector<std::uint64_t>>>
      deliveries_by_endpoint_and_state{};
  std::uint64_t wal_bytes = 0;
  std::uint64_t commits = 0;
  std::uint64_t transitions = 0;
  std::chrono::microseconds commit_p50{0};
  std::chrono::microseconds commit_p99{0};
  std::uint64_t largest_wal_bytes = 0;
};

}  // namespace certbridge::host
