// Found by person, holder, certificate, case and period; the index lost; keys destroyed.
#include <gmock/gmock.h>

#include "access/records/access_index.h"
#include "access/records/reference.h"
#include "access_fixture.h"

namespace certbridge::host::access_test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AccessIndexTest : public AccessFolder {
 protected:
  // Ten records, one an hour.
  void SetUp() override {
    AccessFolder::SetUp();
    settings_.segment_bytes = 3000;
    log_ = open();
    for (int i = 0; i < 10; ++i) add(i);
    index_ =
        AccessIndex::open(settings_.folder, settings_.node, settings_.master_key, clock_).value();
  }
  void add(int index) {
    clock_.time += std::chrono::hours(1);
    ASSERT_TRUE(log_->append(record_of(index)).ok());
  }
  std::vector<std::string> found(const AccessQuestion& question) {
    const auto answer = index_->find(question);
    EXPECT_TRUE(answer.ok()) << answer.error().message;
    next_ = answer.value().next;
    std::vector<std::string> traces;
    for (const ReadAccess& access : answer.value().found) traces.push_back(access.record.trace_id);
    return traces;
  }
  std::vector<std::string> found(AccessTerm kind, const std::string& value) {
    return found(AccessQuestion{{{kind, value}}, {}, {}, 0, 100});
  }
  void fill(std::uint64_t records) {
    const auto filled = index_->fill({});
    ASSERT_TRUE(filled.ok()) << filled.error().message;
    EXPECT_EQ(filled.value(), records);
  }

  std::unique_ptr<AccessLog> log_{};
  std::unique_ptr<AccessIndex> index_{};
  std::uint64_t next_ = 0;
};

TEST_F(AccessIndexTest, FindsByEachTerm) {
  fill(10);
  EXPECT_THAT(found(AccessTerm::kPerson, "clerk 4"), ElementsAre("t-4"));
  EXPECT_THAT(found(AccessTerm::kHolder, "holder-1"), ElementsAre("t-7", "t-4", "t-1"));
  EXPECT_THAT(found(AccessTerm::kCertificate, "number-5"), ElementsAre("t-5"));
  EXPECT_THAT(found(AccessTerm::kCertificate, "certificate-5"), ElementsAre("t-5"));
  EXPECT_THAT(found(AccessTerm::kCase, "case-6"), ElementsAre("t-6"));
  EXPECT_THAT(found(AccessTerm::kCase, "number-6"), IsEmpty());
  EXPECT_THAT(
      found({{{AccessTerm::kHolder, "holder-1"}, {AccessTerm::kPerson, "clerk 4"}}, {}, {}, 0, 9}),
      ElementsAre("t-4"));
}

TEST_F(AccessIndexTest, AHolderIsFoundHoweverHisNumberIsWritten) {
  AccessRecord old = record_of(20);
  old.holder = "４１１３２4 990101019";  // 15 digits, as it was written before 1999
  ASSERT_TRUE(log_->append(old).ok());
  AccessRecord now = record_of(21);
  now.holder = "41132419990101019x";
  ASSERT_TRUE(log_->append(now).ok());
  fill(12);
  EXPECT_THAT(found(AccessTerm::kHolder, "41132419990101019X"), ElementsAre("t-21", "t-20"));
  EXPECT_THAT(found(AccessTerm::kHolder, "411324990101019"), ElementsAre("t-21", "t-20"));
  const auto destroyed = log_->destroy_personal("41132419990101019X", AccessRecord{});
  ASSERT_TRUE(destroyed.ok()) << destroyed.error().message;
  EXPECT_EQ(destroyed.value(), 2u);
}

