// Breaker, bucket, quota and opening hours by themselves: they are told the time.
#include <gtest/gtest.h>

#include "engine/breaker.h"
#include "engine/opening_hours.h"
#include "engine/quota.h"
#include "engine/token_bucket.h"

namespace certbridge::host {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Moment = std::chrono::steady_clock::time_point;
using std::chrono::local_days;
using std::chrono::sys_days;
using namespace std::chrono_literals;

const Moment kStart{seconds(1000)};

BreakerPolicy policy_of(int failures, milliseconds first, milliseconds longest) {
  return {failures, first, longest};
}

TEST(BreakerTest, OpensAfterSoManyFailuresInARow) {
  Breaker breaker(policy_of(3, 1s, 60s));
  breaker.failed(false, kStart);
  breaker.failed(false, kStart);
  breaker.succeeded(false);
  breaker.failed(false, kStart);
  breaker.failed(false, kStart);
  EXPECT_EQ(breaker.state(), BreakerState::kClosed);
  EXPECT_TRUE(breaker.allows(kStart));
  breaker.failed(false, kStart);
  EXPECT_EQ(breaker.state(), BreakerState::kOpen);
  EXPECT_FALSE(breaker.allows(kStart));
}

TEST(BreakerTest, LetsOneProbePassAtATime) {
  Breaker breaker(policy_of(1, 1s, 60s));
  breaker.failed(false, kStart);
  EXPECT_FALSE(breaker.allows(kStart + 999ms));
  ASSERT_TRUE(breaker.allows(kStart + 1s));
  EXPECT_TRUE(breaker.begin(kStart + 1s));
  EXPECT_FALSE(breaker.allows(kStart + 2s));
  breaker.succeeded(true);
  EXPECT_EQ(breaker.state(), BreakerState::kClosed);
  EXPECT_TRUE(breaker.allows(kStart + 2s));
}

TEST(BreakerTest, DoublesItsPausesUpToTheLongestAndNeverStops) {
  Breaker breaker(policy_of(1, 1s, 5s));
  breaker.failed(false, kStart);
  Moment now = kStart;
  for (const milliseconds pause : {1000ms, 2000ms, 4000ms, 5000ms, 5000ms, 5000ms}) {
    EXPECT_FALSE(breaker.allows(now + pause - 1ms));
    now += pause;
    ASSERT_TRUE(breaker.begin(now));
    breaker.failed(true, now);
  }
  for (int i = 0; i < 1000; ++i) {
    now += 5s;
    ASSERT_TRUE(breaker.begin(now));
    breaker.failed(true, now);
  }
}

TEST(BreakerTest, BeginsWithTheFirstPauseAgainOnceItWasClosed) {
  Breaker breaker(policy_of(1, 1s, 60s));
  breaker.failed(false, kStart);
  ASSERT_TRUE(breaker.begin(kStart + 1s));
  breaker.failed(true, kStart + 1s);
  ASSERT_TRUE(breaker.begin(kStart + 3s));
  breaker.succeeded(true);
  breaker.failed(false, kStart + 4s);
  EXPECT_TRUE(breaker.allows(kStart + 5s));
}

TEST(BreakerTest, AProbeThatCalledNobodyIsMadeAgainAtOnce) {
  Breaker breaker(policy_of(1, 1s, 60s));
  breaker.failed(false, kStart);
  ASSERT_TRUE(breaker.begin(kStart + 1s));
  breaker.called_nobody(true);
  EXPECT_EQ(breaker.state(), BreakerState::kOpen);
  EXPECT_TRUE(breaker.allows(kStart + 1s));
}

TEST(BreakerTest, AnAnswerToAQuestionNeitherClosesNorForgets) {
  Breaker breaker(policy_of(2, 1s, 60s));
  breaker.failed(false, kStart);
  breaker.asked(false, kStart);
  breaker.failed(false, kStart);
  EXPECT_EQ(breaker.state(), BreakerState::kOpen);
  ASSERT_TRUE(breaker.begin(kStart + 1s));
  breaker.asked(true, kStart + 1s);
  EXPECT_EQ(breaker.state(), BreakerState::kOpen);
  EXPECT_FALSE(breaker.allows(kStart + 1999ms));
  EXPECT_TRUE(breaker.allows(kStart + 2s)) << "after the same pause";
}

TEST(BreakerTest, ACallThatBeganBeforeItOpenedClosesItWhenItIsAnswered) {
  Breaker breaker(policy_of(1, 1s, 60s));
  breaker.failed(false, kStart);
  breaker.succeeded(false);
  EXPECT_EQ(breaker.state(), BreakerState::kClosed);
}

TEST(BreakerTest, AfterARestartItWaitsNoLongerThanItsLongestPause) {
  Breaker breaker(policy_of(1, 1s, 60s));
  breaker.restore(7, 3, hours(1000), kStart);  // the wall clock was set back meanwhile
  EXPECT_FALSE(breaker.allows(kStart + 59s));
  EXPECT_TRUE(breaker.allows(kStart + 60s));
  breaker.restore(7, 3, hours(-1000), kStart);
  EXPECT_TRUE(breaker.allows(kStart));
}

TEST(TokenBucketTest, HoldsTheBurstAndFillsAtTheRate) {
  DeliveryLimits limits;
  limits.per_second = 10;
  limits.burst = 3;
  TokenBucket bucket(limits);
  for (int i = 0; i < 3; ++i) bucket.take(kStart);
  EXPECT_EQ(bucket.left(kStart), 0);
  EXPECT_EQ(bucket.until_next(kStart), 100ms);
  EXPECT_EQ(bucket.left(kStart + 99ms), 0);
  EXPECT_EQ(bucket.left(kStart + 100ms), 1);
  EXPECT_EQ(bucket.left(kStart + hours(1)), 3);
  EXPECT_EQ(bucket.left(kStart), 3) << "a time before the last one adds nothing and takes nothing";
}

TEST(TokenBucketTest, NeverRunsOutWithoutARate) {
  TokenBucket bucket(DeliveryLimits{});
  for (int i = 0; i < 1000; ++i) bucket.take(kStart);
  EXPECT_GT(bucket.left(kStart), 1000);
}

DeliveryPolicy with_quota(std::int64_t per_hour, std::int64_t per_day) {
  DeliveryPolicy policy;
  policy.limits.per_hour = per_hour;
  policy.limits.per_day = per_day;
  return policy;
}
// 09:30 in the zone +08:00.
const Timestamp kHalfPastNine = sys_days(2026y / 11 / 24) + hours(1) + minutes(30);

TEST(QuotaTest, CountsHoursAndDaysOfTheZone) {
  Quota quota(with_quota(2, 3));
  quota.take(quota.hour_of(kHalfPastNine));
  quota.take(quota.hour_of(kHalfPastNine));
  EXPECT_EQ(quota.left(kHalfPastNine), 0);
  EXPECT_EQ(quota.renews(kHalfPastNine), sys_days(2026y / 11 / 24) + hours(2));
  EXPECT_EQ(quota.left(kHalfPastNine + hours(1)), 1) << "three a day";
  quota.take(quota.hour_of(kHalfPastNine + hours(1)));
  EXPECT_EQ(quota.left(kHalfPastNine + hours(5)), 0);
  // Midnight in the zone is 16:00 of UTC.
  EXPECT_EQ(quota.renews(kHalfPastNine + hours(5)), sys_days(2026y / 11 / 24) + hours(16));
  EXPECT_EQ(quota.left(sys_days(2026y / 11 / 24) + hours(16)), 2);
}

TEST(QuotaTest, AClockThatIsSetBackFindsWhatWasCounted) {
  Quota quota(with_quota(1, 0));
  quota.take(quota.hour_of(kHalfPastNine));
  quota.take(quota.hour_of(kHalfPastNine + hours(1)));
  EXPECT_EQ(quota.left(kHalfPastNine), 0);
  EXPECT_EQ(quota.left(kHalfPastNine + hours(1)), 0);
  EXPECT_EQ(quota.left(kHalfPastNine + hours(30)), 1);
}

TEST(QuotaTest, GivesBackAndRestores) {
  Quota quota(with_quota(2, 0));
  const std::int64_t hour = quota.hour_of(kHalfPastNine);
  quota.restore(hour, 2);
  EXPECT_EQ(quota.left(kHalfPastNine), 0);
  quota.give_back(hour);
  EXPECT_EQ(quota.left(kHalfPastNine), 1);
}

// 2026-11-24 is a Tuesday.
Timestamp local(std::chrono::year_month_day day, int hour, int minute) {
  return sys_days(day) + hours(hour - 8) + minutes(minute);
}

DeliveryPolicy office() {
  DeliveryPolicy policy;
  policy.hours.windows = {{0b0011111, 8 * 60 + 30, 17 * 60 + 30}};
  policy.hours.closed = {{local_days(2026y / 10 / 1), local_days(2026y / 10 / 7)}};
  return policy;
}

TEST(OpeningHoursTest, AreThoseOfTheZone) {
  const DeliveryPolicy policy = office();
  EXPECT_FALSE(is_open(policy, local(2026y / 11 / 24, 8, 29)));
  EXPECT_TRUE(is_open(policy, local(2026y / 11 / 24, 8, 30)));
  EXPECT_TRUE(is_open(policy, local(2026y / 11 / 24, 17, 29)));
  EXPECT_FALSE(is_open(policy, local(2026y / 11 / 24, 17, 30)));
  EXPECT_FALSE(is_open(policy, local(2026y / 11 / 28, 10, 0))) << "Saturday";
  EXPECT_TRUE(is_open(DeliveryPolicy{}, local(2026y / 11 / 28, 3, 0))) << "no hours: always";
  DeliveryPolicy west = office();
  west.zone = minutes(-300);
  EXPECT_FALSE(is_open(west, local(2026y / 11 / 24, 10, 0)));
}

TEST(OpeningHoursTest, HolidaysAreClosed) {
  const DeliveryPolicy policy = office();
  EXPECT_TRUE(is_open(policy, local(2026y / 9 / 30, 10, 0)));
  EXPECT_FALSE(is_open(policy, local(2026y / 10 / 1, 10, 0)));
  EXPECT_FALSE(is_open(policy, local(2026y / 10 / 7, 17, 0)));
  EXPECT_TRUE(is_open(policy, local(2026y / 10 / 8, 10, 0)));
  EXPECT_EQ(opens_next(policy, local(2026y / 9 / 30, 18, 0)), local(2026y / 10 / 8, 8, 30));
}

TEST(OpeningHoursTest, ANightBelongsToTheDayOnWhichItBegan) {
  DeliveryPolicy policy;
  policy.hours.windows = {{0b0010000, 22 * 60, 6 * 60}};  // Friday night
  EXPECT_FALSE(is_open(policy, local(2026y / 11 / 27, 5, 0)));
  EXPECT_TRUE(is_open(policy, local(2026y / 11 / 27, 22, 0)));
  EXPECT_TRUE(is_open(policy, local(2026y / 11 / 28, 5, 59)));
  EXPECT_FALSE(is_open(policy, local(2026y / 11 / 28, 6, 0)));
  EXPECT_FALSE(is_open(policy, local(2026y / 11 / 28, 22, 0)));
}

TEST(OpeningHoursTest, TheNextOpeningIsToday_TomorrowOrNever) {
  const DeliveryPolicy policy = office();
  EXPECT_EQ(opens_next(policy, local(2026y / 11 / 24, 7, 0)), local(2026y / 11 / 24, 8, 30));
  EXPECT_EQ(opens_next(policy, local(2026y / 11 / 24, 18, 0)), local(2026y / 11 / 25, 8, 30));
  EXPECT_EQ(opens_next(policy, local(2026y / 11 / 27, 18, 0)), local(2026y / 11 / 30, 8, 30));
  DeliveryPolicy never = office();
  never.hours.closed = {{local_days(2026y / 1 / 1), local_days(2036y / 1 / 1)}};
  EXPECT_EQ(opens_next(never, local(2026y / 11 / 24, 18, 0)), std::nullopt);
}

TEST(OpeningHoursTest, MaintenanceHasABeginningAndAnEnd) {
  DeliveryPolicy policy;
  policy.maintenance = {{local(2026y / 12 / 1, 22, 0), local(2026y / 12 / 2, 2, 0)}};
  EXPECT_EQ(maintenance_at(policy, local(2026y / 12 / 1, 21, 59)), nullptr);
  ASSERT_NE(maintenance_at(policy, local(2026y / 12 / 1, 22, 0)), nullptr);
  EXPECT_EQ(maintenance_at(policy, local(2026y / 12 / 2, 2, 0)), nullptr);
}

}  // namespace
}  // namespace certbridge::host
