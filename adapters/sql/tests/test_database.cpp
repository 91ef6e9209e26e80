#include "test_database.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace certbridge::sql::testing {
namespace {

std::string output_of(const std::string& command) {
  std::string text;
  std::array<char, 512> piece{};
  FILE* pipe = popen(command.c_str(), "r");
  while (pipe != nullptr && std::fgets(piece.data(), piece.size(), pipe) != nullptr)
    text += piece.data();
  if (pipe == nullptr || pclose(pipe) != 0) return {};
  return text;
}

std::string script() { return std::string(CERTBRIDGE_SOURCE_DIR) + "/tests/support/postgres.sh "; }

// One cluster for the whole program; it stops when the program ends.
struct Cluster {
  std::string folder =
      std::filesystem::temp_directory_path() / ("certbridge-pg-" + std::to_string(getpid()));
  std::string socket_folder{};
  std::string port{};
  std::string user{};

  Cluster() {
    std::istringstream answer(output_of(script() + "start " + folder));
    if (answer >> socket_folder >> port >> user) return;
    std::cerr << "PostgreSQL 15 could not be started; see the sentence above\n";
    std::exit(3);
  }
  // Only the program that started it stops it, not a child of a crash test.
  ~Cluster() {
    if (owner == getpid()) output_of(script() + "stop " + folder);
  }
  pid_t owner = getpid();
};

std::string new_postgresql_database() {
  static Cluster cluster;
  static int databases = 0;
  const std::string at =
      "host=" + cluster.socket_folder + " port=" + cluster.port + " user=" + cluster.user;
  const std::string name = "test" + std::to_string(++databases);
  auto connection = open_connection({Backend::kPostgresql, at + " dbname=postgres", {}});
  // The server has no more of a busy machine than the tests beside it.
  for (int again = 0; !connection && again < 6; ++again)
    connection = open_connection({Backend::kPostgresql, at + " dbname=postgres", {}});
  EXPECT_TRUE(connection) << "cannot connect to the test cluster";
  EXPECT_TRUE(connection.value()->execute("create database " + name, {}));
  return at + " dbname=" + name;
}

}  // namespace

std::vector<std::string> statements_of(const std::string& path) {
  const bool page = path.ends_with(".md");
  std::ifstream file(std::string(CERTBRIDGE_SOURCE_DIR) + "/" + path);
  EXPECT_TRUE(file) << path;
  std::string line;
  std::string text;
  bool inside = !page;
  while (std::getline(file, line)) {
    if (page && line.starts_with("```")) {
      inside = line == "```sql";
    } else if (inside) {
      text += line.substr(0, line.find("--")) + "\n";
    }
  }
  std::vector<std::string> statements;
  std::istringstream all(text);
  while (std::getline(all, line, ';')) {
    if (line.find_first_not_of(" \n") != std::string::npos) statements.push_back(line);
  }
  return statements;
}

TestDatabase::TestDatabase(Backend backend, const std::string& tables) {
  std::string pattern = std::filesystem::temp_directory_path() / "certbridge-sql-XXXXXX";
  folder_ = mkdtemp(pattern.data());
  const bool sqlite = backend == Backend::kSqlite;
  settings_ = {
      backend, sqlite ? "db=" + folder_ + "/registration.db" : new_postgresql_database(), {}};
  auto connection = open_connection(settings_);
  EXPECT_TRUE(connection) << connection.error().message;
  connection_ = std::move(connection).value();
  // Without it a write fails at once while the code under test writes.
  EXPECT_TRUE(connection_->limit(std::chrono::hours(1)));
  if (sqlite) value("PRAGMA journal_mode=WAL");
  EXPECT_TRUE(connection_->begin_write());
  for (const std::string& statement : statements_of(tables)) run(statement);
  EXPECT_TRUE(connection_->commit());
}

TestDatabase::~TestDatabase() { std::filesystem::remove_all(folder_); }

void TestDatabase::run(const std::string& sql) {
  auto done = connection_->execute(sql, {});
  EXPECT_TRUE(done) << sql << "\n" << (done ? "" : done.error().message);
}

void TestDatabase::end_other_connections() {
  auto ended = connection_->query(
      "select cast(pg_terminate_backend(pid, 60000) as varchar(9)) as ended from pg_stat_activity "
      "where datname = current_database() and pid <> pg_backend_pid()",
      {}, 100);
  ASSERT_TRUE(ended) << ended.error().message;
  ASSERT_FALSE(ended.value().empty()) << "there was no other connection";
}

std::string TestDatabase::value(const std::string& sql) {
  auto rows = connection_->query(sql, {}, 1000);
  if (!rows) return rows.error().message;
  if (rows.value().empty() || rows.value()[0].fields.empty()) return "none";
  return rows.value()[0].fields[0].second.value_or("null");
}

std::string event_row(int sequence, const std::string& case_no, int revision) {
  const std::string id = "SHANZHENG:" + case_no + ":" + std::to_string(revision);
  return "insert into mw_case_outbox (seq, event_id, event_type, case_no, case_id, revision, "
         "area_code, djlx, qllx, "
         "occurred_at) values (" +
         std::to_string(sequence) + ", '" + id + "', 'SHANZHENG', '" + case_no + "', 'X" + case_no +
         "', " + std::to_string(revision) + ", '411300', '200', '4', '2026-11-23 10:00:00')";
}

}  // namespace certbridge::sql::testing
