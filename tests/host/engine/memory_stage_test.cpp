#include "engine_fixture.h"

namespace certbridge::host {
namespace {

class MemoryStageTest : public EngineTest {
 protected:
  OrderKey key_{"certificate", "T|N|I"};
};

TEST_F(MemoryStageTest, AStepSeesItsOwnValueAndOthersOnlyWhatIsCommitted) {
  auto memory = memory_->for_endpoint("reader");
  ASSERT_TRUE(memory->put("m-1/read", key_, "version", "1").ok());
  EXPECT_EQ(memory->get("m-1/read", key_, "version").value(), "1");
  EXPECT_EQ(memory->get("m-2/read", key_, "version").value(), std::nullopt);
  ASSERT_TRUE(memory->flush("m-1/read").ok());
  EXPECT_EQ(memory->get("m-2/read", key_, "version").value(), "1");
  EXPECT_EQ(memory_->for_endpoint("other")->get("x", key_, "version").value(), std::nullopt);
}

TEST_F(MemoryStageTest, WhatIsDroppedWasNeverThere) {
  auto memory = memory_->for_endpoint("reader");
  ASSERT_TRUE(memory->put("m-1/read", key_, "version", "1").ok());
  memory_->drop("m-1/read");
  ASSERT_TRUE(memory->flush("m-1/read").ok());
  EXPECT_EQ(memory->get("m-1/read", key_, "version").value(), std::nullopt);
}

TEST_F(MemoryStageTest, ACounterHasNoGapsAndAStepKeepsItsNumber) {
  auto memory = memory_->for_endpoint("reader");
  EXPECT_EQ(memory->next("m-1/read", "serial").value(), 1U);
  EXPECT_EQ(memory->next("m-2/read", "serial").value(), 2U);
  EXPECT_EQ(memory->next("m-1/read", "serial").value(), 1U);
  EXPECT_EQ(memory->next("m-3/read", "serial").value(), 3U);
  EXPECT_EQ(memory->next("m-3/read", "other").value(), 1U);
}

TEST_F(MemoryStageTest, ThreadsNeverGetTheSameNumber) {
  auto memory = memory_->for_endpoint("reader");
  std::mutex mutex;
  std::set<std::uint64_t> numbers;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 25; ++i) {
        auto number =
            memory->next("t" + std::to_string(thread) + "/" + std::to_string(i), "serial");
        const std::lock_guard lock(mutex);
        if (number) numbers.insert(number.value());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(numbers.size(), 100U);
  EXPECT_EQ(*numbers.rbegin(), 100U);
}

}  // namespace
}  // namespace certbridge::host
