#include "session.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <filesystem>

#include "bound_statement.h"
#include "database_error.h"
#include "sql_text.h"

namespace certbridge::sql {
namespace {

using Milliseconds = std::chrono::milliseconds;

Milliseconds left_until(Deadline deadline) {
  const auto left = std::chrono::ceil<Milliseconds>(deadline - std::chrono::steady_clock::now());
  return std::clamp(left, Milliseconds(0), Milliseconds(3'600'000));
}

std::string quoted(const std::string& value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

std::string postgresql_connection(const DatabaseSettings& settings, Milliseconds left) {
  const Milliseconds most = std::min(settings.connect_timeout, left);
  const auto seconds =
      std::max<std::int64_t>(2, std::chrono::ceil<std::chrono::seconds>(most).count());
  std::string text = "host=" + quoted(settings.host) + " port=" + std::to_string(settings.port) +
                     " dbname=" + quoted(settings.database) + " user=" + quoted(settings.user) +
                     " connect_timeout=" + std::to_string(seconds) +
                     " tcp_user_timeout=30000 application_name=certbridge client_encoding=UTF8";
  if (!settings.password.empty()) text += " password=" + quoted(settings.password);
  return text;
}

}  // namespace

std::string DatabaseSettings::described() const {
  if (engine == Engine::kSqlite) {
    return "SQLite database " + std::filesystem::path(database).filename().string();
  }
  return "PostgreSQL database " + database + " at " + host + ":" + std::to_string(port);
}

struct Session::Parts {
  Engine engine = Engine::kSqlite;
  std::string described{};
  soci::session connection{};
  Deadline deadline{};
  bool in_transaction = false;
  bool broken = false;

  sqlite_api::sqlite3* sqlite() {
    return static_cast<soci::sqlite3_session_backend*>(connection.get_backend())->conn_;
  }
  Error failed(const std::exception& failure) {
    Error error = classify(failure, described);
    if (error.code == "sql.connect" || error.severity == Severity::kFault) broken = true;
    return error;
  }
  void limit_time(Deadline until);
};

namespace {

int past_deadline(void* deadline) {
  return std::chrono::steady_clock::now() > *static_cast<const Deadline*>(deadline) ? 1 : 0;
}

}  // namespace

void Session::Parts::limit_time(Deadline until) {
  deadline = until;
  const Milliseconds left = left_until(until);
  if (engine == Engine::kSqlite) {
    sqlite_api::sqlite3_busy_timeout(sqlite(), static_cast<int>(left.count()));
    sqlite_api::sqlite3_progress_handler(sqlite(), 10'000, &past_deadline, &deadline);
    return;
  }
  // Zero would mean no limit at all.
  const auto most = std::to_string(std::max<std::int64_t>(1, left.count()));
  connection << "set statement_timeout = " + most;
}

Session::Session(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Session::~Session() { rollback(); }

Result<std::unique_ptr<Session>> Session::open(const DatabaseSettings& settings,
                                               Deadline deadline) {
  auto parts = std::make_unique<Parts>();
  parts->engine = settings.engine;
  parts->described = settings.described();
  try {
    if (settings.engine == Engine::kSqlite) {
      std::error_code ignored;  // SQLite would make an empty database of a mistyped name
      if (!std::filesystem::exists(settings.database, ignored)) {
        return Error::retryable("sql.connect", parts->described + ": there is no such file");
      }
      parts->connection.open(soci::sqlite3, "db=\"" + settings.database + "\" timeout=1");
    } else {
      parts->connection.open(soci::postgresql,
                             postgresql_connection(settings, left_until(deadline)));
      parts->connection << "set datestyle to 'ISO, YMD'";
    }
  } catch (const std::exception& failure) {
    Error error = classify(failure, parts->described);
    // libpq gives no SQLSTATE for a refused start-up; its words name the user at most.
    const std::string words = failure.what();
    if (words.find("authentication failed") != std::string::npos ||
        words.find("no password supplied") != std::string::npos) {
      return Error::fault("sql.authentication",
                          parts->described + ": the database refuses user or password");
    }
    if (settings.engine == Engine::kPostgresql && error.code == "sql.failed") {
      return Error::retryable("sql.connect", parts->described + ": no connection");
    }
    return error;
  }
  return std::unique_ptr<Session>(new Session(std::move(parts)));
}

Engine Session::engine() const { return parts_->engine; }
bool Session::broken() const { return parts_->broken; }

Result<void> Session::begin(TransactionKind kind, Deadline deadline) {
  const bool write = kind == TransactionKind::kWrite;
  const char* on_sqlite = write ? "begin immediate" : "begin deferred";
  const char* on_postgresql =
      write ? "begin" : "begin transaction isolation level repeatable read read only";
  try {
    parts_->limit_time(deadline);
    parts_->connection << (parts_->engine == Engine::kSqlite ? on_sqlite : on_postgresql);
    parts_->in_transaction = true;
    return {};
  } catch (const std::exception& failure) {
    return parts_->failed(failure);
  }
}

Result<void> Session::commit() {
  try {
    parts_->connection << "commit";
    parts_->in_transaction = false;
    return {};
  } catch (const std::exception& failure) {
    return parts_->failed(failure);
  }
}

void Session::rollback() {
  if (!parts_->in_transaction) return;
  parts_->in_transaction = false;
  parts_->deadline = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  try {
    parts_->connection << "rollback";
  } catch (const std::exception&) {
    parts_->broken = true;
  }
}

namespace {

Result<void> check_parameters(const std::string& statement, const Record& parameters) {
  for (const std::string& name : parameters_of(statement)) {
    if (parameters.find(name) == nullptr) {
      return Error::permanent("sql.parameters", "the parameter `" + name + "` is not given");
    }
  }
  return {};
}

}  // namespace

Result<std::vector<Record>> Session::query(const std::string& statement, const Record& parameters,
                                           const RowLimits& limits, Deadline deadline) {
  if (auto checked = check_parameters(statement, parameters); !checked) return checked.error();
  try {
    parts_->limit_time(deadline);
    BoundStatement bound(parts_->connection, parts_->engine, statement, parameters);
    return bound.rows(limits);
  } catch (const std::exception& failure) {
    return parts_->failed(failure);
  }
}

Result<std::int64_t> Session::execute(const std::string& statement, const Record& parameters,
                                      Deadline deadline) {
  if (auto checked = check_parameters(statement, parameters); !checked) return checked.error();
  try {
    parts_->limit_time(deadline);
    BoundStatement bound(parts_->connection, parts_->engine, statement, parameters);
    return bound.run();
  } catch (const std::exception& failure) {
    return parts_->failed(failure);
  }
}

}  // namespace certbridge::sql
