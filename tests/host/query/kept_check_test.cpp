// What was recorded and not kept is noted with its case after a start, and nothing else is.
#include "query/kept_check.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "access/policy/decision_inputs.h"
#include "certbridge/testing/fakes.h"

namespace certbridge::host {
namespace {

class KeptCheckTest : public ::testing::Test {
 protected:
  void SetUp() override {
    settings_.folder = ::testing::TempDir() + "kept-check-" + std::to_string(getpid());
    settings_.master_key = std::string(32, 'm');
    settings_.clock = &clock_;
    kept_ = std::make_unique<KeptUses>(settings_);
  }
  void TearDown() override { std::filesystem::remove_all(settings_.folder); }

  // A use in the case C1, from which something left.
  ReadAccess use(std::uint64_t number, bool in_case = true) {
    AccessRequest request;
    request.kind = AccessKind::kQuery;
    request.ground_kind = in_case ? "case" : "court";
    request.ground = "C1";
    request.when = clock_.now();
    AccessFacts facts;
    if (in_case) {
      facts.case_facts.emplace();
      facts.case_facts->known = true;
      facts.case_facts->case_no = "C1";
    }
    ReadAccess access;
    access.place.number = number;
    access.written = clock_.now();
    access.record.kind = AccessKind::kQuery;
    access.record.decision = AccessDecision::kAllowed;
    access.record.disclosed_digest = std::string(32, 'd');
    access.record.inputs = write_inputs(request, facts);
    return access;
  }
  std::vector<std::uint64_t> missing() const {
    std::vector<std::uint64_t> numbers;
    const auto uses = kept_->uses_of("C1");
    for (const KeptUse& one : uses.value()) {
      if (one.missing) numbers.push_back(one.place.number);
    }
    return numbers;
  }

  testing::FakeClock clock_{};
  testing::RecordingLogger logger_{};
  KeptUsesSettings settings_{};
  std::unique_ptr<KeptUses> kept_{};
};

TEST_F(KeptCheckTest, NotesWhatShouldHaveBeenKept) {
  KeptUse kept;
  kept.case_no = "C1";
  kept.place.number = 1;
  ASSERT_TRUE(kept_->keep(kept).ok());
  KeptCheck check(*kept_, logger_, 6);
  check.see(use(1));
  check.see(use(2));
  ReadAccess other = use(3);
  other.record.kind = AccessKind::kAvailability;
  check.see(other);
  other = use(4);
  other.record.disclosed_digest.clear();
  check.see(other);
  other = use(5);
  other.record.decision = AccessDecision::kDenied;
  check.see(other);
  check.see(use(6, false));
  check.see(use(7));  // of this process: it may be under way
  EXPECT_EQ(check.finish(), 1u);
  EXPECT_EQ(missing(), std::vector<std::uint64_t>{2});
}

TEST_F(KeptCheckTest, OnlyWhatMayHaveBeenUnderWayIsLookedAt) {
  KeptCheck check(*kept_, logger_, 9);
  check.see(use(1));
  clock_.advance(std::chrono::minutes(61));
  check.see(use(2));
  EXPECT_EQ(check.finish(), 1u);
  EXPECT_EQ(missing(), std::vector<std::uint64_t>{2});
}

}  // namespace
}  // namespace certbridge::host
