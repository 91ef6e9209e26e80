// Certificates of earlier versions of their type, from a journal that was written as the engine
// does.
#include "reports/version_reading.h"

#include <gtest/gtest.h>

#include "made_of_event.h"
#include "observe/clock.h"
#include "store_contract.h"

namespace certbridge::host {
namespace {

using std::chrono::hours;
using testing::ScratchFolder;
using testing::StandingClock;

CertificateType type_of(const std::string& code, Timestamp now) {
  CertificateType type;
  type.code = code;
  const std::pair<TypeState, hours> all[] = {{TypeState::kApproved, hours(-9000)},
                                             {TypeState::kApproved, hours(-5000)},
                                             {TypeState::kApproved, hours(-10)},
                                             {TypeState::kSubmitted, hours(-5)},
                                             {TypeState::kApproved, hours(5)}};
  for (const auto& [state, from_now] : all) {
    TypeVersion version;
    version.number = static_cast<int>(type.versions.size()) + 1;
    version.state = state;
    version.effective = now + from_now;
    type.versions.push_back(version);
  }
  return type;
}

class VersionReadingTest : public ::testing::Test {
 protected:
  VersionReadingTest() {
    store_ = open_sqlite_store(testing::sqlite_settings(folder_.path(), clock_)).value();
  }
  ~VersionReadingTest() override { store_->close(); }

  static OrderKey key_of(const std::string& type, int number) {
    return certificate_key(type, "N" + std::to_string(number), "I1");
  }
  // A certificate of this version of its type, and how it stands.
  void make(const std::string& type, int number, int version, Status::Base base) {
    const OrderKey key = key_of(type, number);
    const std::string event =
        store_->accept("registration", {testing::event(std::to_string(++events_), {key})}).at(0).id;
    Transition transition = testing::made_of_event(*store_, event, "certificate.issue");
    Headers& headers = transition.children[0].message.headers;
    headers = {{"type-code", type}, {"life-effect", "issued"}};
    if (version > 0) headers["type-version"] = std::to_string(version);
    RegisteredCertificate row = store_->certificate(key).value().value_or(RegisteredCertificate{});
    row.key = key;
    row.version += 1;
    row.life.number = "N" + std::to_string(number);
    row.life.type_code = type;
    row.life.issuer_code = "I1";
    row.life.word = "valid";
    row.life.state.base = {base, "", {}};
    transition.certificates.push_back({row});
    const auto applied = store_->apply(std::move(transition));
    ASSERT_TRUE(applied) << applied.error().message;
  }
  InspectionSection inspected(const std::vector<CertificateType>& types) {
    const auto section = inspect_versions(*store_, types, clock_.now() + hours(1));
    EXPECT_TRUE(section) << section.error().message;
    return section.value();
  }

  StandingClock clock_{};
  ScratchFolder folder_{};
  std::unique_ptr<Store> store_{};
  int events_ = 0;
};

TEST_F(VersionReadingTest, CountsWhatIsValidPerTypeAndVersion) {
  using enum Status::Base;
  make("T1", 1, 1, kValid);
  make("T1", 2, 2, kValid);
  make("T1", 3, 2, kValid);
  make("T1", 4, 2, kCancelled);
  make("T1", 5, 2, kIssued);  // nobody has it yet
  make("T1", 6, 3, kValid);
  make("T1", 7, 0, kValid);  // before there was a catalogue
  make("T2", 8, 2, kValid);
  const auto section = inspected({type_of("T1", clock_.now()), type_of("T2", clock_.now())});
  EXPECT_EQ(section.found, 4U);
  const std::string since = to_iso8601(clock_.now() - hours(10));
  EXPECT_EQ(section.rows,
            (std::vector<std::vector<InspectionCell>>{{"T1", "1", "3", since, std::uint64_t{1}},
                                                      {"T1", "2", "3", since, std::uint64_t{2}},
                                                      {"T2", "2", "3", since, std::uint64_t{1}}}));
}

TEST_F(VersionReadingTest, OfACertificateThatWasIssuedAgainTheLastTimeCounts) {
  make("T1", 1, 2, Status::Base::kValid);
  make("T1", 1, 3, Status::Base::kValid);
  EXPECT_EQ(inspected({type_of("T1", clock_.now())}).found, 0U);
}

TEST_F(VersionReadingTest, WithoutACatalogueNothingIsKnown) {
  make("T1", 1, 2, Status::Base::kValid);
  EXPECT_EQ(inspected({}).found, 0U);
  EXPECT_FALSE(inspected({}).remark.empty());
  CertificateType other = type_of("T1", clock_.now());
  other.versions.resize(1);
  EXPECT_EQ(inspected({other}).found, 0U);
  EXPECT_TRUE(inspected({other}).remark.empty());
}

TEST_F(VersionReadingTest, ManyAreReadInPortions) {
  for (int i = 1; i <= 600; ++i) make("T1", i, 1 + i % 2, Status::Base::kValid);
  const auto section = inspected({type_of("T1", clock_.now())});
  EXPECT_EQ(section.found, 600U);
  ASSERT_EQ(section.rows.size(), 2U);
  EXPECT_EQ(section.rows[0][4], InspectionCell(std::uint64_t{300}));
}

}  // namespace
}  // namespace certbridge::host
