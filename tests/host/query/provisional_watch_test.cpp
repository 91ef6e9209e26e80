// A use on a provisional number that became no case in time is flagged, once.
#include "query/provisional_watch.h"

#include "desk_fixture.h"

namespace certbridge::host {
namespace {

using namespace std::chrono_literals;

const char* const kProvisionalPolicy = R"(<access xmlns="urn:certbridge:access:1" version="p">
  <levels order="ukey"/>
  <purpose name="registration"><fields type="*"><field name="number"/></fields></purpose>
  <ground name="case" kind="case" accesses="query" purposes="registration" types="*">
    <who roles="clerk"/>
    <case parties="applicant" provisional-minutes="30"/>
  </ground>
</access>)";

class ProvisionalWatchTest : public ::testing::Test {
 protected:
  ProvisionalWatchTest() : policy_(AccessPolicy::parse(kProvisionalPolicy, "access.xml").value()) {
    facts_.known = facts_.open = facts_.provisional = true;
    facts_.provisional_no = "P-1";
    facts_.started = clock_.now();
    facts_.materials = {kCardType};
    facts_.parties = {{PartyRole::kApplicant, {"张三", "111", kZhangSan}}};
  }

  std::unique_ptr<ProvisionalWatch> watch() {
    return std::make_unique<ProvisionalWatch>(
        recorder_, recorder_, *policy_,
        [this](const std::string& number) -> Result<CaseFacts> {
          asked_.push_back(number);
          if (fails_) return Error::retryable("registration.timeout", "not now");
          return facts_;
        },
        clock_);
  }

  AccessRecord use(const std::string& number = "P-1") {
    AccessRequest request;
    request.caller = {"window", kUnit,
                      AssertedPerson{"staff", "clerk-7", "ukey", {"clerk"}, {}, {}}};
    request.role = "clerk";
    request.ground_kind = "case";
    request.ground = number;
    request.provisional = true;
    request.purpose = "registration";
    request.holder = QueriedHolder{"张三", "111", kZhangSan};
    request.when = clock_.now();
    AccessFacts facts;
    facts.case_facts = facts_;
    facts.case_facts->provisional_no = number;
    const Decision decision = decide(*policy_, request, facts);
    AccessRecord record;
    record.person = "clerk-7";
    record.holder = kZhangSan;
    record.ground_kind = "case";
    record.ground = number;
    record.decision = decision.allowed ? AccessDecision::kAllowed : AccessDecision::kDenied;
    record.code = decision.code;
    record.inputs = write_inputs(request, facts);
    return record;
  }

  std::vector<AccessRecord> flags() const {
    std::vector<AccessRecord> found = recorder_.records();
    std::erase_if(found, [](const AccessRecord& one) { return one.kind != AccessKind::kFlag; });
    return found;
  }

  std::shared_ptr<const AccessPolicy> policy_;
  testing::FakeClock clock_{};
  ListRecorder recorder_{};
  CaseFacts facts_{};
  bool fails_ = false;
  std::vector<std::string> asked_{};
};

TEST_F(ProvisionalWatchTest, ANumberThatBecameNoCaseInTimeIsFlaggedOnce) {
  const auto watch = this->watch();
  ASSERT_TRUE(watch->append(use()).ok());
  ASSERT_TRUE(watch->append(use()).ok());
  clock_.advance(29min);
  watch->look({});
  EXPECT_TRUE(asked_.empty()) << "its time is not up";
  clock_.advance(1min);
  watch->look({});
  EXPECT_EQ(asked_, std::vector<std::string>{"P-1"}) << "two uses, one question";
  ASSERT_EQ(flags().size(), 2U);
  EXPECT_EQ(flags()[0].code, "provisional.no_case");
  EXPECT_EQ(flags()[0].refers_to + flags()[1].refers_to, 3U);
  EXPECT_EQ(flags()[0].person, "clerk-7");
  EXPECT_EQ(flags()[0].inputs, "");
  clock_.advance(1h);
  watch->look({});
  EXPECT_EQ(flags().size(), 2U);
  EXPECT_EQ(watch->outstanding(), 0U);
}

TEST_F(ProvisionalWatchTest, ANumberThatBecameACaseIsNot) {
  const auto watch = this->watch();
  ASSERT_TRUE(watch->append(use()).ok());
  facts_.provisional = false;
  facts_.case_no = "C-1";
  clock_.advance(31min);
  watch->look({});
  EXPECT_TRUE(flags().empty());
  EXPECT_EQ(watch->outstanding(), 0U);
  const AccessRecord reference = recorder_.records().back();
  EXPECT_EQ(reference.kind, AccessKind::kReference);
  EXPECT_EQ(reference.code, "provisional.case");
  EXPECT_EQ(reference.ground, "C-1") << "under which the use is found from now on";
  EXPECT_EQ(reference.refers_to, 1U);
  EXPECT_EQ(reference.holder, kZhangSan);
  EXPECT_EQ(reference.inputs, "");
  const auto after_a_start = this->watch();
  after_a_start->remember(reference, 2);
  after_a_start->remember(recorder_.records().front(), 1);
  EXPECT_EQ(after_a_start->outstanding(), 0U);
}

TEST_F(ProvisionalWatchTest, ANumberThatIsGoneIsFlagged) {
  const auto watch = this->watch();
  ASSERT_TRUE(watch->append(use()).ok());
  facts_ = {};
  clock_.advance(31min);
  watch->look({});
  EXPECT_EQ(flags().size(), 1U);
}

TEST_F(ProvisionalWatchTest, WhoCannotBeAskedIsAskedAgainAndADayLaterItIsSaid) {
  const auto watch = this->watch();
  ASSERT_TRUE(watch->append(use()).ok());
  fails_ = true;
  clock_.advance(31min);
  watch->look({});
  watch->look({});
  EXPECT_EQ(asked_.size(), 1U) << "bounded: five minutes later";
  EXPECT_TRUE(flags().empty());
  clock_.advance(24h);
  watch->look({});
  ASSERT_EQ(flags().size(), 1U);
  EXPECT_EQ(flags()[0].code, "provisional.unknown");
}

TEST_F(ProvisionalWatchTest, ARestartKnowsWhatIsOutstandingFromTheRecords) {
  for (const char* number : {"P-1", "P-2"}) ASSERT_TRUE(watch()->append(use(number)).ok());
  clock_.advance(31min);
  const auto again = [this] {
    auto watch = this->watch();
    std::uint64_t number = 0;
    for (const AccessRecord& record : recorder_.records()) watch->remember(record, ++number);
    return watch;
  };
  recorder_.refuse_with("access.full");
  again()->look({});
  EXPECT_TRUE(flags().empty());
  recorder_.refuse_with("");
  again()->look({});
  EXPECT_EQ(flags().size(), 2U);
  const auto third = again();
  EXPECT_EQ(third->outstanding(), 0U);
  third->look({});
  EXPECT_EQ(flags().size(), 2U) << "each once";
}

TEST_F(ProvisionalWatchTest, OtherRecordsAreNoBusinessOfIt) {
  const auto watch = this->watch();
  AccessRecord denied = use();
  denied.decision = AccessDecision::kDenied;
  AccessRecord beside = use();
  beside.refers_to = 1;
  AccessRecord accepted = use();
  facts_.provisional = false;
  facts_.case_no = "C-1";
  accepted.inputs = use().inputs;
  for (const AccessRecord& record : {denied, beside, accepted}) {
    ASSERT_TRUE(watch->append(record).ok());
  }
  EXPECT_EQ(watch->outstanding(), 0U);
}

}  // namespace
}  // namespace certbridge::host
