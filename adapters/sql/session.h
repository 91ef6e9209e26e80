// One connection to a database. All values travel as text, so that no decimal is rounded and no
// date is shifted on its way.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "certbridge/record.h"

namespace certbridge::sql {

enum class Engine : std::uint8_t { kSqlite = 1, kPostgresql = 2 };

// Where the database is and who asks. Never logged as a whole: `password` is a secret.
struct DatabaseSettings {
  Engine engine = Engine::kSqlite;
  std::string database{};  // SQLite: the file; PostgreSQL: the database's name
  std::string host{};      // name, address, or the folder of a unix socket
  std::int64_t port = 5432;
  std::string user{};
  std::string password{};
  std::chrono::milliseconds connect_timeout{5000};

  // For logs and errors: engine, place and name; no user, no password.
  std::string described() const;
};

using Deadline = std::chrono::steady_clock::time_point;

// Rows are refused whole with "sql.too_large" above these.
struct RowLimits {
  std::size_t rows = 10'000;
  std::size_t bytes = 8UL * 1024 * 1024;
};

enum class TransactionKind : std::uint8_t {
  kSnapshot = 1,  // reads only, all of the same moment
  kWrite = 2,     // takes the right to write at once (SQLite: begin immediate)
};

// Used by one thread at a time. Calls end at the deadline with "sql.timeout". Errors: see
// plugin.xml; after a retryable "sql.connect" the session is broken for good.
class Session {
 public:
  // "sql.connect" when the database cannot be reached, "sql.authentication" when it refuses us.
  static Result<std::unique_ptr<Session>> open(const DatabaseSettings& settings, Deadline deadline);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Engine engine() const;
  bool broken() const;  // not to be used again

  Result<void> begin(TransactionKind kind, Deadline deadline);
  Result<void> commit();
  void rollback();  // also ends what a failed call left; no error leaves it

  // `parameters` must hold every parameter of the statement ("sql.parameters"); others are ignored.
  Result<std::vector<Record>> query(const std::string& statement, const Record& parameters,
                                    const RowLimits& limits, Deadline deadline);
  // Answers how many rows were changed.
  Result<std::int64_t> execute(const std::string& statement, const Record& parameters,
                               Deadline deadline);

 private:
  struct Parts;
  explicit Session(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace certbridge::sql
