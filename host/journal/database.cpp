#include "journal/database.h"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <atomic>
#include <functional>
#include <unordered_map>
#include <utility>

#include "journal/failure.h"

namespace certbridge::host {
namespace {

using namespace sqlite_api;

Error classify(int code, const std::string& reason) {
  // The shared index of the log could not grow: only a full disk refuses that.
  if (code == SQLITE_IOERR_SHMSIZE) code = SQLITE_FULL;
  switch (code & 0xff) {
    case SQLITE_FULL:
      return Error::retryable(
          "journal.full", "the disk of the data folder is full; make room, nothing was changed");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Error::fault("journal.damaged", "the journal's database file is damaged (" + reason +
                                                 "); restore the data folder from its backup");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error::retryable("journal.busy",
                              "the journal's database file is held by another program");
    default:
      return Error::retryable("journal.failed",
                              "the journal could not be read or written: " + reason);
  }
}

template <class Action>
auto guarded(const Action& action) {
  try {
    return action();
  } catch (const soci::sqlite3_soci_error& error) {
    throw Failure(classify(error.result(), sqlite3_errstr(error.result())));
  } catch (const soci::soci_error& error) {
    throw Failure(classify(SQLITE_ERROR, error.get_error_message()));
  }
}

sqlite3* handle_of(soci::session& session) {
  return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

// A column of the present row, kept until the next one.
struct Cell {
  char letter = 'i';
  bool null = true;
  std::int64_t integer = 0;
  std::string bytes{};
};

}  // namespace

// The journal's statements are the inner loop of everything: they talk to SQLite itself, on SOCI's
// connection. SOCI's own copy each row through texts and each blob through an object.
struct Statement::Parts {
  ~Parts() { sqlite3_finalize(handle); }

