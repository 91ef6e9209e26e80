#include "bare_sqlite.h"

#include <sqlite3.h>

#include <cstring>

#include "measure.h"

namespace certbridge::bench {
namespace {

constexpr std::size_t kGroupLimit = 128;  // the journal's
constexpr std::uint64_t kFirstNumber = 1000;

// Digests fall anywhere in their index, so these have to as well.
std::uint64_t scattered(std::uint64_t number) {
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9ULL;
  number = (number ^ (number >> 27)) * 0x94d049bb133111ebULL;
  return number ^ (number >> 31);
}

}  // namespace

BareSqlite::BareSqlite(const std::string& database) {
  if (sqlite3_open(database.c_str(), &database_) != SQLITE_OK) give_up("cannot open " + database);
  command("pragma journal_mode = wal");
  command("pragma synchronous = full");
  command("pragma cache_size = -32768");
  for (const char* table : {"contents", "messages", "message_contents", "content_uses",
                            "message_keys", "open_keys", "ledger"}) {
    read_pattern(table);
  }
  writer_ = std::thread([this] { run(); });
}

BareSqlite::~BareSqlite() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_all();
  writer_.join();
  for (const Row& row : pattern_) sqlite3_finalize(row.insert);
  sqlite3_close(database_);
}

void BareSqlite::command(const char* sql) {
  char* message = nullptr;
  if (sqlite3_exec(database_, sql, nullptr, nullptr, &message) != SQLITE_OK) {
    give_up(std::string(sql) + ": " + (message == nullptr ? "" : message));
  }
}

BareSqlite::Column BareSqlite::read_column(const std::string& table, sqlite3_stmt* row, int index) {
  const std::string name = sqlite3_column_name(row, index);
  Column column;
  column.type = sqlite3_column_type(row, index);
  column.integer = sqlite3_column_int64(row, index);
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(row, index));
  if (bytes != nullptr) {
    column.bytes.assign(bytes, static_cast<std::size_t>(sqlite3_column_bytes(row, index)));
  }
  if (name == "number" || name == "order_number") column.role = Role::kNumber;
  if (column.type == SQLITE_BLOB && column.bytes.size() >= 8) column.role = Role::kDigest;
  if (table == "message_contents" && name == "record") column.role = Role::kFixed;
  if (table == "message_contents" && name == "body") {
    column.role = body_in_file_ ? Role::kBody : Role::kFixed;
  }
  return column;
}

void BareSqlite::read_pattern(const std::string& table) {
  sqlite3_stmt* rows = nullptr;
  const std::string all = "select * from " + table;
  if (sqlite3_prepare_v2(database_, all.c_str(), -1, &rows, nullptr) != SQLITE_OK) {
    give_up("the journal has no table " + table);
  }
  std::uint64_t salt = 0;
  while (sqlite3_step(rows) == SQLITE_ROW) {
    Row row;
    row.salt = salt++ << 56;
    std::string sql = "insert into " + table + " values (";
    for (int i = 0; i < sqlite3_column_count(rows); ++i) {
      row.columns.push_back(read_column(table, rows, i));
      sql += i == 0 ? "?" : ", ?";
    }
    sql += ")";
    if (sqlite3_prepare_v2(database_, sql.c_str(), -1, &row.insert, nullptr) != SQLITE_OK) {
      give_up(sql + ": " + sqlite3_errmsg(database_));
    }
    pattern_.push_back(std::move(row));
    body_in_file_ = body_in_file_ || table == "contents";
  }
  sqlite3_finalize(rows);
}

void BareSqlite::insert(const Row& row, const Job& job) {
  std::vector<std::string> digests(row.columns.size());
  for (std::size_t i = 0; i < row.columns.size(); ++i) {
    const Column& column = row.columns[i];
    const int at = static_cast<int>(i) + 1;
    const std::string* bytes = &column.bytes;
    if (column.role == Role::kBody) bytes = &job.body;
    if (column.role == Role::kDigest) {
      const std::uint64_t value = scattered(job.number + kFirstNumber + row.salt);
      digests[i] = column.bytes;
      std::memcpy(digests[i].data(), &value, sizeof value);
      bytes = &digests[i];
    }
    if (column.role == Role::kNumber) {
      sqlite3_bind_int64(row.insert, at, static_cast<std::int64_t>(job.number + kFirstNumber));
    } else if (column.type == SQLITE_INTEGER) {
      sqlite3_bind_int64(row.insert, at, column.integer);
    } else if (column.type == SQLITE_TEXT) {
      sqlite3_bind_text(row.insert, at, bytes->data(), static_cast<int>(bytes->size()),
                        SQLITE_STATIC);
    } else {
      sqlite3_bind_blob(row.insert, at, bytes->data(), static_cast<int>(bytes->size()),
                        SQLITE_STATIC);
    }
  }
  if (sqlite3_step(row.insert) != SQLITE_DONE) give_up(sqlite3_errmsg(database_));
  sqlite3_reset(row.insert);
}

void BareSqlite::write(std::uint64_t number, std::string body) {
  auto job = std::make_unique<Job>();
  job->number = number;
  job->body = std::move(body);
  auto done = job->done.get_future();
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(job));
  }
  arrived_.notify_one();
  done.get();
}

void BareSqlite::run() {
  for (;;) {
    std::vector<std::unique_ptr<Job>> group;
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      while (!queue_.empty() && group.size() < kGroupLimit) {
        group.push_back(std::move(queue_.front()));
        queue_.pop_front();
      }
    }
    if (group.empty()) return;
    command("begin immediate");
    for (const auto& job : group) {
      for (const Row& row : pattern_) insert(row, *job);
    }
    command("commit");
    ++commits_;
    for (const auto& job : group) job->done.set_value();
  }
}

}  // namespace certbridge::bench
