// Each row of the crash-point table in docs/formats.md: the driver is killed there, the journal is
// opened again and holds everything that was acknowledged.
#include <gmock/gmock.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "crash_support.h"

namespace certbridge::host::crash {
namespace {

using ::testing::IsEmpty;

class StopPoint : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "certbridge-crash-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string folder_{};
};

TEST_P(StopPoint, NothingAcknowledgedIsLost) {
  DriverRun run = run_driver(folder_, 60, {"CERTBRIDGE_STOP_AT=" + GetParam()});
  ASSERT_EQ(run.signal, SIGKILL) << "the stop point was not reached";
  EXPECT_THAT(check_journal(folder_, run.acknowledged), IsEmpty());
  // The same messages again: what was stored without an answer is answered now, once.
  const DriverRun rest = run_driver(folder_, 60, {});
  EXPECT_EQ(rest.exit_code, 0);
  run.acknowledged.insert(run.acknowledged.end(), rest.acknowledged.begin(),
                          rest.acknowledged.end());
  EXPECT_THAT(check_journal(folder_, run.acknowledged), IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(Points, StopPoint,
                         ::testing::Values("content.synced:3", "content.renamed:3",
                                           "journal.between_rows:5", "journal.before_commit:1",
                                           "journal.before_commit:20", "journal.after_commit:20",
                                           "journal.before_checkpoint:1",
                                           "journal.after_checkpoint:1"));

TEST_F(StopPoint, ARestartThatIsKilledIsRepeated) {
  const DriverRun run = run_driver(folder_, 60, {"CERTBRIDGE_STOP_AT=journal.after_commit:30"});
  ASSERT_EQ(run.signal, SIGKILL);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(run_driver(folder_, 0, {"CERTBRIDGE_STOP_AT=journal.recovering"}).signal, SIGKILL);
  }
  EXPECT_THAT(check_journal(folder_, run.acknowledged), IsEmpty());
}

// The proof can fail: the same check on an engine with a defect.
TEST_F(StopPoint, CatchesALedgerOutsideTheTransaction) {
  const DriverRun first = run_driver(folder_, 30, {});
  const DriverRun again = run_driver(folder_, 30, {"CERTBRIDGE_FAULT=ledger_outside_transaction"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(check_journal(folder_, first.acknowledged), ::testing::Not(IsEmpty()));
}
TEST_F(StopPoint, CatchesALostParkedMessage) {
  const DriverRun run = run_driver(folder_, 30, {"CERTBRIDGE_FAULT=parked_message_lost"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(check_journal(folder_, run.acknowledged), ::testing::Not(IsEmpty()));
}

}  // namespace
}  // namespace certbridge::host::crash
