// The outbox on real databases: exactly-once pickup, with a stop at every step.
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>

#include "certbridge/testing/fakes.h"
#include "certbridge/testing/ledger_receiver.h"
#include "outbox_source.h"
#include "test_database.h"

namespace certbridge::sql::testing {
namespace {

using certbridge::testing::FakeClock;
using certbridge::testing::LedgerReceiver;
using certbridge::testing::RecordingLogger;
using certbridge::testing::RecordingMetrics;
using ::testing::ElementsAre;

Outbox shipped_outbox() {
  std::ifstream file(std::string(CERTBRIDGE_SOURCE_DIR) + "/config/registration/outbox.xml");
  std::ostringstream text;
  text << file.rdbuf();
  return parse_outbox(text.str(), "outbox.xml").value();
}

class OutboxTest : public ::testing::TestWithParam<Backend> {
 protected:
  OutboxSource source(OutboxSource::Observer observer) {
    OutboxSettings settings;
    settings.outbox = shipped_outbox();
    settings.connection = database_.settings();
    settings.batch = 3;
    return OutboxSource(std::move(settings), clock_, logger_, metrics_, std::move(observer));
  }
  void poll_until_empty() {
    OutboxSource one = source({});
    for (int round = 0; round < 20; ++round) {
      auto taken = one.poll_once(receiver_);
      ASSERT_TRUE(taken) << taken.error().message;
      if (taken.value() == 0) return;
    }
    FAIL() << "the outbox never runs empty";
  }
  void has_units(const std::string& case_no, const std::vector<std::string>& units) {
    for (const std::string& unit : units) {
      database_.run(
          "insert into mw_case_right (case_id, case_no, unit_no, right_type, djlx) values "
          "('R" +
          std::to_string(++rights_) + "', '" + case_no + "', '" + unit + "', '4', '200')");
    }
  }
  void has_many_units(const std::string& case_no, int count) {
    database_.run(
        "insert into mw_case_right (case_id, case_no, unit_no, right_type, djlx) with recursive "
        "n(i) as (select 1 union all select i + 1 from n where i < " +
        std::to_string(count) + ") select '" + case_no + "-' || i, '" + case_no +
        "', 'U' || i, '4', '200' from n");
  }
  std::string status_of(int sequence) {
    return database_.value("select cast(status as varchar(2)) from mw_case_outbox where seq = " +
                           std::to_string(sequence));
  }

