#include "journal/database.h"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <atomic>
#include <functional>
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

struct Cell {
  char letter = 'i';
  long long integer = 0;
  std::string text{};
  std::unique_ptr<soci::blob> blob{};
  soci::indicator indicator = soci::i_ok;
};

}  // namespace

struct Statement::Parts {
  explicit Parts(soci::session& own) : session(own), statement(own) {}

  template <class Exchange>
  void exchange(std::vector<Cell>& cells, std::string_view letters, const Exchange& exchange_cell) {
    cells.resize(letters.size());
    for (std::size_t i = 0; i < letters.size(); ++i) {
      cells[i].letter = letters[i];
      if (letters[i] == 'b') cells[i].blob = std::make_unique<soci::blob>(session);
      exchange_cell(cells[i]);
    }
  }
  sqlite3_stmt* handle() {
    return static_cast<soci::sqlite3_statement_backend*>(statement.get_backend())->stmt_;
  }

  soci::session& session;
  std::vector<Cell> parameters{};
  std::vector<Cell> columns{};
  soci::statement statement;  // after the cells: it points into them
  std::size_t bound = 0;
  bool started = false;
};

Statement::Statement(void* session, const std::string& sql, std::string_view parameters,
                     std::string_view columns)
    : parts_(std::make_unique<Parts>(*static_cast<soci::session*>(session))) {
  guarded([&] {
    soci::statement& statement = parts_->statement;
    parts_->exchange(parts_->columns, columns, [&](Cell& cell) {
      if (cell.letter == 'i') statement.exchange(soci::into(cell.integer, cell.indicator));
      if (cell.letter == 't') statement.exchange(soci::into(cell.text, cell.indicator));
      if (cell.letter == 'b') statement.exchange(soci::into(*cell.blob, cell.indicator));
    });
    parts_->exchange(parts_->parameters, parameters, [&](Cell& cell) {
      if (cell.letter == 'i') statement.exchange(soci::use(cell.integer, cell.indicator));
      if (cell.letter == 't') statement.exchange(soci::use(cell.text, cell.indicator));
      if (cell.letter == 'b') statement.exchange(soci::use(*cell.blob, cell.indicator));
    });
    statement.alloc();
    statement.prepare(sql);
    statement.define_and_bind();
  });
}

Statement::~Statement() = default;

void Statement::start() {
  parts_->bound = 0;
  parts_->started = false;
}
void Statement::add(std::int64_t value) {
  Cell& cell = parts_->parameters.at(parts_->bound++);
  cell.integer = value;
  cell.indicator = soci::i_ok;
}
void Statement::add(std::string_view value) {
  Cell& cell = parts_->parameters.at(parts_->bound++);
  cell.text.assign(value);
  cell.indicator = soci::i_ok;
}
void Statement::add(const Blob& value) {
  Cell& cell = parts_->parameters.at(parts_->bound++);
  cell.indicator = value.null ? soci::i_null : soci::i_ok;
  guarded([&] {
    cell.blob->trim(0);
    if (!value.bytes.empty()) cell.blob->append(value.bytes.data(), value.bytes.size());
  });
}
void Statement::add(const std::optional<std::int64_t>& value) {
  Cell& cell = parts_->parameters.at(parts_->bound++);
  cell.integer = value.value_or(0);
  cell.indicator = value ? soci::i_ok : soci::i_null;
}

std::int64_t Statement::execute() {
  return guarded([&]() -> std::int64_t {
    parts_->statement.execute(true);
    const std::int64_t changed = sqlite3_changes64(sqlite3_db_handle(parts_->handle()));
    reset();
    return changed;
  });
}
bool Statement::next() {
  const bool first = !std::exchange(parts_->started, true);
  const bool found = guarded([&]() -> bool {
    return first ? parts_->statement.execute(true) : parts_->statement.fetch();
  });
  if (!found) reset();
  return found;
}
// A failed step was reported when it happened, so the answer of the reset says nothing new.
void Statement::reset() { sqlite3_reset(parts_->handle()); }

bool Statement::is_null(std::size_t column) const {
  return parts_->columns.at(column).indicator == soci::i_null;
}
std::int64_t Statement::integer(std::size_t column) const {
  return is_null(column) ? 0 : parts_->columns.at(column).integer;
}
const std::string& Statement::text(std::size_t column) const {
  static const std::string kEmpty;
  return is_null(column) ? kEmpty : parts_->columns.at(column).text;
}
std::string Statement::blob(std::size_t column) const {
  if (is_null(column)) return {};
  soci::blob& blob = *parts_->columns.at(column).blob;
  std::string bytes(blob.get_len(), '\0');
  if (!bytes.empty()) guarded([&] { blob.read(0, bytes.data(), bytes.size()); });
  return bytes;
}

struct Connection::Parts {
  explicit Parts(const std::string& where) : session(soci::sqlite3, where) {}
  sqlite3* handle() {
    return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
  }
  soci::session session;
  std::map<std::string, std::unique_ptr<Statement>, std::less<>> statements{};
  std::atomic<std::uint64_t> log_frames{0};
};

Connection::Connection(const std::string& file, bool create) {
  guarded([&] {
    parts_ = std::make_unique<Parts>("db=\"" + file + "\" timeout=10" +
                                     (create ? "" : " nocreate=true"));
    sqlite3_extended_result_codes(parts_->handle(), 1);
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

Statement& Connection::prepared(const char* sql, std::string_view parameters, const char* columns) {
  auto found = parts_->statements.find(std::string_view(sql));
  if (found == parts_->statements.end()) {
    auto made = std::make_unique<Statement>(&parts_->session, sql, parameters, columns);
    found = parts_->statements.emplace(sql, std::move(made)).first;
  }
  return *found->second;
}

}  // namespace certbridge::host
