#include "engine/terms.h"

#include "engine_fixture.h"

namespace certbridge::host {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_days;

constexpr auto kToday = std::chrono::year(2026) / 11 / 28;
const Timestamp kMorning = sys_days(kToday) + hours(1);  // 09:00 of +08:00
const std::chrono::steady_clock::time_point kSteady{hours(1000)};

TEST(LocalDay, BeginsAtMidnightOfTheOffice) {
  EXPECT_EQ(local_day(sys_days(kToday) - hours(8)), sys_days(kToday));
  EXPECT_EQ(local_day(sys_days(kToday) - hours(9)), sys_days(kToday) - days(1));
}

TEST(DayWatch, BelievesAClockThatGoesOnOrIsSetBack) {
  DayWatch watch(days(31));
  const auto note = std::optional(sys_days(kToday) - days(30));
  EXPECT_EQ(watch.day(kMorning, kSteady, note), sys_days(kToday));
  EXPECT_EQ(watch.day(kMorning + hours(24), kSteady + hours(24), note), sys_days(kToday) + days(1));
  EXPECT_EQ(watch.day(kMorning, kSteady + hours(25), sys_days(kToday)), sys_days(kToday));
}

TEST(DayWatch, DoubtsALeapForAnHour) {
  DayWatch watch(days(31));
  EXPECT_TRUE(watch.day(kMorning, kSteady, {}));
  EXPECT_FALSE(watch.day(kMorning + hours(48), kSteady + hours(1), {}));
  EXPECT_NE(watch.why().find("leapt"), std::string::npos) << watch.why();
  EXPECT_FALSE(watch.day(kMorning + hours(48), kSteady + hours(1), {}));
  EXPECT_TRUE(watch.day(kMorning + hours(49), kSteady + hours(2), {})) << "it stays there";
  EXPECT_FALSE(watch.day(kMorning + hours(480), kSteady + hours(2), {}));
  EXPECT_TRUE(watch.day(kMorning + hours(49), kSteady + hours(2), {})) << "it was set right";
}

TEST(DayWatch, DoubtsAClockThatIsFarAheadOfWhatWasDealtWith) {
  DayWatch watch(days(31));
  EXPECT_FALSE(watch.day(kMorning, kSteady, sys_days(kToday) - days(32)));
  EXPECT_NE(watch.why().find("32 days"), std::string::npos) << watch.why();
  EXPECT_NE(watch.why().find("believe-day"), std::string::npos) << watch.why();
}

class TermKeeperTest : public EngineTest {
 protected:
  TermKeeperTest() {
    add_sink("library");
    Step life;
    life.kind = StepKind::kLife;
    life.name = "life";
    add_route("register", "", {life, deliver("library")}).from = {kRegisterSource};
    policy_.terms = {{"", "住宅", AtEndOfTerm::kNothing}, {"T1", "", AtEndOfTerm::kExpire}};
  }
  // A certificate whose term ended, or ends, so many days from now.
  OrderKey holds(const std::string& number, int in_days, const std::string& use,
                 const std::string& type) {
    RegisteredCertificate it;
    it.key = certificate_key(type, number, "I1");
    it.version = 1;
    it.life.number = number;
    it.life.type_code = type;
    it.life.issuer_code = "I1";
    it.life.area = "411300";
    it.life.identifier = "id-" + number;
    it.life.word = "valid";
    it.life.use = use;
    it.life.state.base = {Status::Base::kValid, "", {}};
    it.life.expires_on =
        std::chrono::year_month_day(local_day(clock_.now()) + std::chrono::days(in_days));
    Transition transition;
    transition.certificates.push_back({it});
    EXPECT_TRUE(store_->apply(std::move(transition)).ok());
    return it.key;
  }
  void work() {
    TermKeeper keeper({*store_, policy_, clock_, *logger_, metrics_});
    keeper.work(std::stop_token());
  }
  Status::Base base(const OrderKey& key) {
    return store_->certificate(key).value()->life.state.base.base;
  }

  LifePolicy policy_{};
};

TEST_F(TermKeeperTest, OnlyWhatThePolicySaysExpiresAndTheLibraryIsToldOnce) {
  start();
  const OrderKey shop = holds("shop", -1, "商业", "T1");
  const OrderKey home = holds("home", -1, "城镇住宅用地", "T1");
  const OrderKey other = holds("other", -1, "商业", "T2");
  const OrderKey today = holds("today", 0, "商业", "T1");
  holds("soon", 30, "商业", "T2");
  work();
  work();
  EXPECT_TRUE(eventually([&] { return base(shop) == Status::Base::kExpired; }));
  EXPECT_TRUE(eventually([&] { return endpoints_.sinks["library"].sent().size() == 1; }));
  EXPECT_EQ(base(home), Status::Base::kValid);
  EXPECT_EQ(base(other), Status::Base::kValid) << "warned of by default";
  EXPECT_EQ(base(today), Status::Base::kValid) << "its last day is not over";
  work();
  EXPECT_EQ(metrics_.value("certificates_term_over", {}), 1) << "other; a home is no news";
  EXPECT_EQ(metrics_.value("certificates_term_ending", {}), 2) << "today and soon";
  EXPECT_EQ(store_->desk().terms_note().value().day, local_day(clock_.now()));
}

TEST_F(TermKeeperTest, AClockThatIsNotBelievedExpiresNothing) {
  start();
  const OrderKey shop = holds("shop", -1, "商业", "T1");
  Transition note;
  note.terms_note = TermsNote{"", local_day(clock_.now()) - days(100)};
  ASSERT_TRUE(store_->apply(std::move(note)).ok());
  work();
  EXPECT_EQ(metrics_.value("clock_doubted", {}), 1);
  TermQuery untreated;
  untreated.untreated = true;
  EXPECT_EQ(store_->desk().terms(untreated).value().size(), 1u);
  EXPECT_EQ(base(shop), Status::Base::kValid);
}

TEST_F(TermKeeperTest, AChangeThatStaysHalfDoneIsAnAlarm) {
  start();
  Transition transition;
  transition.linked.push_back({"411300", "C1", ChangePolicy::kAtBooking, "", {}, {}});
  ASSERT_TRUE(store_->apply(std::move(transition)).ok());
  work();
  EXPECT_EQ(metrics_.value("changes_half_done", {}), 0);
  policy_.half_done_limit = std::chrono::milliseconds(0);
  EXPECT_TRUE(eventually([&] {
    work();
    return metrics_.value("changes_half_done", {}) == 1;
  }));
}

}  // namespace
}  // namespace certbridge::host
