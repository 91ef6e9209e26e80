#include <libpq-fe.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <deque>

#include "answer_limit.h"
#include "connection.h"

namespace certbridge::sql {
namespace {

// Class 22 of SQLSTATE (data exception): a value is too long for its column, or has a character
// that the database's character set lacks. The same row is refused the same way for ever.
bool is_data_exception(const soci::soci_error& error) {
  const auto* postgresql = dynamic_cast<const soci::postgresql_soci_error*>(&error);
  return postgresql != nullptr && postgresql->sqlstate().starts_with("22");
}

// What the database says may quote data: only its class leaves, and for a wrong statement its text.
Error classified(const soci::soci_error& error, bool sqlite) {
  using Category = soci::soci_error::error_category;
  switch (error.get_error_category()) {
    case Category::connection_error:
      return Error::retryable("sql.connection",
                              "the connection to the database failed or was lost");
    case Category::constraint_violation:
      return Error::permanent("sql.constraint",
                              "the database refused the row: a constraint does not hold");
    case Category::invalid_statement:
      return Error::fault("sql.statement",
                          std::string("the database does not understand the statement: ") +
                              error.get_error_message());
    case Category::no_privilege:
      return Error::fault("sql.privilege", "the database user may not do this");
    default:
      break;
  }
  const std::string text = error.get_error_message();
  if (is_data_exception(error) || (sqlite && text.find("too big") != std::string::npos)) {
    return Error::permanent("sql.value",
                            "the database cannot hold a value: it is too long for its column, or "
                            "not of its kind or character set");
  }
  if (sqlite &&
      (text.find("locked") != std::string::npos || text.find("busy") != std::string::npos)) {
    return Error::retryable("sql.busy", "the database is locked by another connection");
  }
  if (sqlite && text.find("interrupted") != std::string::npos) {
    return Error::retryable("sql.timeout", "the statement ran longer than its limit");
  }
  if (text.find("statement timeout") != std::string::npos) {
    return Error::retryable("sql.timeout", "the statement ran longer than its limit");
  }
  if (text.find("no such table") != std::string::npos ||
      text.find("no such column") != std::string::npos ||
      text.find("syntax error") != std::string::npos) {
    return Error::fault("sql.statement", "the database does not understand the statement: " + text);
  }
  return Error::retryable("sql.failed", "the database failed; its own log says more");
}

std::string text_of(const soci::row& row, std::size_t column) {
  std::array<char, 64> text{};
  switch (row.get_properties(column).get_data_type()) {
    case soci::dt_string:
      return row.get<std::string>(column);
    case soci::dt_integer:
      return std::to_string(row.get<int>(column));
    case soci::dt_long_long:
      return std::to_string(row.get<long long>(column));
    case soci::dt_unsigned_long_long:
      return std::to_string(row.get<unsigned long long>(column));
    case soci::dt_double:
      std::snprintf(text.data(), text.size(), "%.15g", row.get<double>(column));
      return text.data();
    case soci::dt_date: {
      const auto time = row.get<std::tm>(column);
      std::snprintf(text.data(), text.size(), "%04d-%02d-%02d %02d:%02d:%02d", time.tm_year + 1900,
                    time.tm_mon + 1, time.tm_mday, time.tm_hour, time.tm_min, time.tm_sec);
      return text.data();
    }
    default:
      return {};
  }
}

Record record_of(const soci::row& row) {
  Record record;
  for (std::size_t column = 0; column < row.size(); ++column) {
    std::optional<std::string> value;
    if (row.get_indicator(column) == soci::i_ok) value = text_of(row, column);
    record.set(row.get_properties(column).get_name(), std::move(value));
  }
  return record;
}

// SQLite asks this between its steps; true ends the statement.
int past_deadline(void* deadline) {
  return std::chrono::steady_clock::now() >
         *static_cast<std::chrono::steady_clock::time_point*>(deadline);
}

// The server ends a statement that runs too long and says so; who is silent so much longer is gone.
constexpr std::chrono::seconds kSilence{5};
constexpr std::chrono::seconds kLongestStatement{60};  // before limit() says otherwise

// The library itself waits for ever for a server that is gone. What the text says itself counts.
std::string with_limits(const std::string& text) {
  if (text.starts_with("postgres")) return text;  // an address, which cannot be added to
  return "connect_timeout=10 keepalives_idle=10 keepalives_interval=5 keepalives_count=3 "
         "tcp_user_timeout=30000 " +
         text;
}

class SociConnection final : public Connection {
 public:
  explicit SociConnection(bool sqlite) : sqlite_(sqlite) {}

  Result<void> open(const ConnectionSettings& settings) {
    return guarded([&] {
      std::string text = settings.connection;
      if (!settings.password.empty()) text += " password='" + quoted(settings.password) + "'";
      if (sqlite_) {
        session_.open(soci::sqlite3, text);
      } else {
        session_.open(soci::postgresql, with_limits(text));
      }
    });
  }

