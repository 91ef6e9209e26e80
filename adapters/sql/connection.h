// A connection to a database, without a type of the library behind it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "certbridge/record.h"

namespace certbridge::sql {

enum class Backend : std::uint8_t { kSqlite = 1, kPostgresql = 2 };

struct ConnectionSettings {
  Backend backend = Backend::kSqlite;
  std::string connection{};  // without the password; never logged
  std::string password{};    // PostgreSQL only
};

// One statement with its parameters in order. Parameters are written `:name` in the text.
class Connection {
 public:
  virtual ~Connection() = default;
  // Rows as text; "sql.too_many_rows" above `most_rows`.
  virtual Result<std::vector<Record>> query(const std::string& sql, const Record& parameters,
                                            std::size_t most_rows) = 0;
  // Number of rows changed.
  virtual Result<std::uint64_t> execute(const std::string& sql, const Record& parameters) = 0;
  // All that is read until finish() is of one moment.
  virtual Result<void> begin_snapshot() = 0;
  virtual Result<void> begin_write() = 0;
  virtual Result<void> commit() = 0;
  // Never fails: a connection that cannot roll back is thrown away.
  virtual void rollback() = 0;
  // False after an error that leaves its state unknown.
  virtual bool usable() const = 0;
  // No statement runs longer.
  virtual Result<void> limit(std::chrono::milliseconds longest) = 0;
};

// Codes: "sql.connection" (retryable), "sql.fault".
Result<std::unique_ptr<Connection>> open_connection(const ConnectionSettings& settings);

// Names of the parameters in a statement, in order of first appearance; texts in quotes are left
// out.
std::vector<std::string> parameter_names(const std::string& sql);

// A few connections that are used again. Any thread may take one.
class ConnectionPool {
 public:
  ConnectionPool(ConnectionSettings settings, std::size_t most)
      : settings_(std::move(settings)), free_places_(most) {}

  // Gives its connection back when it goes, unless that is not usable any more.
  class Lease {
   public:
    Lease(ConnectionPool& pool, std::unique_ptr<Connection> connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (connection_) pool_->give_back(std::move(connection_));
    }
    Connection& operator*() { return *connection_; }
    Connection* operator->() { return connection_.get(); }

   private:
    ConnectionPool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  // Waits for a free one until `deadline`: "sql.pool_busy" (retryable).
  Result<Lease> take(std::chrono::steady_clock::time_point deadline);

 private:
  void give_back(std::unique_ptr<Connection> connection);

  ConnectionSettings settings_;
  std::mutex mutex_{};
  std::condition_variable freed_{};
  std::size_t free_places_;
  std::vector<std::unique_ptr<Connection>> idle_{};
};

}  // namespace certbridge::sql
