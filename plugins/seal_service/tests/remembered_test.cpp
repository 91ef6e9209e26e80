// What is remembered of seals and chains: how much, under how many threads, and until when.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "testing/recipe.h"
#include "verifier_fixture.h"

namespace certbridge::seal_service {
namespace {

using std::chrono::days;

// More seals than are remembered at a time.
class ManySeals : public ::testing::Test {
 protected:
  static constexpr int kSeals = 66;

  static std::vector<SealOrder> orders() {
    std::vector<SealOrder> orders;
    for (int i = 0; i < kSeals; ++i) {
      const std::string number = std::to_string(100 + i);
      orders.push_back({"41130000000" + number, "南阳市" + number, "signer-" + number});
    }
    return orders;
  }
  bool passes(const Sealed& one) {
    return seals_.check(one.seal, one.signer.certificate.der()).ok();
  }
  // SM2 operations that looking at the seal once more costs.
  int cost_of(const Sealed& one) {
    verified_ = 0;
    EXPECT_TRUE(passes(one));
    return verified_;
  }

  World world_ = must(make_world(orders(), kVerifiedAt));
  std::atomic<int> verified_ = 0;
  TrustedSeals seals_{read_trust(world_.trust_pem, "").value(),
                      [this](std::string_view, int count) { verified_ += count; }};
};

TEST_F(ManySeals, NotMoreThanSixtyFourAreRemembered) {
  for (const Sealed& one : world_.good) EXPECT_GT(cost_of(one), 0) << one.order.signer;
  EXPECT_EQ(cost_of(world_.good.back()), 0);
  int remembered = 0;
  for (const Sealed& one : world_.good) {
    verified_ = 0;
    EXPECT_TRUE(passes(one));
    if (verified_ == 0) ++remembered;
  }
  EXPECT_LE(remembered, 64);
}

TEST_F(ManySeals, ThreadsMayAskWhileOthersAreForgotten) {
  std::vector<std::thread> threads;
  threads.reserve(4);
  std::atomic<int> passed = 0;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this, thread, &passed] {
      for (int i = 0; i < kSeals; ++i) {
        if (passes(world_.good[static_cast<std::size_t>((i + thread * 16) % kSeals)])) ++passed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(passed, 4 * kSeals);
}

// Code of the verdict on a file that is sealed with a seal seen before; empty for a good one.
std::string verdict(TrustedSeals& seals, const Sealed& by, Timestamp sealed_at, Timestamp now) {
  const std::string file = seal_sample(sample_document(), sample_stamp(), by, sealed_at, true);
  const Report report = verify_file(file, seals, now);
  return report.failure ? report.failure->code : "";
}

TEST(Remembered, ASealThatPassedEndsWithItsValidity) {
  Fixture fixture;
  const Sealed& seal = fixture.world.bad.at("expired-seal");
  ASSERT_EQ(verdict(fixture.seals, seal, kVerifiedAt - days(2), kVerifiedAt), "");
  fixture.verified = 0;
  EXPECT_EQ(verdict(fixture.seals, seal, kVerifiedAt, kVerifiedAt), "seal.seal_validity");
  EXPECT_EQ(fixture.verified, 1) << "the seal was not remembered, so nothing is shown";
}

TEST(Remembered, AChainThatPassedEndsWithItsCertificates) {
  Fixture fixture;
  const Sealed& seal = fixture.world.bad.at("expired-signer");
  ASSERT_EQ(verdict(fixture.without_lists, seal, kVerifiedAt - days(3), kVerifiedAt), "");
  EXPECT_EQ(verdict(fixture.without_lists, seal, kVerifiedAt, kVerifiedAt),
            "seal.certificate_validity");
}

TEST(Remembered, WhatIsKnownOfRevocationsEndsWithTheList) {
  Fixture fixture;
  const Sealed& seal = fixture.world.good.front();
  ASSERT_EQ(verdict(fixture.seals, seal, kVerifiedAt, kVerifiedAt), "");
  EXPECT_EQ(verdict(fixture.seals, seal, kVerifiedAt, kVerifiedAt + days(3651)),
            "seal.revocation.unknown");
}

}  // namespace
}  // namespace certbridge::seal_service
