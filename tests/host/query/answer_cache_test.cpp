// What is kept of answers: for its time, within its room, and not beyond a delivery.
#include "query/answer_cache.h"

#include <gtest/gtest.h>

#include <thread>

#include "certbridge/testing/fakes.h"

namespace certbridge::host {
namespace {

class AnswerCacheTest : public ::testing::Test {
 protected:
  void keep(const std::string& question, const std::string& answer) {
    cache_.keep(question, cache_.moment(), {answer, clock_.now()});
  }
  std::string found(const std::string& question) {
    const auto kept = cache_.find(question);
    return kept ? kept->answer : "nothing";
  }

  testing::FakeClock clock_{};
  std::atomic<std::uint64_t> deliveries_{0};
  QueryCache settings_{std::chrono::seconds(60), 3, 1000};
  MetricsRegistry metrics_{};
  AnswerCache cache_{settings_, "r", clock_, metrics_, &deliveries_};
};

TEST_F(AnswerCacheTest, KeepsAnAnswerForItsTime) {
  const Timestamp asked = clock_.now();
  keep("q", "a");
  clock_.advance(std::chrono::seconds(59));
  const auto kept = cache_.find("q");
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->answer, "a");
  EXPECT_EQ(kept->since, asked);
  EXPECT_EQ(found("another"), "nothing");
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(found("q"), "nothing");
}

TEST_F(AnswerCacheTest, AnythingDeliveredEmptiesIt) {
  keep("q", "a");
  ++deliveries_;
  EXPECT_EQ(found("q"), "nothing");
  const auto counted = [&](const char* outcome) {
    return metrics_.value("query_cache", {{"route", "r"}, {"outcome", outcome}});
  };
  EXPECT_EQ(counted("emptied"), 1);
  EXPECT_EQ(counted("miss"), 1);
  EXPECT_EQ(counted("hit"), 0);
  keep("q", "b");
  EXPECT_EQ(found("q"), "b");
}

TEST_F(AnswerCacheTest, WhatWasAskedBeforeADeliveryIsNotKeptBehindIt) {
  const std::uint64_t moment = cache_.moment();
  ++deliveries_;
  cache_.keep("q", moment, {"old", clock_.now()});
  EXPECT_EQ(found("q"), "nothing");
}

TEST_F(AnswerCacheTest, TheOldestMakesRoom) {
  for (const char* question : {"1", "2", "3", "4"}) keep(question, "a");
  EXPECT_EQ(found("1"), "nothing");
  EXPECT_EQ(found("4"), "a");
  keep("2", "b");
  EXPECT_EQ(found("2"), "b");
  EXPECT_EQ(found("3"), "a") << "nobody makes room for what is replaced";
  keep("5", std::string(950, 'x'));
  EXPECT_EQ(found("3"), "nothing");
  EXPECT_EQ(found("4"), "a") << "there is just room enough beside it";
  EXPECT_EQ(found("5").size(), 950u);
  keep("6", std::string(1000, 'x'));
  EXPECT_EQ(found("6"), "nothing") << "with its tag it is larger than all the room";
  EXPECT_EQ(found("5").size(), 950u);
}

TEST_F(AnswerCacheTest, ManyAskAndDeliverAtOnce) {
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this, thread] {
      for (int i = 0; i < 500; ++i) {
        const std::string question = std::to_string(i % 5);
        keep(question, question);
        const std::string answer = found(question);
        EXPECT_TRUE(answer == question || answer == "nothing");
        if (thread == 0 && i % 10 == 0) ++deliveries_;
      }
    });
  }
}

}  // namespace
}  // namespace certbridge::host
