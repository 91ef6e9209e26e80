// The access log of a running host: opened when it can be, its uses counted, its troubles told.
#include "query/access_keeper.h"

#include "access_fixture.h"
#include "certbridge/testing/fakes.h"
#include "stub_responder.h"

namespace certbridge::host {
namespace {

using namespace std::chrono_literals;

class KeeperTest : public access_test::AccessFolder {
 protected:
  std::unique_ptr<AccessKeeper> keep(std::chrono::milliseconds period = 5ms) {
    return std::make_unique<AccessKeeper>(settings_, metrics_, logger_, period);
  }
  static AccessRecord use_of(const std::string& ground) {
    AccessRecord record = access_test::record_of(1);
    record.ground = ground;
    record.refers_to = 0;
    return record;
  }
  static std::uint64_t uses(AccessKeeper& keeper, const std::string& ground) {
    const auto counted = keeper.count("case", ground, "411300-hall");
    EXPECT_TRUE(counted.ok()) << counted.error().code;
    return counted ? counted.value().uses : 0;
  }
  // Whether it comes to be so while the keeper looks again and again.
  template <class Condition>
  static bool comes(Condition condition) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::yield();
    }
    return true;
  }

  MetricsRegistry metrics_{};
  testing::RecordingLogger logger_{};
};

TEST_F(KeeperTest, CountsUsesAsTheyAreRecorded) {
  auto keeper = keep();
  EXPECT_EQ(uses(*keeper, "C1"), 0u);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(keeper->append(use_of("C1")).ok());
  EXPECT_EQ(uses(*keeper, "C1"), 3u);
  EXPECT_EQ(uses(*keeper, "C2"), 0u);
  AccessRecord denied = use_of("C1");
  denied.decision = AccessDecision::kDenied;
  AccessRecord further = use_of("C1");
  further.refers_to = 2;
  AccessRecord of_others = use_of("C1");
  of_others.unit = "another";
  AccessRecord other_ground = use_of("C1");
  other_ground.ground_kind = "court";
  AccessRecord flag = use_of("C1");
  flag.kind = AccessKind::kFlag;
  for (const AccessRecord& one : {denied, further, of_others, other_ground, flag}) {
    ASSERT_TRUE(keeper->append(one).ok());
  }
  EXPECT_EQ(uses(*keeper, "C1"), 3u);
  EXPECT_EQ(keeper->count("court", "C1", "411300-hall").value().uses, 1u);
}

TEST_F(KeeperTest, CountsWhatIsInTheIndexAndWhatIsNotYetTheSame) {
  {
    auto keeper = keep();
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(keeper->append(use_of("C1")).ok());
  }
  auto keeper = keep(1h);  // enters what the other one recorded, and nothing later
  EXPECT_EQ(uses(*keeper, "C1"), 3u) << "of an earlier process";
  ASSERT_TRUE(keeper->append(use_of("C1")).ok());
  EXPECT_EQ(uses(*keeper, "C1"), 4u);
  keeper.reset();
  keeper = keep();
  EXPECT_EQ(uses(*keeper, "C1"), 4u);
}

// Of two at once only one can be the last.
TEST_F(KeeperTest, AUseThatIsNotRecordedYetIsHeld) {
  auto keeper = keep();
  auto first = keeper->count("case", "C1", "411300-hall");
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first.value().uses, 0u);
  EXPECT_EQ(uses(*keeper, "C1"), 1u);
  EXPECT_EQ(uses(*keeper, "C2"), 0u);
  first.value().hold.reset();
  EXPECT_EQ(uses(*keeper, "C1"), 0u);
}

TEST_F(KeeperTest, ALogThatCannotBeOpenedRefusesRecordsUntilItCan) {
  auto other = open();
  ASSERT_NE(other, nullptr);
  auto keeper = keep();
  const auto refused = keeper->append(use_of("C1"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "access.in_use");
  EXPECT_EQ(refused.error().severity, Severity::kRetryable);
  EXPECT_TRUE(comes([&] { return metrics_.value("access_alarm", {}) == 1; }));
  other.reset();
  EXPECT_TRUE(comes([&] { return keeper->append(use_of("C1")).ok(); }));
  EXPECT_TRUE(comes([&] { return metrics_.value("access_alarm", {}) == 0; }));
  EXPECT_TRUE(comes([&] { return metrics_.value("access_records", {}) == 1; }));
  std::vector<std::string> events;
  for (const auto& entry : logger_.entries()) events.push_back(entry.event);
  EXPECT_EQ(events, (std::vector<std::string>{"access.trouble", "access.trouble_over"}));
}

TEST_F(KeeperTest, SaysWhyNothingComesToTheSecondPlace) {
  access_test::files::remove_all(folder_ + "/second");
  auto keeper = keep();
  ASSERT_TRUE(keeper->append(use_of("C1")).ok());
  EXPECT_TRUE(comes([&] { return !logger_.entries().empty(); }));
  keeper.reset();
  EXPECT_EQ(logger_.entries().at(0).event, "access.trouble");
  EXPECT_NE(logger_.all_text().find("the anchors cannot be written: " + folder_ + "/second/"),
            std::string::npos);
}

TEST_F(KeeperTest, ReadsEarlierRecords) {
  auto keeper = keep();
  const auto place = keeper->append(use_of("C1"));
  ASSERT_TRUE(place.ok());
  const auto read = keeper->record(place.value().number);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().record.ground, "C1");
  EXPECT_FALSE(keeper->record(place.value().number + 100).ok());
}

}  // namespace
}  // namespace certbridge::host
