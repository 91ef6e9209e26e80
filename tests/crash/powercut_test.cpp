// G1: what was acknowledged is on stable storage. The driver runs once under the recorder; then
// disk images as after a power cut are made from the record and the journal is opened on each.
//   CERTBRIDGE_POWERCUT_IMAGES  how many images (200), for the long form
//   CERTBRIDGE_POWERCUT_SEED    first seed (1)
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>

#include "crash_support.h"
#include "powercut_replay.h"

namespace certbridge::host::crash {
namespace {

namespace files = std::filesystem;

class PowerCut : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (files::temp_directory_path() / "certbridge-powercut-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  void TearDown() override { files::remove_all(folder_); }

  // The record of one run of the driver, with a seeded fault or none.
  std::vector<DiskEvent> record(const std::string& fault) {
    const std::string data = folder_ + "/data";
    const std::string log = folder_ + "/record";
    const DriverRun run =
        run_driver(data, 60,
                   {"LD_PRELOAD=" POWERCUT_PRELOAD, "CERTBRIDGE_POWERCUT_FOLDER=" + data,
                    "CERTBRIDGE_POWERCUT_LOG=" + log, "CERTBRIDGE_FAULT=" + fault});
    EXPECT_EQ(run.exit_code, 0);
    EXPECT_EQ(run.signal, 0);
    std::vector<DiskEvent> events = read_record(log);
    EXPECT_EQ(answers_before(events, events.size()).size(), run.acknowledged.size());
    EXPECT_GT(run.acknowledged.size(), 60u);
    return events;
  }

  // Half of the cuts are right behind an answer, where a promise is youngest; an eighth is where
  // the log is copied, an eighth where it starts anew, the rest anywhere.
  std::size_t pick_cut(const std::vector<DiskEvent>& events, std::mt19937& random) {
    if (phases_.size() != events.size()) phases_ = phases_of(events);
    std::size_t cut = random() % events.size();
    const auto how = random() % 8;
    if (how < 2) return cut + 1;
    const auto wanted = [&](std::size_t at) {
      if (how == 2) return phases_[at] == Phase::kCheckpoint;
      if (how == 3) return phases_[at] == Phase::kNewLog;
      return events[at].kind == 'a';
    };
    for (std::size_t tried = 0; tried < events.size() && !wanted(cut); ++tried) {
      cut = (cut + 1) % events.size();
    }
    return cut + 1;
  }

  // What is wrong on the image of this seed.
  std::vector<std::string> try_image(const std::vector<DiskEvent>& events, unsigned seed) {
    std::mt19937 random(seed);
    const std::size_t cut = pick_cut(events, random);
    if (cut < events.size()) ++cuts_[phases_[cut]];
    return wrong_after_cut(events, cut, seed, random, folder_ + "/image", check_journal);
  }

  void catches(const std::string& fault) {
    const std::vector<DiskEvent> events = record(fault);
    expect_caught(fault, [&](unsigned seed) { return try_image(events, seed); });
  }

  std::string folder_{};
  std::vector<Phase> phases_{};
  std::map<Phase, unsigned> cuts_{};  // how many fell where
};

TEST_F(PowerCut, NothingAcknowledgedIsLost) {
  const std::vector<DiskEvent> events = record("none");
  const unsigned first = from_environment("CERTBRIDGE_POWERCUT_SEED", 1);
  const unsigned images = from_environment("CERTBRIDGE_POWERCUT_IMAGES", 200);
  for (unsigned seed = first; seed < first + images; ++seed) {
    const auto wrong = try_image(events, seed);
    ASSERT_THAT(wrong, ::testing::IsEmpty());
  }
  std::cout << images << " cuts: " << cuts_[Phase::kContent] << " within content files, "
            << cuts_[Phase::kCheckpoint] << " within a checkpoint, " << cuts_[Phase::kNewLog]
            << " where the log started anew\n";
  if (images < 200) return;
  for (const Phase phase : {Phase::kContent, Phase::kCheckpoint, Phase::kNewLog}) {
    EXPECT_GT(cuts_[phase], images / 40) << "cuts in phase " << static_cast<int>(phase);
  }
}

// The record holds what is to be proven: each kind of promise, and logs that started anew.
TEST_F(PowerCut, TheRecordHoldsEachKindOfPromise) {
  const std::vector<DiskEvent> events = record("none");
  std::map<std::string, unsigned> promises;
  for (const std::string& line : answers_before(events, events.size())) {
    ++promises[line.substr(0, line.find(' '))];
  }
  for (const char* kind :
       {"accepted", "parked", "routed", "sending", "delivered", "open", "refused"}) {
    EXPECT_GT(promises[kind], 2u) << kind;
  }
  unsigned logs = 0;
  const std::vector<Phase> phases = phases_of(events);
  for (std::size_t at = 1; at < phases.size(); ++at) {
    logs += phases[at] == Phase::kNewLog && phases[at - 1] != Phase::kNewLog ? 1 : 0;
  }
  EXPECT_GT(logs, 1u) << "times that the log started anew";
}

// The proof can fail.
TEST_F(PowerCut, CatchesSynchronousOff) { catches("synchronous_off"); }
TEST_F(PowerCut, CatchesAnAnswerBeforeTheCommit) { catches("answer_before_commit"); }
TEST_F(PowerCut, CatchesAFolderThatIsNotSynced) { catches("folder_not_synced"); }

TEST_F(PowerCut, CatchesACheckpointThatIsNotSynced) { catches("checkpoint_not_synced"); }
TEST_F(PowerCut, CatchesContentThatIsNotSynced) { catches("content_not_synced"); }

}  // namespace
}  // namespace certbridge::host::crash
