// What a source talks to: hands its messages to the journal and wakes the engine.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "certbridge/endpoint.h"
#include "engine/beside.h"
#include "engine/intake_limit.h"
#include "journal/store.h"
#include "observe/metrics.h"

namespace certbridge::host {

class HostReceiver final : public Receiver {
 public:
  // Takes what the journal has accepted and what may run its steps now.
  using HandOver = std::function<void(std::vector<StoredMessage> ready)>;

  // What routes `beside` others are to take of its messages is accepted with them, once for each.
  HostReceiver(std::string source, IntakeLimit& limit, Store& store, HandOver hand_over,
               MetricsRegistry& metrics, Logger& logger, const Clock& clock,
               std::atomic<std::uint64_t>* deliveries, BesideRoutes beside = {})
      : source_(std::move(source)),
        limit_(limit),
        store_(store),
        hand_over_(std::move(hand_over)),
        metrics_(metrics),
        logger_(logger),
        clock_(clock),
        deliveries_(deliveries),
        beside_(std::move(beside)) {}

  std::vector<Acceptance> accept(std::vector<Message> messages) override;
  Result<void> settle(const Correlation& correlation, const Outcome& outcome) override;

 private:
  void note(const Acceptance& answer);

  std::string source_;
  IntakeLimit& limit_;
  Store& store_;
  HandOver hand_over_;
  MetricsRegistry& metrics_;
  Logger& logger_;
  const Clock& clock_;
  std::atomic<std::uint64_t>* deliveries_;  // as in EngineServices
  BesideRoutes beside_;
};

}  // namespace certbridge::host
