// SQLite: connections, opened through SOCI, with the statements that were prepared on them.
// Everything here throws Failure ("journal.failed", "journal.damaged", "journal.full",
// "journal.busy").
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace certbridge::host {

// Bytes that are bound as a blob instead of as text.
struct Blob {
  std::string_view bytes{};
  bool null = false;
};

// One prepared statement. Parameters are bound in order by add(), then execute() or next() is
// called; next() walks over the rows. A statement that was not walked to its end is to be reset,
// because it holds its read snapshot.
class Statement {
 public:
  // `columns` has one letter for each: i integer, t text, b blob.
  Statement(void* session, const std::string& sql, std::string_view columns);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Forgets bound values and rows. What is bound is copied, unless it outlives the walk over the
  // rows.
  void start(bool copies);
  void add(std::int64_t value);
  void add(std::string_view value);
  void add(const Blob& value);
  void add(const std::optional<std::int64_t>& value);
  std::int64_t execute();  // rows changed; for statements without rows
  bool next();
  void reset();

  bool is_null(std::size_t column) const;
  std::int64_t integer(std::size_t column) const;  // 0 when null
  const std::string& text(std::size_t column) const;
  std::string blob(std::size_t column) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// One SQLite connection. One thread at a time.
class Connection {
 public:
  // Opens `file`; makes it when `create`.
  Connection(const std::string& file, bool create);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void command(const std::string& sql);  // once, unprepared: pragmas, schema
  std::int64_t pragma(const std::string& sql);
  std::string pragma_text(const std::string& sql);

  // Prepared once and kept under the text itself: values belong into parameters.
  template <class... Values>
  std::int64_t run(const char* sql, const Values&... values) {
    Statement& statement = bound(sql, "", false, values...);
    return statement.execute();
  }
  template <class... Values>
  Statement& select(const char* columns, const char* sql, const Values&... values) {
    return bound(sql, columns, true, values...);
  }
  // Whether there is a first row.
  template <class... Values>
  bool exists(const char* sql, const Values&... values) {
    Statement& statement = bound(sql, "i", false, values...);
    const bool found = statement.next();
    statement.reset();
    return found;
  }
  // First column of the first row, when there is one and it is not null.
  template <class... Values>
  std::optional<std::int64_t> number(const char* sql, const Values&... values) {
    Statement& statement = bound(sql, "i", false, values...);
    std::optional<std::int64_t> found;
    if (statement.next() && !statement.is_null(0)) found = statement.integer(0);
    statement.reset();
    return found;
  }

  // Whether SQLite itself ended the transaction after an error.
  bool in_transaction() const;
  // No checkpoint but by checkpoint(); log_frames() is counted from here on.
  void checkpoint_by_hand();
  // Frames in the write-ahead log after this connection's last commit.
  std::uint64_t log_frames() const;
  std::int64_t last_row() const;  // that was inserted last into a table with row numbers
  // PASSIVE or RESTART; answers frames in the log and frames copied.
  std::pair<int, int> checkpoint(bool restart);

 private:
  Statement& prepared(const char* sql, const char* columns);
  template <class Value>
  static void add(Statement& statement, const Value& value) {
    if constexpr (std::is_integral_v<Value>) {
      statement.add(static_cast<std::int64_t>(value));
    } else if constexpr (std::is_convertible_v<const Value&, std::string_view>) {
      statement.add(std::string_view(value));
    } else {
      statement.add(value);
    }
  }
  template <class... Values>
  Statement& bound(const char* sql, const char* columns, bool copies, const Values&... values) {
    Statement& statement = prepared(sql, columns);
    statement.start(copies);
    (add(statement, values), ...);
    return statement;
  }

  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace certbridge::host