  void check(int code) const {
    if (code == SQLITE_OK) return;
    throw Failure(classify(code, sqlite3_errstr(code)));
  }
  bool step() const {
    const int code = sqlite3_step(handle);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    sqlite3_reset(handle);
    throw Failure(classify(code, sqlite3_errstr(code)));
  }
  void read(Cell& cell, int column) const {
    cell.null = sqlite3_column_type(handle, column) == SQLITE_NULL;
    if (cell.null) return;
    if (cell.letter == 'i') {
      cell.integer = sqlite3_column_int64(handle, column);
      return;
    }
    const void* bytes = cell.letter == 't'
                            ? static_cast<const void*>(sqlite3_column_text(handle, column))
                            : sqlite3_column_blob(handle, column);
    const int size = sqlite3_column_bytes(handle, column);
    cell.bytes.assign(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  }

  sqlite3_stmt* handle = nullptr;
  std::vector<Cell> columns{};
  int bound = 0;
  sqlite3_destructor_type lifetime = SQLITE_TRANSIENT;
};

Statement::Statement(void* session, const std::string& sql, std::string_view columns)
    : parts_(std::make_unique<Parts>()) {
  sqlite3* connection = handle_of(*static_cast<soci::session*>(session));
  const int code = sqlite3_prepare_v3(connection, sql.c_str(), static_cast<int>(sql.size() + 1),
                                      SQLITE_PREPARE_PERSISTENT, &parts_->handle, nullptr);
  if (code != SQLITE_OK) throw Failure(classify(code, sqlite3_errstr(code)));
  for (const char letter : columns) parts_->columns.push_back({letter});
}

Statement::~Statement() = default;

void Statement::start(bool copies) {
  reset();
  parts_->bound = 0;
  parts_->lifetime = copies ? SQLITE_TRANSIENT : SQLITE_STATIC;
}
void Statement::add(std::int64_t value) {
  parts_->check(sqlite3_bind_int64(parts_->handle, ++parts_->bound, value));
}
void Statement::add(std::string_view value) {
  const char* text = value.data() == nullptr ? "" : value.data();
  parts_->check(sqlite3_bind_text64(parts_->handle, ++parts_->bound, text, value.size(),
                                    SQLITE_TRANSIENT, SQLITE_UTF8));
}
void Statement::add(const Blob& value) {
  if (value.null) return parts_->check(sqlite3_bind_null(parts_->handle, ++parts_->bound));
  const char* bytes = value.bytes.data() == nullptr ? "" : value.bytes.data();
  parts_->check(sqlite3_bind_blob64(parts_->handle, ++parts_->bound, bytes, value.bytes.size(),
                                    parts_->lifetime));
}
void Statement::add(const std::optional<std::int64_t>& value) {
  if (value) return add(*value);
  parts_->check(sqlite3_bind_null(parts_->handle, ++parts_->bound));
}

std::int64_t Statement::execute() {
  parts_->step();
  const std::int64_t changed = sqlite3_changes64(sqlite3_db_handle(parts_->handle));
  reset();
  return changed;
}
bool Statement::next() {
  if (!parts_->step()) {
    reset();
    return false;
  }
  for (std::size_t i = 0; i < parts_->columns.size(); ++i) {
    parts_->read(parts_->columns[i], static_cast<int>(i));
  }
  return true;
}
// A failed step was reported when it happened, so the answer of the reset says nothing new.
void Statement::reset() { sqlite3_reset(parts_->handle); }

bool Statement::is_null(std::size_t column) const { return parts_->columns.at(column).null; }
std::int64_t Statement::integer(std::size_t column) const {
  return is_null(column) ? 0 : parts_->columns.at(column).integer;
}
const std::string& Statement::text(std::size_t column) const {
  static const std::string kEmpty;
  return is_null(column) ? kEmpty : parts_->columns.at(column).bytes;
}
std::string Statement::blob(std::size_t column) const {
  return is_null(column) ? std::string() : parts_->columns.at(column).bytes;
}

struct Connection::Parts {
  explicit Parts(const std::string& where) : session(soci::sqlite3, where) {}
  sqlite3* handle() { return handle_of(session); }
  soci::session session;
  using Statements = std::map<std::string, std::unique_ptr<Statement>, std::less<>>;
  static constexpr std::size_t kMostPlaces = 1024;
  Statements statements{};
  std::unordered_map<const char*, Statements::value_type*> by_place{};
  std::atomic<std::uint64_t> log_frames{0};
};

namespace {

// A connection is used by one thread at a time, and nobody asks how much memory SQLite has: no
// locks for either. Without effect when somebody else in the process was first to use SQLite.
void configure_sqlite_once() {
  static const bool kDone = [] {
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return true;
  }();
  static_cast<void>(kDone);
}

}  // namespace

Connection::Connection(const std::string& file, bool create) {
  configure_sqlite_once();
  guarded([&] {
    parts_ = std::make_unique<Parts>("db=\"" + file + "\" timeout=10" +
                                     (create ? "" : " nocreate=true"));
    sqlite3_extended_result_codes(parts_->handle(), 1);
    // A statement keeps its plan whatever is bound to it. Otherwise SQLite makes it anew for each
    // other value where a partial index might depend on it.
    sqlite3_db_config(parts_->handle(), SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
  });
}
// Statements are finalised before the connection is closed.
Connection::~Connection() { parts_->statements.clear(); }

void Connection::command(const std::string& sql) {
  guarded([&] { parts_->session.once << sql; });
}
std::int64_t Connection::pragma(const std::string& sql) {
  return guarded([&]() -> std::int64_t {
    long long value = 0;
    parts_->session.once << sql, soci::into(value);
    return value;
  });
}
std::string Connection::pragma_text(const std::string& sql) {
  return guarded([&]() -> std::string {
    std::string value;
    parts_->session.once << sql, soci::into(value);
    return value;
  });
}
bool Connection::in_transaction() const { return sqlite3_get_autocommit(parts_->handle()) == 0; }

void Connection::checkpoint_by_hand() {
  pragma("pragma wal_autocheckpoint = 0");  // before the hook, whose place it takes
  sqlite3_wal_hook(
      parts_->handle(),
      [](void* parts, sqlite3*, const char*, int frames) {
        static_cast<Parts*>(parts)->log_frames = static_cast<std::uint64_t>(frames);
        return SQLITE_OK;
      },
      parts_.get());
}

std::uint64_t Connection::log_frames() const { return parts_->log_frames; }

std::pair<int, int> Connection::checkpoint(bool restart) {
  int in_log = 0;
  int copied = 0;
  const int mode = restart ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
  const int code = sqlite3_wal_checkpoint_v2(parts_->handle(), nullptr, mode, &in_log, &copied);
  if (code != SQLITE_OK && code != SQLITE_BUSY) throw Failure(classify(code, sqlite3_errstr(code)));
  return {in_log, copied};
}

std::int64_t Connection::last_row() const { return sqlite3_last_insert_rowid(parts_->handle()); }

// Nearly always the text is a constant of the program: then it is found by where it lies.
Statement& Connection::prepared(const char* sql, const char* columns) {
  auto& by_place = parts_->by_place;
  const auto known = by_place.find(sql);
  if (known != by_place.end() && known->second->first == sql) return *known->second->second;
  auto found = parts_->statements.find(std::string_view(sql));
  if (found == parts_->statements.end()) {
    auto made = std::make_unique<Statement>(&parts_->session, sql, columns);
    found = parts_->statements.emplace(sql, std::move(made)).first;
  }
  if (by_place.size() >= Parts::kMostPlaces) by_place.clear();
  by_place[sql] = &*found;
  return *found->second;
}

}  // namespace certbridge::host
