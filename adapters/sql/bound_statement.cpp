#include "bound_statement.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>

#include "sql_text.h"

namespace certbridge::sql {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::size_t bytes_of(const Record& record) {
  std::size_t bytes = 0;
  for (const auto& field : record.fields) bytes += field.second ? field.second->size() : 0;
  return bytes;
}

// Keeps rows within the limits.
class Collector {
 public:
  explicit Collector(const RowLimits& limits) : limits_(limits) {}
  Result<void> add(Record record) {
    bytes_ += bytes_of(record);
    if (records_.size() >= limits_.rows || bytes_ > limits_.bytes) {
      return Error::permanent("sql.too_large", "more than " + std::to_string(limits_.rows) +
                                                   " rows or " + std::to_string(limits_.bytes) +
                                                   " bytes: the answer is refused whole");
    }
    records_.push_back(std::move(record));
    return {};
  }
  std::vector<Record> take() { return std::move(records_); }

 private:
  RowLimits limits_;
  std::size_t bytes_ = 0;
  std::vector<Record> records_{};
};

Record sqlite_record(sqlite_api::sqlite3_stmt* statement) {
  Record record;
  for (int column = 0; column < sqlite_api::sqlite3_column_count(statement); ++column) {
    std::optional<std::string> value;
    const auto* text = sqlite_api::sqlite3_column_text(statement, column);
    if (text != nullptr) {
      value.emplace(reinterpret_cast<const char*>(text),
                    static_cast<std::size_t>(sqlite_api::sqlite3_column_bytes(statement, column)));
    }
    record.fields.emplace_back(lower(sqlite_api::sqlite3_column_name(statement, column)), value);
  }
  return record;
}

Record postgresql_record(const PGresult* result, int row) {
  Record record;
  for (int column = 0; column < PQnfields(result); ++column) {
    std::optional<std::string> value;
    if (PQgetisnull(result, row, column) == 0) {
      value.emplace(PQgetvalue(result, row, column),
                    static_cast<std::size_t>(PQgetlength(result, row, column)));
    }
    record.fields.emplace_back(lower(PQfname(result, column)), value);
  }
  return record;
}

}  // namespace

BoundStatement::BoundStatement(soci::session& session, Engine engine, const std::string& text,
                               const Record& parameters)
    : engine_(engine), statement_(session) {
  for (const std::string& name : parameters_of(text)) {
    const auto* value = parameters.find(name);
    const bool present = value != nullptr && value->has_value();
    values_.push_back(present ? **value : std::string());
    indicators_.push_back(present ? soci::i_ok : soci::i_null);
    statement_.exchange(soci::use(values_.back(), indicators_.back(), name));
  }
  statement_.alloc();
  statement_.prepare(text);
  statement_.define_and_bind();
}

std::int64_t BoundStatement::run() {
  statement_.execute(true);
  return statement_.get_affected_rows();
}

// SOCI's own rows would turn decimals into binary fractions and times into C structures, so the
// values are read as text where the engine keeps them.
Result<std::vector<Record>> BoundStatement::rows(const RowLimits& limits) {
  statement_.execute(false);
  return engine_ == Engine::kSqlite ? sqlite_rows(limits) : postgresql_rows(limits);
}

Result<std::vector<Record>> BoundStatement::sqlite_rows(const RowLimits& limits) {
  auto* native = static_cast<soci::sqlite3_statement_backend*>(statement_.get_backend())->stmt_;
  Collector collector(limits);
  int state = sqlite_api::sqlite3_step(native);
  for (; state == SQLITE_ROW; state = sqlite_api::sqlite3_step(native)) {
    if (auto added = collector.add(sqlite_record(native)); !added) return added.error();
  }
  if (state != SQLITE_DONE) {
    throw soci::sqlite3_soci_error(
        sqlite_api::sqlite3_errmsg(sqlite_api::sqlite3_db_handle(native)), state);
  }
  return collector.take();
}

Result<std::vector<Record>> BoundStatement::postgresql_rows(const RowLimits& limits) {
  const PGresult* result =
      static_cast<soci::postgresql_statement_backend*>(statement_.get_backend())->result_;
  Collector collector(limits);
  for (int row = 0; row < PQntuples(result); ++row) {
    if (auto added = collector.add(postgresql_record(result, row)); !added) return added.error();
  }
  return collector.take();
}

}  // namespace certbridge::sql
