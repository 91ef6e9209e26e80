// A full disk stops records, each with a clear code, and nothing that was promised is touched.
#include <gmock/gmock.h>

#include <thread>

#include "access_fixture.h"
#include "limited_disk.h"

namespace certbridge::host::access_test {
namespace {

class AccessDiskFull : public AccessFolder {
 protected:
  void SetUp() override {
    AccessFolder::SetUp();
    settings_.checkpoint_after = std::chrono::milliseconds(20);
  }
  void TearDown() override {
    testing::limit_disk("", 0);
    AccessFolder::TearDown();
  }
  void fill_disk() { testing::limit_disk(settings_.folder, testing::disk_used(settings_.folder)); }
  static void wait_until_signed(const AccessLog& log) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (log.figures().signed_number < log.figures().number &&
           std::chrono::steady_clock::now() < until) {
      std::this_thread::yield();
    }
    EXPECT_EQ(log.figures().signed_number, log.figures().number);
  }
};

TEST_F(AccessDiskFull, RefusesUntilThereIsRoomAndStillSigns) {
  const auto log = open();
  ASSERT_TRUE(log->append(record_of(0)).ok());
  fill_disk();
  std::size_t taken = 1;
  auto answer = log->append(record_of(1));
  for (; answer.ok() && taken < 1000; answer = log->append(record_of(1))) ++taken;
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, "access.full");
  EXPECT_EQ(answer.error().severity, Severity::kRetryable);
  EXPECT_EQ(log->figures().trouble, "access.full");
  wait_until_signed(*log);  // what was acknowledged is signed all the same
  testing::limit_disk("", 0);
  EXPECT_TRUE(log->append(record_of(2)).ok());
  EXPECT_EQ(log->figures().trouble, "");
  log->close();
  EXPECT_TRUE(verify().ok());
  EXPECT_EQ(read().size(), taken + 1);
}

TEST_F(AccessDiskFull, StartsOnAFullDiskAndGoesOnLater) {
  make_log(1);
  // Nothing is left of the room that was taken in advance.
  FrameReader reader(segment("2026-11-0001"));
  Frame frame;
  while (reader.next(frame) == FrameReading::kFrame) continue;
  files::resize_file(segment("2026-11-0001"), reader.offset());
  fill_disk();
  const auto log = open();
  EXPECT_EQ(log->append(record_of(1)).error().code, "access.full");
  testing::limit_disk("", 0);
  EXPECT_TRUE(log->append(record_of(1)).ok());
  log->close();
  EXPECT_TRUE(verify().ok());
  EXPECT_EQ(read().size(), 2u);
}

TEST_F(AccessDiskFull, ANewMonthWithoutRoomGoesOnInTheOldSegment) {
  const auto log = open();
  ASSERT_TRUE(log->append(record_of(0)).ok());
  ASSERT_TRUE(log->append(record_of(0)).ok());
  clock_.time += std::chrono::days(5);
  // The new month's keys are made before; then the disk is full.
  testing::limit_disk(settings_.folder, testing::disk_used(settings_.folder) + 30'000);
  const auto place = log->append(record_of(1));
  ASSERT_TRUE(place.ok()) << place.error().code;
  EXPECT_EQ(place.value().segment, "2026-11-0001");
  testing::limit_disk("", 0);
  log->close();
  EXPECT_TRUE(verify().ok());
}

}  // namespace
}  // namespace certbridge::host::access_test
