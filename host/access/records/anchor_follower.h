// Takes signed checkpoints to the second place, behind the log.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "certbridge/result.h"

namespace certbridge::host {

// Owns the thread "access-anchor". What it is offered while the second place is slow or away is
// replaced by what comes later: a checkpoint vouches for everything before it.
class AnchorFollower {
 public:
  // Files by month in `folder`. A failed attempt is repeated after `pause`.
  AnchorFollower(std::string folder, std::chrono::milliseconds pause);
  ~AnchorFollower();
  AnchorFollower(const AnchorFollower&) = delete;
  AnchorFollower& operator=(const AnchorFollower&) = delete;

  // Never waits. Any thread.
  void offer(const std::string& month, std::uint64_t number, std::string checkpoint);
  std::uint64_t anchored() const;
  std::optional<Error> trouble() const;  // of the last attempt; nothing after a success
  // One more attempt where something is left, then ends the thread.
  void stop();

 private:
  struct Offer {
    std::string month{};
    std::uint64_t number = 0;
    std::string checkpoint{};
  };
  void work();
  bool attempt(const Offer& offer);

  std::string folder_;
  std::chrono::milliseconds pause_;
  mutable std::mutex mutex_{};
  std::condition_variable changed_{};
  Offer newest_{};  // under mutex_, as are the next
  std::uint64_t anchored_ = 0;
  std::optional<Error> trouble_{};
  bool stopping_ = false;
  std::thread thread_{};
};

}  // namespace certbridge::host
