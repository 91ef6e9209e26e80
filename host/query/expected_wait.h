// How long an endpoint would keep one more waiting, from how long it took of late.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>

namespace certbridge::host {

// Any thread.
class ExpectedWait {
 public:
  using Duration = std::chrono::steady_clock::duration;

  explicit ExpectedWait(std::size_t workers) : workers_(workers) {}

  // A call took so long. The mean follows within a dozen calls.
  void note(Duration took) {
    const Duration::rep mean = mean_.load(std::memory_order_relaxed);
    mean_.store(mean + (took.count() - mean) / kWeight, std::memory_order_relaxed);
  }
  // Until there is an answer, behind so many who wait. Nothing where nobody does: whoever comes
  // first tries it, however slow it was, so that an endpoint that is quick again is noticed.
  Duration of(std::size_t waiting) const {
    if (waiting == 0) return Duration::zero();
    const Duration::rep mean = mean_.load(std::memory_order_relaxed);
    const auto rounds = static_cast<Duration::rep>((waiting + 1) / workers_ + 1);
    return Duration(mean * rounds);
  }

 private:
  static constexpr Duration::rep kWeight = 8;
  std::size_t workers_;
  std::atomic<Duration::rep> mean_{0};
};

}  // namespace certbridge::host