  TestDatabase database_{GetParam()};
  FakeClock clock_{};
  RecordingLogger logger_{};
  RecordingMetrics metrics_{};
  int rights_ = 0;
  LedgerReceiver receiver_{database_.folder() + "/ledger"};
};

TEST_P(OutboxTest, HandsARowOverAsTheContractSays) {
  database_.run(event_row(7, "C7", 1));
  certbridge::testing::FakeReceiver receiver;
  OutboxSource one = source({});
  ASSERT_EQ(one.poll_once(receiver).value(), 1U);
  const Message message = receiver.accepted().at(0);
  EXPECT_EQ(message.type, "registration.event");
  EXPECT_EQ(message.source_key, "SHANZHENG:C7:1");
  EXPECT_EQ(message.area, "411300");
  EXPECT_FALSE(message.classified);
  EXPECT_THAT(message.order_keys, ElementsAre(OrderKey{"case", "C7"}));
  EXPECT_EQ(message.headers.at("event-type"), "SHANZHENG");
  EXPECT_EQ(message.headers.at("occurred-at"), "2026-11-23 10:00:00");
  const auto sets = parse_records(read_all(*message.body, 100'000).value()).value();
  EXPECT_EQ(sets.at(0).name, "event");
  EXPECT_EQ(sets.at(0).records.at(0).text_or_empty("case_no"), "C7");
  EXPECT_FALSE(sets.at(0).records.at(0).find("unit_no")->has_value()) << "null is not empty";
  EXPECT_EQ(status_of(7), "2");
}

TEST_P(OutboxTest, MarksAClassifiedRow) {
  database_.run(event_row(1, "C1", 1));
  database_.run("update mw_case_outbox set classified = 1");
  certbridge::testing::FakeReceiver receiver;
  ASSERT_EQ(source({}).poll_once(receiver).value(), 1U);
  EXPECT_TRUE(receiver.accepted().at(0).classified);
}

// The process is killed right behind each step; the next one must finish the work once.
TEST_P(OutboxTest, AKillAtEveryStepLosesNothingAndTakesNothingTwice) {
  int sequence = 0;
  for (const char* step : {"claimed", "accepted", "confirmed"}) {
    for (int row = 0; row < 5; ++row) {
      ++sequence;
      database_.run(event_row(sequence, "C" + std::to_string(sequence), 1));
    }
    const pid_t child = fork();
    if (child == 0) {
      auto polled = source([&](const char* reached) {
                      if (std::string_view(reached) == step) std::raise(SIGKILL);
                    }).poll_once(receiver_);
      _exit(polled ? 0 : 1);
    }
    int how = 0;
    ASSERT_EQ(waitpid(child, &how, 0), child);
    ASSERT_TRUE(WIFSIGNALED(how)) << "the step " << step << " was not reached";
    clock_.advance(std::chrono::minutes(2));  // the claim of the dead runs out
    poll_until_empty();
    EXPECT_EQ(receiver_.taken().size(), static_cast<std::size_t>(sequence)) << step;
  }
  EXPECT_EQ(
      database_.value("select cast(count(*) as varchar(9)) from mw_case_outbox where status <> 2"),
      "0");
  auto taken = receiver_.taken();
  std::sort(taken.begin(), taken.end());
  EXPECT_EQ(std::unique(taken.begin(), taken.end()), taken.end()) << "something was taken twice";
}

TEST_P(OutboxTest, AClaimThatHoldsIsNotTakenByAnother) {
  database_.run(event_row(1, "C1", 1));
  OutboxSource other = source({});
  std::size_t seen = 99;
  auto polled = source([&](const char* step) {
                  if (std::string_view(step) == "claimed")
                    seen = other.poll_once(receiver_).value();
                }).poll_once(receiver_);
  ASSERT_TRUE(polled);
  EXPECT_EQ(seen, 0U);
  EXPECT_EQ(status_of(1), "2");
}

TEST_P(OutboxTest, ALeaseThatRanOutIsTakenOverAndTheLateConfirmationChangesNothing) {
  database_.run(event_row(1, "C1", 1));
  OutboxSource other = source({});
  ASSERT_TRUE(source([&](const char* step) {
                if (std::string_view(step) != "accepted") return;
                clock_.advance(std::chrono::minutes(2));
                ASSERT_EQ(other.poll_once(receiver_).value(), 1U);
              }).poll_once(receiver_));
  EXPECT_THAT(receiver_.taken(), ElementsAre("SHANZHENG:C1:1"));
  EXPECT_EQ(status_of(1), "2");
}

TEST_P(OutboxTest, ARowThatChangesUnderTheClaimIsReadAgainAndRefusedAsConflict) {
  database_.run(event_row(1, "C1", 1));
  ASSERT_TRUE(source([&](const char* step) {
                if (std::string_view(step) == "accepted")
                  database_.run("update mw_case_outbox set djlx = '300'");
              }).poll_once(receiver_));
  EXPECT_EQ(status_of(1), "0");
  poll_until_empty();
  EXPECT_EQ(status_of(1), "4");
  EXPECT_THAT(database_.value("select last_error from mw_case_outbox"),
              ::testing::HasSubstr("conflict"));
  EXPECT_EQ(receiver_.taken().size(), 1U);
}

TEST_P(OutboxTest, WhileARowWaitsLaterRowsOfItsCaseWaitToo) {
  database_.run(event_row(1, "C1", 1));
  database_.run(event_row(2, "C2", 1));
  receiver_.be_busy(1);
  OutboxSource one = source({});
  ASSERT_TRUE(one.poll_once(receiver_));
  EXPECT_EQ(status_of(1), "3");
  database_.run(event_row(3, "C1", 2));
  ASSERT_EQ(one.poll_once(receiver_).value(), 0U);
  clock_.advance(std::chrono::seconds(6));
  poll_until_empty();
  EXPECT_THAT(receiver_.taken(), ElementsAre("SHANZHENG:C2:1", "SHANZHENG:C1:1", "SHANZHENG:C1:2"));
}

TEST_P(OutboxTest, ABusyHostIsLeftAloneForAsLongAsItAsks) {
  for (int row = 1; row <= 6; ++row) database_.run(event_row(row, "C" + std::to_string(row), row));
  receiver_.be_busy(1);
  OutboxSource one = source({});
  EXPECT_EQ(one.pause_after(one.poll_once(receiver_)), std::chrono::seconds(5));
  EXPECT_EQ(one.pause_after(one.poll_once(receiver_)), std::chrono::seconds(0)) << "a full batch";
  EXPECT_EQ(one.pause_after(one.poll_once(receiver_)), OutboxSettings{}.poll);
}

TEST_P(OutboxTest, WhileARowWaitsLaterRowsOfItsUnitWaitToo) {
  for (const auto& [row, unit] : {std::pair(1, "U1"), std::pair(2, "U2")}) {
    database_.run(event_row(row, "C" + std::to_string(row), 1));
    database_.run("update mw_case_outbox set unit_no = '" + std::string(unit) +
                  "' where seq = " + std::to_string(row));
  }
  receiver_.be_busy(1);
  OutboxSource one = source({});
  ASSERT_TRUE(one.poll_once(receiver_));
  database_.run(event_row(3, "C3", 1));
  database_.run("update mw_case_outbox set unit_no = 'U1' where seq = 3");
  ASSERT_EQ(one.poll_once(receiver_).value(), 0U);
  clock_.advance(std::chrono::seconds(6));
  poll_until_empty();
  EXPECT_THAT(receiver_.taken(), ElementsAre("SHANZHENG:C2:1", "SHANZHENG:C1:1", "SHANZHENG:C3:1"));
}

TEST_P(OutboxTest, ARowDeclaresEveryUnitOfItsCaseOnce) {
  database_.run(event_row(7, "C7", 1));
  database_.run("update mw_case_outbox set unit_no = 'U2'");
  has_units("C7", {"U3", "U1", "U2", "U1"});
  has_units("C8", {"U9"});
  certbridge::testing::FakeReceiver receiver;
  ASSERT_EQ(source({}).poll_once(receiver).value(), 1U);
  EXPECT_THAT(receiver.accepted().at(0).order_keys,
              ElementsAre(OrderKey{"case", "C7"}, OrderKey{"unit", "U2"}, OrderKey{"unit", "U1"},
                          OrderKey{"unit", "U3"}));
}

TEST_P(OutboxTest, ACaseOfMoreUnitsThanCanBeKeptInOrderIsParkedWhole) {
  has_many_units("C1", 1200);
  has_many_units("C2", 10'001);
  database_.run(event_row(1, "C1", 1));
  database_.run(event_row(2, "C2", 1));
  certbridge::testing::FakeReceiver receiver;
  ASSERT_EQ(source({}).poll_once(receiver).value(), 2U);
  EXPECT_EQ(receiver.accepted().at(0).order_keys.size(), 1201U);
  EXPECT_FALSE(receiver.accepted().at(0).headers.contains("intake-error-code"));
  const Message refused = receiver.accepted().at(1);
  EXPECT_EQ(refused.headers.at("intake-error-code"), "sql.too_many_keys");
  EXPECT_THAT(refused.headers.at("intake-error"), ::testing::HasSubstr("more than 10000"));
  EXPECT_THAT(refused.order_keys, ElementsAre(OrderKey{"case", "C2"}));
}

// The second row waits for the first by one unit, the third for the second by another.
TEST_P(OutboxTest, WhileARowOfSeveralUnitsWaitsLaterRowsOfEachWaitTooAndSoOn) {
  has_units("C1", {"U1", "U2"});
  has_units("C2", {"U2", "U3"});
  has_units("C3", {"U3"});
  has_units("C4", {"U4"});
  database_.run(event_row(1, "C1", 1));
  receiver_.be_busy(1);
  OutboxSource one = source({});
  ASSERT_TRUE(one.poll_once(receiver_));
  for (int row = 2; row <= 4; ++row) database_.run(event_row(row, "C" + std::to_string(row), 1));
  ASSERT_EQ(one.poll_once(receiver_).value(), 1U);
  EXPECT_THAT(receiver_.taken(), ElementsAre("SHANZHENG:C4:1"));
  EXPECT_EQ(status_of(3), "0");
  EXPECT_EQ(
      database_.value("select cast(attempts as varchar(2)) from mw_case_outbox where seq = 3"),
      "0");
  clock_.advance(std::chrono::seconds(6));
  poll_until_empty();
  EXPECT_THAT(receiver_.taken(),
              ElementsAre("SHANZHENG:C4:1", "SHANZHENG:C1:1", "SHANZHENG:C2:1", "SHANZHENG:C3:1"));
}

TEST_P(OutboxTest, TwoHostsAtOnceTakeEverythingOnce) {
  constexpr int kRows = 60;
  for (int row = 1; row <= kRows; ++row)
    database_.run(event_row(row, "C" + std::to_string(row % 7), row));
  certbridge::testing::FakeReceiver receiver;
  const auto work = [&] {
    OutboxSource one = source({});
    for (int idle = 0; idle < 3;) {
      auto taken = one.poll_once(receiver);
      ASSERT_TRUE(taken) << taken.error().message;
      idle = taken.value() == 0 ? idle + 1 : 0;
    }
  };
  std::thread other(work);
  work();
  other.join();
  std::vector<std::string> keys;
  for (const Message& message : receiver.accepted()) keys.push_back(message.source_key);
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(std::unique(keys.begin(), keys.end()), keys.end());
  EXPECT_EQ(keys.size(), static_cast<std::size_t>(kRows));
}

TEST(LostConnection, TheOutboxIsPolledAgainAndTakesEveryRowOnce) {
  TestDatabase database(Backend::kPostgresql);
  FakeClock clock;
  RecordingLogger logger;
  RecordingMetrics metrics;
  LedgerReceiver receiver(database.folder() + "/ledger");
  OutboxSettings settings;
  settings.outbox = shipped_outbox();
  settings.connection = database.settings();
  bool lose = true;
  OutboxSource source(std::move(settings), clock, logger, metrics, [&](const char* step) {
    if (std::string_view(step) == "accepted" && std::exchange(lose, false))
      database.end_other_connections();
  });
  database.run(event_row(1, "C1", 1));
  auto lost = source.poll_once(receiver);
  ASSERT_FALSE(lost) << "the rows were journalled, but their end could not be written";
  EXPECT_EQ(lost.error().severity, Severity::kRetryable) << lost.error().code;
  clock.advance(std::chrono::minutes(2));  // the claim runs out
  auto again = source.poll_once(receiver);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again.value(), 1U);
  EXPECT_THAT(receiver.taken(), ElementsAre("SHANZHENG:C1:1"));
  EXPECT_EQ(database.value("select cast(status as varchar(2)) from mw_case_outbox"), "2");
}

INSTANTIATE_TEST_SUITE_P(Databases, OutboxTest,
                         ::testing::Values(Backend::kSqlite, Backend::kPostgresql),
                         [](const auto& backend) {
                           return backend.param == Backend::kSqlite ? "Sqlite" : "Postgresql";
                         });

}  // namespace
}  // namespace certbridge::sql::testing
