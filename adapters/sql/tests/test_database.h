// Real databases for the tests: an SQLite file, and a private PostgreSQL 15 cluster.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "connection.h"

namespace certbridge::sql::testing {

// Statements of an SQL file, or of the ```sql blocks of a page, without comments; `path` is
// relative to the root of the sources. A `;` always ends one.
std::vector<std::string> statements_of(const std::string& path);

// Ends the test program with a sentence when PostgreSQL cannot be started: nothing is skipped.
class TestDatabase {
 public:
  // Empty tables of an SQL file, whose path is relative to the root of the sources.
  explicit TestDatabase(Backend backend,
                        const std::string& tables = "config/registration/intermediate.sql");
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const ConnectionSettings& settings() const { return settings_; }
  const std::string& folder() const { return folder_; }
  void run(const std::string& sql);  // fails the test on an error
  // PostgreSQL: what a restart does to everybody else's connections.
  void end_other_connections();
  // The first column of the first row, or "none".
  std::string value(const std::string& sql);

 private:
  std::string folder_{};
  ConnectionSettings settings_{};
  std::unique_ptr<Connection> connection_{};
};

// An event of a case as a registration system would insert it.
std::string event_row(int sequence, const std::string& case_no, int revision);

}  // namespace certbridge::sql::testing
