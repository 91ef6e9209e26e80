// Named queries and statements on real databases.
#include "queries.h"

#include <gmock/gmock.h>
#include <signal.h>

#include "certbridge/testing/fakes.h"
#include "statements.h"
#include "test_database.h"

namespace certbridge::sql::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class QueriesTest : public ::testing::TestWithParam<Backend> {
 protected:
  QueriesTest() { call_.deadline = clock_.steady() + std::chrono::seconds(20); }
  Message question(const std::string& type, const std::string& case_no) {
    Record row;
    row.set("case_no", case_no);
    Message message;
    message.type = type;
    message.media_type = kRecordsMediaType;
    message.body = content_of(write_records({{"parameters", {row}}}));
    return message;
  }
  Result<Message> ask(const std::string& sql, const std::string& case_no) {
    QueriesSettings settings{{{"group", {{"rows", sql}}}}, 3};
    return QueriesResponder(std::move(settings), pool_, clock_)
        .answer(question("group", case_no), call_);
  }
  std::vector<RecordSet> sets_of(const Message& answer) {
    return parse_records(read_all(*answer.body, 1 << 20).value()).value();
  }

  TestDatabase database_{GetParam()};
  ConnectionPool pool_{database_.settings(), 2};
  certbridge::testing::FakeClock clock_{};
  Call call_{};
};

TEST_P(QueriesTest, ParametersAreBoundAndNullIsNotEmpty) {
  const std::string hostile = "C' or '1'='1";
  database_.run(
      "insert into mw_case_cert (cert_id, case_no, cert_kind, cert_no, yzh) values ('Z1', 'C1', "
      "'1', '', null)");
  auto answer = ask("select cert_no, yzh from mw_case_cert where case_no = :case_no", "C1");
  ASSERT_TRUE(answer) << answer.error().message;
  const Record row = sets_of(answer.value()).at(0).records.at(0);
  EXPECT_EQ(*row.find("cert_no"), std::optional<std::string>(""));
  EXPECT_EQ(*row.find("yzh"), std::nullopt);
  auto none = ask("select cert_no from mw_case_cert where case_no = :case_no", hostile);
  ASSERT_TRUE(none);
  EXPECT_TRUE(sets_of(none.value()).at(0).records.empty());
}

TEST_P(QueriesTest, ASnapshotDoesNotSeeWhatIsWrittenMeanwhile) {
  auto connection = open_connection(database_.settings()).value();
  ASSERT_TRUE(connection->begin_snapshot());
  const std::string count = "select cast(count(*) as varchar(9)) as n from mw_case_outbox";
  EXPECT_EQ(connection->query(count, {}, 9).value().at(0).text_or_empty("n"), "0");
  database_.run(event_row(1, "C1", 1));
  EXPECT_EQ(connection->query(count, {}, 9).value().at(0).text_or_empty("n"), "0");
  connection->rollback();
  EXPECT_EQ(connection->query(count, {}, 9).value().at(0).text_or_empty("n"), "1");
}

TEST_P(QueriesTest, TooManyRowsAreRefusedWhole) {
  for (int row = 1; row <= 4; ++row) database_.run(event_row(row, "C1", row));
  auto answer = ask("select event_id from mw_case_outbox where case_no = :case_no", "C1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "sql.too_many_rows");
}

// The connection stays open and nothing comes: libpq itself would wait for ever.
TEST(Postgresql, ASilentServerIsNotWaitedForForEver) {
  TestDatabase database(Backend::kPostgresql);
  auto connection = open_connection(database.settings()).value();
  ASSERT_TRUE(connection->limit(std::chrono::milliseconds(200)));
  const auto rows = connection->query("select cast(pg_backend_pid() as varchar) as pid", {}, 1);
  ASSERT_TRUE(rows) << rows.error().message;
  const pid_t server = std::stoi(rows.value().at(0).text_or_empty("pid"));
  ASSERT_EQ(::kill(server, SIGSTOP), 0);
  const auto silent = connection->query("select 1 as one", {}, 1);
  ::kill(server, SIGCONT);
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().code, "sql.timeout");
  EXPECT_EQ(silent.error().severity, Severity::kRetryable);
  EXPECT_FALSE(connection->usable());
}

