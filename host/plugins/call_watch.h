// The calls under way at one endpoint, so that one that hangs is seen. Its thread is never touched.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace certbridge::host {

struct HangingCall {
  const char* doing = "";
  std::chrono::milliseconds lasts{0};
};

// Any thread. Times are those of the steady clock.
class CallWatch {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  // A call hangs once it is past its deadline by `margin`.
  explicit CallWatch(std::chrono::milliseconds margin) : margin_(margin) {}

  // A call begins on this thread; answers its number for end().
  std::uint64_t begin(const char* doing, Moment now, Moment deadline);
  // How long it took when it had been found to hang.
  std::optional<std::chrono::milliseconds> end(std::uint64_t number, Moment now);

  // Those that were not found to hang before.
  std::vector<HangingCall> newly_hanging(Moment now);
  std::size_t hanging() const;
  // The one that hangs longest.
  std::optional<HangingCall> longest(Moment now) const;
  void add_threads(std::set<std::thread::id>& threads) const;

 private:
  struct Entry {
    const char* doing = "";
    Moment began{};
    Moment deadline{};
    std::thread::id thread{};
    bool hangs = false;
  };

  std::chrono::milliseconds margin_;
  mutable std::mutex mutex_{};
  std::map<std::uint64_t, Entry> calls_{};  // under mutex_, as are the next two
  std::uint64_t next_ = 1;
  std::size_t hanging_ = 0;
};

}  // namespace certbridge::host
