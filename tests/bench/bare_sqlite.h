// What one would write without this project: SQLite's own interface, write-ahead log, synchronous
// full, one writer thread that commits whatever is pending. It writes the journal's own rows.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace certbridge::bench {

// Any thread may call write().
class BareSqlite {
 public:
  // `database` is a journal with one message: its rows are the pattern of those that are written,
  // with new numbers and digests. When the pattern keeps its body in a file, the bare program keeps
  // the body in the row.
  explicit BareSqlite(const std::string& database);
  ~BareSqlite();
  BareSqlite(const BareSqlite&) = delete;
  BareSqlite& operator=(const BareSqlite&) = delete;

  // Returns once the rows of message `number` are on stable storage.
  void write(std::uint64_t number, std::string body);
  std::uint64_t commits() const { return commits_; }

 private:
  enum class Role { kFixed, kNumber, kDigest, kBody };
  struct Column {
    Role role = Role::kFixed;
    int type = 0;  // of SQLite
    std::int64_t integer = 0;
    std::string bytes{};
  };
  struct Row {
    sqlite3_stmt* insert = nullptr;
    std::vector<Column> columns{};
    std::uint64_t salt = 0;
  };
  struct Job {
    std::uint64_t number = 0;
    std::string body{};
    std::promise<void> done{};
  };

  void command(const char* sql);
  void read_pattern(const std::string& table);
  Column read_column(const std::string& table, sqlite3_stmt* row, int index);
  void insert(const Row& row, const Job& job);
  void run();

  sqlite3* database_ = nullptr;
  std::vector<Row> pattern_{};
  bool body_in_file_ = false;
  std::mutex mutex_{};
  std::condition_variable arrived_{};
  std::deque<std::unique_ptr<Job>> queue_{};  // under mutex_, as is the next
  bool stopping_ = false;
  std::uint64_t commits_ = 0;  // read once the sources have ended
  std::thread writer_{};
};

}  // namespace certbridge::bench
