// G5: what was acknowledged is recorded, whatever kills the process or the power.
//   CERTBRIDGE_ACCESS_KILLS       how many SIGKILLs (50; the long form 1000)
//   CERTBRIDGE_POWERCUT_IMAGES    how many images (200), for the long form
//   CERTBRIDGE_POWERCUT_SEED      first seed (1)
#include <gmock/gmock.h>

#include <csignal>
#include <filesystem>
#include <random>

#include "access_crash.h"
#include "crash_support.h"
#include "powercut_replay.h"

namespace certbridge::host::crash {
namespace {

namespace files = std::filesystem;
using ::testing::IsEmpty;

class AccessCrash : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (files::temp_directory_path() / "certbridge-access-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    data_ = folder_ + "/data";
    files::create_directories(data_ + "/second");
  }
  void TearDown() override { files::remove_all(folder_); }

  DriverRun run(int count, const std::vector<std::string>& environment, std::size_t kill_after) {
    const DriverRun done =
        run_program({ACCESS_DRIVER, data_, std::to_string(next_), std::to_string(count)},
                    environment, kill_after);
    next_ += count;
    promised_.insert(promised_.end(), done.acknowledged.begin(), done.acknowledged.end());
    return done;
  }

  std::string folder_{};
  std::string data_{};
  int next_ = 0;
  std::vector<std::string> promised_{};
};

TEST_F(AccessCrash, KilledAtEveryStopPoint) {
  for (const char* point :
       {"access.segment_made:1", "access.before_write:1", "access.before_sync:1",
        "access.before_sync:9", "access.after_sync:9", "access.after_checkpoint:2",
        "access.segment_made:2", "access.segment_begun:1", "access.before_write:20"}) {
    const DriverRun done = run(80, {std::string("CERTBRIDGE_STOP_AT=") + point}, 0);
    ASSERT_EQ(done.signal, SIGKILL) << point << " was not reached";
    ASSERT_THAT(check_access_log(data_, promised_), IsEmpty()) << point;
  }
}

TEST_F(AccessCrash, KilledBetweenRecordAndAnswer) {
  std::mt19937 random(1);
  const unsigned kills = from_environment("CERTBRIDGE_ACCESS_KILLS", 50);
  for (unsigned kill = 1; kill <= kills; ++kill) {
    const DriverRun done = run(10'000, {}, 1 + random() % 30);
    ASSERT_EQ(done.signal, SIGKILL);
    // Sometimes the next start is the driver's own, and sometimes the check's.
    if (kill % 5 != 0) continue;
    ASSERT_THAT(check_access_log(data_, promised_), IsEmpty()) << kill;
  }
  ASSERT_THAT(check_access_log(data_, promised_), IsEmpty());
  EXPECT_GT(promised_.size(), static_cast<std::size_t>(kills));
}

class AccessPowerCut : public AccessCrash {
 protected:
  std::vector<DiskEvent> record(const std::string& fault) {
    const std::string log = folder_ + "/record";
    files::remove_all(data_);
    files::create_directories(data_);
    const DriverRun done =
        run(60,
            {"LD_PRELOAD=" POWERCUT_PRELOAD, "CERTBRIDGE_POWERCUT_FOLDER=" + data_,
             "CERTBRIDGE_POWERCUT_LOG=" + log, "CERTBRIDGE_FAULT=" + fault},
            0);
    EXPECT_EQ(done.exit_code, 0);
    EXPECT_EQ(done.acknowledged.size(), 60u);
    return read_record(log);
  }

  // Half of the cuts are right behind an answer, where a promise is youngest.
  std::vector<std::string> try_image(const std::vector<DiskEvent>& events, unsigned seed) {
    std::mt19937 random(seed);
    std::size_t cut = random() % events.size();
    if (random() % 2 == 0) {
      while (cut + 1 < events.size() && events[cut].kind != 'a') ++cut;
    }
    return wrong_after_cut(events, cut + 1, seed, random, folder_ + "/image", check_access_log);
  }

  void catches(const std::string& fault) {
    const std::vector<DiskEvent> events = record(fault);
    expect_caught(fault, [&](unsigned seed) { return try_image(events, seed); });
  }
};

TEST_F(AccessPowerCut, NothingAcknowledgedIsLost) {
  const std::vector<DiskEvent> events = record("none");
  const unsigned first = from_environment("CERTBRIDGE_POWERCUT_SEED", 1);
  const unsigned images = from_environment("CERTBRIDGE_POWERCUT_IMAGES", 200);
  for (unsigned seed = first; seed < first + images; ++seed) {
    ASSERT_THAT(try_image(events, seed), IsEmpty());
  }
}

// The proof can fail.
TEST_F(AccessPowerCut, CatchesAnAnswerBeforeTheRecord) { catches("answer_before_record"); }
TEST_F(AccessPowerCut, CatchesARecordThatIsNotSynced) { catches("access_not_synced"); }

}  // namespace
}  // namespace certbridge::host::crash