// The same row would be refused the same way for ever; the server is well, and says what it was
// given.
TEST(Postgresql, AValueThatAColumnCannotHoldIsRefusedForGood) {
  TestDatabase database(Backend::kPostgresql);
  database.run("create table narrow (name varchar(3), born date)");
  auto connection = open_connection(database.settings()).value();
  const auto insert = [&](const std::string& name, const std::string& born) {
    Record row;
    row.set("name", name);
    row.set("born", born);
    return connection->execute(
        "insert into narrow (name, born) values (:name, cast(:born as date))", row);
  };
  for (const auto& [name, born] :
       {std::pair("张三李四", "2026-01-01"), std::pair("张三", "not a day")}) {
    const auto refused = insert(name, born);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "sql.value");
    EXPECT_EQ(refused.error().severity, Severity::kPermanent);
    EXPECT_THAT(refused.error().message, Not(HasSubstr("张三")));
    EXPECT_THAT(refused.error().message, Not(HasSubstr("not a day")));
  }
  EXPECT_TRUE(connection->usable());
  EXPECT_TRUE(insert("张三李", "2026-01-01")) << "three characters, whatever their bytes";
}

TEST_P(QueriesTest, AStatementThatDoesNotFitIsAFault) {
  auto answer = ask("select nothing_like_it from mw_case_outbox where case_no = :case_no", "C1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().severity, Severity::kFault) << answer.error().message;
  EXPECT_TRUE(ask("select 1 as one", "C1")) << "the connection is good again";
}

TEST_P(QueriesTest, TheDeadlineEndsALongQuery) {
  call_.deadline = clock_.steady() + std::chrono::milliseconds(300);
  auto answer =
      ask("with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000000000) "
          "select count(*) from n",
          "C1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "sql.timeout");
}

TEST_P(QueriesTest, AConnectionThatCannotBeMadeTellsNoSecret) {
  ConnectionSettings wrong = database_.settings();
  wrong.connection =
      GetParam() == Backend::kSqlite ? "db=/nonexistent/x.db" : "host=/nonexistent dbname=x";
  wrong.password = "very-secret";
  auto opened = open_connection(wrong);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().severity, Severity::kRetryable);
  EXPECT_THAT(opened.error().message, Not(HasSubstr("very-secret")));
}

// A restart or a firewall ends idle connections. One call may fail, not one for each connection.
TEST(LostConnection, QueriesGoOnAfterOneRetry) {
  TestDatabase database(Backend::kPostgresql);
  ConnectionPool pool(database.settings(), 3);
  certbridge::testing::FakeClock clock;
  const auto deadline = clock.steady() + std::chrono::seconds(20);
  const auto ask = [&] {
    auto lease = pool.take(deadline);
    if (!lease) return Result<std::vector<Record>>(lease.error());
    return lease.value()->query("select '1' as one", {}, 1);
  };
  {
    auto first = pool.take(deadline).value();
    auto second = pool.take(deadline).value();
  }
  ASSERT_TRUE(ask());
  database.end_other_connections();
  auto lost = ask();
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().severity, Severity::kRetryable) << lost.error().code;
  EXPECT_TRUE(ask());
  EXPECT_TRUE(ask());
}

TEST_P(QueriesTest, AStatementWritesOnceAndCanBeConfirmed) {
  const Statements statements{
      {"note",
       {"insert into mw_cert_item (cert_id, case_id) values ('Z1', :case_no) "
        "on conflict do nothing",
        "select case_id from mw_cert_item where case_id = :case_no"}}};
  StatementsSink sink(statements, pool_, clock_);
  const Message message = question("note", "C1");
  EXPECT_EQ(sink.confirm(message, call_).value().state, Confirmation::State::kAbsent);
  ASSERT_TRUE(sink.send(message, call_));
  ASSERT_TRUE(sink.send(message, call_));
  EXPECT_EQ(sink.confirm(message, call_).value().state, Confirmation::State::kPresent);
  EXPECT_EQ(database_.value("select cast(count(*) as varchar(9)) from mw_cert_item"), "1");
}

INSTANTIATE_TEST_SUITE_P(Databases, QueriesTest,
                         ::testing::Values(Backend::kSqlite, Backend::kPostgresql),
                         [](const auto& backend) {
                           return backend.param == Backend::kSqlite ? "Sqlite" : "Postgresql";
                         });

}  // namespace
}  // namespace certbridge::sql::testing
