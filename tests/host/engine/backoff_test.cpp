#include "engine/backoff.h"

#include <gtest/gtest.h>

namespace certbridge::host {
namespace {

using std::chrono::milliseconds;

RetryPolicy plain() {
  RetryPolicy policy;
  policy.first = milliseconds(1000);
  policy.factor = 2;
  policy.most = milliseconds(10'000);
  policy.jitter = 0;
  return policy;
}

TEST(Backoff, GrowsToItsMost) {
  EXPECT_EQ(retry_delay(plain(), 1, 0.5, {}), milliseconds(1000));
  EXPECT_EQ(retry_delay(plain(), 2, 0.5, {}), milliseconds(2000));
  EXPECT_EQ(retry_delay(plain(), 4, 0.5, {}), milliseconds(8000));
  EXPECT_EQ(retry_delay(plain(), 5, 0.5, {}), milliseconds(10'000));
  EXPECT_EQ(retry_delay(plain(), 5000, 0.5, {}), milliseconds(10'000));
}

TEST(Backoff, WhatHasWaitedLongIsLookedAtSeldom) {
  using namespace std::chrono_literals;
  EXPECT_EQ(incomplete_delay(2s, 0s, {}), 2s);
  EXPECT_EQ(incomplete_delay(2s, 100s, {}), 2s);
  EXPECT_EQ(incomplete_delay(2s, 1h, {}), 72s);
  EXPECT_EQ(incomplete_delay(2s, 24h, {}), 5min);
  EXPECT_EQ(incomplete_delay(10min, 24h, {}), 10min);
  EXPECT_EQ(incomplete_delay(2s, 0s, 30s), 30s);
}

TEST(Backoff, JitterGoesEitherWay) {
  RetryPolicy policy = plain();
  policy.jitter = 0.2;
  EXPECT_EQ(retry_delay(policy, 1, 0.0, {}), milliseconds(800));
  EXPECT_EQ(retry_delay(policy, 1, 1.0, {}), milliseconds(1200));
}

TEST(Backoff, ALongerWishOfTheCounterpartIsHonoured) {
  EXPECT_EQ(retry_delay(plain(), 1, 0.5, milliseconds(60'000)), milliseconds(60'000));
  EXPECT_EQ(retry_delay(plain(), 3, 0.5, milliseconds(1)), milliseconds(4000));
}

}  // namespace
}  // namespace certbridge::host
