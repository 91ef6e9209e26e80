#include "engine/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace certbridge::host {
namespace {

const auto kSoon = [] { return std::chrono::steady_clock::now() + std::chrono::seconds(10); };

TEST(WorkerPool, RunsEverythingThatWasSubmitted) {
  std::atomic<int> ran{0};
  WorkerPool pool("test", 3);
  for (int i = 0; i < 1000; ++i) pool.submit([&] { ++ran; });
  ASSERT_TRUE(pool.wait_idle(kSoon()));
  EXPECT_EQ(ran, 1000);
  EXPECT_EQ(pool.load(), 0U);
}

TEST(WorkerPool, CloseDropsWhatIsQueuedAndLetsTheRunningTaskEnd) {
  std::promise<void> started;
  std::promise<void> release;
  std::atomic<int> ran{0};
  WorkerPool pool("test", 1);
  pool.submit([&] {
    started.set_value();
    release.get_future().wait();
    ++ran;
  });
  started.get_future().wait();
  pool.submit([&] { ran += 100; });
  pool.close();
  pool.submit([&] { ran += 1000; });
  EXPECT_FALSE(pool.wait_idle(std::chrono::steady_clock::now()));
  release.set_value();
  ASSERT_TRUE(pool.wait_idle(kSoon()));
  EXPECT_EQ(ran, 1);
}

}  // namespace
}  // namespace certbridge::host
