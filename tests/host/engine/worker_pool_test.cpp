#include "engine/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <set>
#include <thread>

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

TEST(WorkerPool, ASmallerRankGoesFirstAndWhatIsQueuedCanBeHurried) {
  std::promise<void> started;
  std::promise<void> release;
  std::string order;
  WorkerPool pool("test", 1);
  pool.submit([&] {
    started.set_value();
    release.get_future().wait();
  });
  started.get_future().wait();
  for (const char* name : {"c", "d", "e"}) pool.submit([&order, name] { order += name; }, 3, name);
  pool.submit([&] { order += "b"; }, 2, "b");
  pool.submit([&] { order += "a"; }, 1, "a");
  pool.hurry("e", 1);
  pool.hurry("nobody", 1);
  release.set_value();
  ASSERT_TRUE(pool.wait_idle(kSoon()));
  EXPECT_EQ(order, "eabcd");
}

// Two threads that hang, and their task goes on all the same, as if nothing had happened.
TEST(WorkerPool, OthersStandInForThreadsThatHang) {
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  std::mutex mutex;
  std::set<std::thread::id> hanging;
  std::promise<void> both;
  std::atomic<int> ran{0};
  WorkerPool pool("test", 2);
  for (int i = 0; i < 2; ++i) {
    pool.submit([&] {
      {
        const std::lock_guard lock(mutex);
        hanging.insert(std::this_thread::get_id());
        if (hanging.size() == 2) both.set_value();
      }
      released.wait();
    });
  }
  both.get_future().wait();
  std::promise<void> all;
  for (int i = 0; i < 10; ++i) {
    pool.submit([&] {
      if (++ran == 10) all.set_value();
    });
  }
  EXPECT_EQ(pool.load(), 12U) << "nobody is left to run them";
  pool.stand_in(hanging);
  pool.stand_in(hanging);
  ASSERT_EQ(all.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_EQ(pool.threads(), 4U) << "as many as hang, however often it is said";
  release.set_value();
  pool.stand_in({});
  ASSERT_TRUE(pool.wait_idle(kSoon()));
  for (int i = 0; i < 100; ++i) pool.submit([&] { ++ran; });
  ASSERT_TRUE(pool.wait_idle(kSoon()));
  EXPECT_EQ(ran, 110);
  EXPECT_EQ(pool.threads(), 2U) << "the surplus has ended";
}

}  // namespace
}  // namespace certbridge::host
