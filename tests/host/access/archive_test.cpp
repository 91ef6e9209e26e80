// Signed anew, archived, laid back, and taken out after ten years.
#include <gmock/gmock.h>

#include "access/records/archive.h"
#include "access/records/renewal.h"
#include "access_fixture.h"

namespace certbridge::host::access_test {
namespace {

using ::testing::HasSubstr;

class ArchiveTest : public AccessFolder {
 protected:
  // Three months with two records each.
  void SetUp() override {
    AccessFolder::SetUp();
    for (int month = 0; month < 3; ++month) {
      make_log(2);
      clock_.time += std::chrono::days(30);
    }
    archive_ = folder_ + "/archive";
    ASSERT_EQ(SegmentFolder(settings_.folder).segments().size(), 3u);
  }
  static SignatureKey key_named(char last) {
    return SignatureKey::from_bytes(std::string(31, '\x21') + last).value();
  }
  Result<ArchiveReport> archive() {
    return archive_access_log(settings_.folder, archive_, settings_.node, clock_.now(),
                              key_named('k'), keys());
  }
  AccessVerification verify_with(const std::vector<CheckingKey>& given) {
    return verify_access_log(settings_.folder, given, {}).value();
  }

  std::string archive_{};
};

TEST_F(ArchiveTest, ANewKeyVouchesForWhatTheOldOneSigned) {
  const SignatureKey renewer = key_named('n');
  EXPECT_FALSE(verify_with({renewer.public_key()}).ok());
  make_renewal(SegmentFolder(settings_.folder), settings_.node, clock_.now(), renewer);
  // The log goes on under the new key, and the old one is not asked for any more.
  settings_.signing_key = std::string(31, '\x21') + "n";
  const AccessVerification verified = verify_with({renewer.public_key()});
  ASSERT_FALSE(verified.ok());
  for (const AccessFinding& finding : verified.findings) {
    EXPECT_EQ(finding.file, "2027-01-0001") << finding.what;  // the open segment
  }
  make_log(1);
  EXPECT_TRUE(verify_with({renewer.public_key(), key_named('k').public_key()}).ok());
}

TEST_F(ArchiveTest, ARenewalKnowsEveryByte) {
  make_renewal(SegmentFolder(settings_.folder), settings_.node, clock_.now(), key_named('k'));
  const std::string file = segment("2026-11-0001");
  const std::string whole = bytes_of(file);
  std::string changed = whole;
  changed[300] = static_cast<char>(changed[300] ^ 1);
  write_bytes(file, changed);
  const AccessVerification verified = verify();
  ASSERT_FALSE(verified.ok());
  EXPECT_THAT(verified.findings[0].what, HasSubstr("not as it was when it was signed anew"));
  write_bytes(file, whole);
  EXPECT_TRUE(verify().ok());
}

TEST_F(ArchiveTest, EveryByteOfARenewalCounts) {
  const std::string file =
      make_renewal(SegmentFolder(settings_.folder), settings_.node, clock_.now(), key_named('k'));
  const std::string whole = bytes_of(file);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    write_bytes(file, changed);
    ASSERT_FALSE(verify_without_anchors().ok()) << at;
  }
}

TEST_F(ArchiveTest, IsVerifiedReadAndLaidBack) {
  const auto made = archive();
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_THAT(made.value().segments, ::testing::ElementsAre("2026-11-0001", "2026-12-0001"));
  EXPECT_TRUE(verify_access_log(archive_, keys(), {}).value().ok());
  EXPECT_EQ(archive().error().code, "access.exists");
  files::remove(segment("2026-11-0001"));
  files::remove(settings_.folder + "/2026-11.keys");
  const auto laid = import_access_archive(archive_, settings_.folder, keys());
  ASSERT_TRUE(laid.ok()) << laid.error().message;
  EXPECT_THAT(laid.value().segments, ::testing::ElementsAre("2026-11-0001"));
  EXPECT_TRUE(verify().ok());
  EXPECT_EQ(read().size(), 6u);
}

TEST_F(ArchiveTest, AnAlteredArchiveIsNotLaidBack) {
  ASSERT_TRUE(archive().ok());
  const std::string file = SegmentFolder(archive_).segment_file("2026-11-0001");
  std::string bytes = bytes_of(file);
  bytes[200] = static_cast<char>(bytes[200] ^ 1);
  write_bytes(file, bytes);
  EXPECT_EQ(import_access_archive(archive_, settings_.folder, keys()).error().code,
            "access.altered");
}

TEST_F(ArchiveTest, IsTakenOutAfterTenYearsAndNotBefore) {
  ASSERT_TRUE(archive().ok());
  const auto remove = [&](int years) {
    return remove_archived_segments(settings_.folder, archive_, years, clock_.now(), keys());
  };
  EXPECT_EQ(remove(9).error().code, "access.too_young");
  EXPECT_TRUE(remove(10).value().segments.empty());
  clock_.time = Timestamp(std::chrono::sys_days{std::chrono::year(2036) / 11 / 30});
  EXPECT_TRUE(remove(10).value().segments.empty());
  clock_.time = Timestamp(std::chrono::sys_days{std::chrono::year(2036) / 12 / 1});
  const auto removed = remove(10);
  ASSERT_TRUE(removed.ok()) << removed.error().message;
  EXPECT_THAT(removed.value().segments, ::testing::ElementsAre("2026-11-0001"));
  const AccessVerification verified = verify();
  EXPECT_TRUE(verified.ok()) << verified.findings[0].what;
  ASSERT_FALSE(verified.remarks.empty());
  EXPECT_THAT(verified.remarks[0], HasSubstr("they were archived"));
  make_log(1);  // the log goes on
  EXPECT_TRUE(verify().ok());
  // Without the renewal they are missing.
  files::remove_all(settings_.folder + "/renewals");
  EXPECT_FALSE(verify_without_anchors().ok());
}

}  // namespace
}  // namespace certbridge::host::access_test
