// What is done now and then while the host runs: bodies are dropped after their retention.
#pragma once

#include <chrono>
#include <thread>

#include "certbridge/context.h"
#include "journal/store.h"

namespace certbridge::host {

// Owns the thread "housekeeping", which works once at the start and then once in `period`. All
// references outlive it; destroying it ends the thread after at most one batch.
class Housekeeping {
 public:
  Housekeeping(Store& store, const Clock& clock, Logger& logger,
               std::chrono::milliseconds retention, std::chrono::milliseconds period);

 private:
  void work(const std::stop_token& stop);
  void drop_bodies(const std::stop_token& stop);

  Store& store_;
  const Clock& clock_;
  Logger& logger_;
  std::chrono::milliseconds retention_;
  std::chrono::milliseconds period_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace certbridge::host
