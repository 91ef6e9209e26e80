// What a source talks to: hands its messages to the journal and wakes the engine.
#pragma once

#include "certbridge/endpoint.h"
#include "journal/store.h"
#include "observe/metrics.h"

namespace certbridge::host {

class HostReceiver final : public Receiver {
 public:
  HostReceiver(std::string source, Store& store, MetricsRegistry& metrics, Logger& logger,
               const Clock& clock)
      : source_(std::move(source)),
        store_(store),
        metrics_(metrics),
        logger_(logger),
        clock_(clock) {}

  std::vector<Acceptance> accept(std::vector<Message> messages) override;
  Result<void> settle(const Correlation& correlation, const Outcome& outcome) override;

 private:
  std::string source_;
  Store& store_;
  MetricsRegistry& metrics_;
  Logger& logger_;
  const Clock& clock_;
};

}  // namespace certbridge::host