TEST_F(AccessIndexTest, ByAFurtherHolderOrCaseTheRecordItselfIsFound) {
  const auto refer = [&](int index, const char* code, std::string AccessRecord::*member,
                         const std::string& value) {
    clock_.time += std::chrono::hours(1);
    const AccessRecord record = record_of(index);
    const auto place = log_->append(record);
    AccessRecord reference = reference_to(record, place.value().number);
    reference.trace_id = "never shown";
    reference.code = code;
    reference.*member = value;
    ASSERT_TRUE(log_->append(reference).ok());
  };
  refer(20, kJointHolder, &AccessRecord::holder, "spouse");
  refer(21, kBecameCase, &AccessRecord::ground, "case-of-now");
  refer(22, kJointHolder, &AccessRecord::holder, "spouse");
  fill(16);
  EXPECT_THAT(found(AccessTerm::kHolder, "spouse"), ElementsAre("t-22", "t-20"));
  EXPECT_THAT(
      found({{{AccessTerm::kHolder, "spouse"}, {AccessTerm::kCase, "case-20"}}, {}, {}, 0, 9}),
      ElementsAre("t-20"));
  EXPECT_THAT(found(AccessTerm::kCase, "case-of-now"), ElementsAre("t-21"));
  EXPECT_THAT(found(AccessTerm::kCase, "case-21"), ElementsAre("t-21")) << "once";
  EXPECT_THAT(found(AccessTerm::kCertificate, "number-22"), ElementsAre("t-22")) << "once";
  AccessQuestion pages{{{AccessTerm::kHolder, "spouse"}}, {}, {}, 0, 1};
  EXPECT_THAT(found(pages), ElementsAre("t-22"));
  pages.before = next_;
  EXPECT_THAT(found(pages), ElementsAre("t-20"));
  pages = {};
  pages.limit = 3;
  EXPECT_THAT(found(pages), ElementsAre("t-22", "t-21", "t-20"));
  ASSERT_TRUE(log_->destroy_personal(record_of(20).holder, AccessRecord{}).ok());
  ASSERT_TRUE(index_->fill({}).ok());
  EXPECT_THAT(found(AccessTerm::kHolder, "spouse"), ElementsAre("t-22"));
}

TEST_F(AccessIndexTest, FindsByPeriodAndInPages) {
  fill(10);
  AccessQuestion question;
  question.from = clock_.now() - std::chrono::hours(4);
  question.until = clock_.now();
  EXPECT_THAT(found(question), ElementsAre("t-8", "t-7", "t-6", "t-5"));
  question = {};
  question.limit = 6;
  EXPECT_EQ(found(question).size(), 6u);
  ASSERT_NE(next_, 0u);
  question.before = next_;
  EXPECT_THAT(found(question), ElementsAre("t-3", "t-2", "t-1", "t-0"));
  EXPECT_EQ(next_, 0u);
}

TEST_F(AccessIndexTest, GoesOnBehindTheLog) {
  fill(10);
  add(10);
  fill(1);
  clock_.time += std::chrono::days(10);  // another month
  add(13);
  fill(1);
  EXPECT_THAT(found(AccessTerm::kHolder, "holder-1"),
              ElementsAre("t-13", "t-10", "t-7", "t-4", "t-1"));
}

TEST_F(AccessIndexTest, ALostIndexIsMadeAnew) {
  fill(10);
  index_.reset();
  files::remove_all(settings_.folder + "/index");
  index_ =
      AccessIndex::open(settings_.folder, settings_.node, settings_.master_key, clock_).value();
  fill(10);
  EXPECT_THAT(found(AccessTerm::kCase, "case-6"), ElementsAre("t-6"));
}

TEST_F(AccessIndexTest, WrongPlacesAreMadeAnew) {
  fill(10);
  for (const auto& entry : files::directory_iterator(settings_.folder + "/index")) {
    if (entry.path().extension() != ".places") continue;
    write_bytes(entry.path().string(), "no places of frames at all");
  }
  index_ = nullptr;
  index_ =
      AccessIndex::open(settings_.folder, settings_.node, settings_.master_key, clock_).value();
  fill(0);
  EXPECT_THAT(found(AccessTerm::kHolder, "holder-1"), ElementsAre("t-7", "t-4", "t-1"));
}

TEST_F(AccessIndexTest, OfDestroyedKeysNothingIsFound) {
  fill(10);
  AccessRecord why;
  why.person = "security administrator";
  why.purpose = "asked for by the holder";
  const auto destroyed = log_->destroy_personal("holder-1", why);
  ASSERT_TRUE(destroyed.ok()) << destroyed.error().message;
  EXPECT_EQ(destroyed.value(), 3u);
  fill(11);  // made anew
  EXPECT_THAT(found(AccessTerm::kHolder, "holder-1"), IsEmpty());
  EXPECT_THAT(found(AccessTerm::kCertificate, "number-4"), IsEmpty());
  EXPECT_THAT(found(AccessTerm::kPerson, "clerk 4"), ElementsAre("t-4"));
  EXPECT_EQ(found(AccessQuestion{}).size(), 11u);
  EXPECT_EQ(log_->destroy_personal("holder-1", why).error().code, "access.no_such_holder");
  log_->close();
  EXPECT_TRUE(verify().ok());
  const auto records = read();
  EXPECT_EQ(records.back().record.kind, AccessKind::kKeysDestroyed);
  EXPECT_EQ(records.back().record.result, "3 records");
  EXPECT_EQ(records.back().record.refers_to, records[1].place.number);
}

}  // namespace
}  // namespace certbridge::host::access_test