  Result<std::vector<Record>> query(const std::string& sql, const Record& parameters,
                                    std::size_t most_rows) override {
    std::vector<Record> records;
    bool too_many = false;
    auto done = guarded([&] {
      Bound bound(session_, sql, parameters);
      soci::row row;
      bound.statement.exchange(soci::into(row));
      bound.prepare(sql);
      bound.statement.execute(false);
      while (!too_many && bound.statement.fetch()) {
        too_many = records.size() >= most_rows;
        if (!too_many) records.push_back(record_of(row));
      }
    });
    if (!done) return done.error();
    if (too_many) {
      return Error::permanent("sql.too_many_rows", "more than " + std::to_string(most_rows) +
                                                       " rows; raise most-rows if that is right");
    }
    return records;
  }

  Result<std::uint64_t> execute(const std::string& sql, const Record& parameters) override {
    std::uint64_t changed = 0;
    auto done = guarded([&] {
      Bound bound(session_, sql, parameters);
      bound.prepare(sql);
      bound.statement.execute(true);
      changed = static_cast<std::uint64_t>(std::max(0LL, bound.statement.get_affected_rows()));
    });
    if (!done) return done.error();
    return changed;
  }

  Result<void> begin_snapshot() override {
    return run(sqlite_ ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  }
  Result<void> begin_write() override { return run(sqlite_ ? "BEGIN IMMEDIATE" : "BEGIN"); }
  Result<void> commit() override { return run("COMMIT"); }
  void rollback() override {
    if (!run("ROLLBACK")) usable_ = false;
  }
  bool usable() const override { return usable_; }
  Result<void> limit(std::chrono::milliseconds longest) override {
    if (sqlite_) {
      auto* native = static_cast<soci::sqlite3_session_backend*>(session_.get_backend())->conn_;
      deadline_ = std::chrono::steady_clock::now() + longest;
      sqlite_api::sqlite3_progress_handler(native, 10'000, &past_deadline, &deadline_);
    }
    longest_ = longest;
    const std::string milliseconds = std::to_string(std::max<std::int64_t>(1, longest.count()));
    return run((sqlite_ ? "PRAGMA busy_timeout = " : "SET statement_timeout = ") + milliseconds);
  }

 private:
  // A statement and the values that it is bound to, which must stay where they are.
  struct Bound {
    Bound(soci::session& session, const std::string& sql, const Record& parameters)
        : statement(session) {
      for (const std::string& name : parameter_names(sql)) {
        const std::optional<std::string>* value = parameters.find(name);
        const bool given = value != nullptr && value->has_value();
        values.push_back(given ? **value : std::string());
        indicators.push_back(given ? soci::i_ok : soci::i_null);
        statement.exchange(soci::use(values.back(), indicators.back(), name));
      }
    }
    void prepare(const std::string& sql) {
      statement.alloc();
      statement.prepare(sql);
      statement.define_and_bind();
    }
    std::deque<std::string> values{};
    std::deque<soci::indicator> indicators{};
    soci::statement statement;
  };

  static std::string quoted(const std::string& value) {
    std::string out;
    for (const char c : value) {
      if (c == '\'' || c == '\\') out.push_back('\\');
      out.push_back(c);
    }
    return out;
  }

  // A server that does not answer in time has its connection taken away.
  template <class Action>
  Result<void> guarded(Action action) {
    std::optional<AnswerLimit::Watched> watched;
    if (const int socket = server_socket(); socket >= 0) {
      watched.emplace(socket, std::chrono::steady_clock::now() + longest_ + kSilence);
    }
    try {
      action();
      return {};
    } catch (const soci::soci_error& error) {
      if (watched && watched->is_past()) {
        usable_ = false;
        return Error::retryable("sql.timeout", "the database did not answer in time");
      }
      Error ours = classified(error, sqlite_);
      if (ours.code == "sql.connection" || ours.code == "sql.failed") usable_ = false;
      return ours;
    }
  }
  Result<void> run(const std::string& sql) {
    return guarded([&] { session_ << sql; });
  }

  // -1 for SQLite, and while a connection is being made, which libpq limits itself.
  int server_socket() {
    if (sqlite_ || session_.get_backend() == nullptr) return -1;
    return PQsocket(static_cast<soci::postgresql_session_backend*>(session_.get_backend())->conn_);
  }

  bool sqlite_;
  bool usable_ = true;
  std::chrono::milliseconds longest_ = kLongestStatement;
  std::chrono::steady_clock::time_point deadline_{};
  soci::session session_{};
};

}  // namespace

Result<std::unique_ptr<Connection>> open_connection(const ConnectionSettings& settings) {
  auto connection = std::make_unique<SociConnection>(settings.backend == Backend::kSqlite);
  if (auto opened = connection->open(settings); !opened) {
    // Whatever the reason, there is no connection now and there may be one later.
    return Error::retryable("sql.connection",
                            "cannot connect to the database; check the option connection");
  }
  return std::unique_ptr<Connection>(std::move(connection));
}

}  // namespace certbridge::sql
