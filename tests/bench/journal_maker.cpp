#include "journal_maker.h"

#include <sqlite3.h>

#include <cinttypes>
#include <cstdio>
#include <future>

#include "journal/failure.h"
#include "journal/search_digests.h"
#include "journal/transition_parts.h"
#include "measure.h"
#include "observe/clock.h"

namespace certbridge::bench {
namespace {

using namespace host;

constexpr std::uint64_t kBatch = 20'000;
constexpr std::uint64_t kDroppedBytes = 2000;

// Ten digits between two texts.
std::string padded(std::string_view before, std::uint64_t number, std::string_view after = "") {
  const std::string digits = std::to_string(number);
  std::string text(before);
  text.append(digits.size() < 10 ? 10 - digits.size() : 0, '0');
  return text.append(digits).append(after);
}
std::uint64_t event_of(std::uint64_t number) { return (number + 1) / 2; }

Message event(std::uint64_t number) {
  Message message;
  message.type = "registration.event";
  message.source_key = padded("event-", event_of(number));
  message.order_keys = {{"case", case_of(number)},
                        {"unit", padded("411302001001GB", event_of(number), "F00010001")}};
  message.area = "411302";
  message.media_type = "application/vnd.certbridge.records+xml";
  message.headers = {{"event-type", "SHANZHENG"},
                     {"event-id", message.source_key},
                     {"case-no", case_of(number)},
                     {"case-id", padded("", event_of(number))},
                     {"revision", "1"},
                     {"registration-type", "200"},
                     {"right-type", "4"},
                     {"occurred-at", "2026-06-01T08:00:00.000Z"}};
  return message;
}

Message certificate(std::uint64_t number) {
  Message message = event(number);
  message.type = "certificate.issue";
  message.media_type = "application/vnd.certbridge.certificate+xml";
  const std::string text = certificate_number_of(number);
  message.order_keys.push_back(
      {"certificate", "11100000MB03271699001|" + text + "|11411300005984821A"});
  message.headers["certificate-id"] = padded("z-", event_of(number));
  message.headers["certificate-number"] = text;
  message.headers["certificate-number-normalised"] = text;
  message.headers["identifier"] = padded("1.2.156.3005.2.11100000MB03271699001.11411300005984821A.",
                                         event_of(number), ".001.X");
  message.headers["issuer-code"] = "11411300005984821A";
  message.headers["type-code"] = "11100000MB03271699001";
  message.headers["version"] = "1";
  message.headers["record-digest"] = std::string(64, 'd');
  message.headers["file-digest"] = std::string(64, 'f');
  message.headers["seal-id"] = "41130000000001";
  message.headers["sealed-at"] = "2026-06-01T08:00:05.000Z";
  message.headers["life-effect"] = "issued";
  return message;
}

// One prepared insertion of SQLite's own interface: the values of a row one after the other.
class Insertion {
 public:
  Insertion(sqlite3* database, const std::string& sql) : database_(database) {
    if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement_, nullptr) != SQLITE_OK) {
      give_up(sql + ": " + sqlite3_errmsg(database));
    }
  }
  ~Insertion() { sqlite3_finalize(statement_); }
  Insertion(const Insertion&) = delete;
  Insertion& operator=(const Insertion&) = delete;

  Insertion& number(std::int64_t value) {
    sqlite3_bind_int64(statement_, ++at_, value);
    return *this;
  }
  Insertion& text(std::string_view value) {
    sqlite3_bind_text(statement_, ++at_, value.data(), static_cast<int>(value.size()),
                      SQLITE_STATIC);
    return *this;
  }
  Insertion& blob(std::string_view value) {
    sqlite3_bind_blob(statement_, ++at_, value.data(), static_cast<int>(value.size()),
                      SQLITE_STATIC);
    return *this;
  }
  void run() {
    if (sqlite3_step(statement_) != SQLITE_DONE) give_up(sqlite3_errmsg(database_));
    sqlite3_reset(statement_);
    at_ = 0;
  }

 private:
  sqlite3* database_;
  sqlite3_stmt* statement_ = nullptr;
  int at_ = 0;
};

class Database {
 public:
  explicit Database(const std::string& file) {
    if (sqlite3_open(file.c_str(), &handle_) != SQLITE_OK) give_up("cannot open " + file);
    for (const char* pragma : {"journal_mode = off", "synchronous = off", "cache_size = -4000000",
                               "locking_mode = exclusive"}) {
      command(std::string("pragma ") + pragma);
    }
  }
  ~Database() { sqlite3_close(handle_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  sqlite3* handle() { return handle_; }
  void command(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
      give_up(sql + ": " + sqlite3_errmsg(handle_));
    }
  }

 private:
  sqlite3* handle_ = nullptr;
};

// The rows that accept_message() and insert_message() of the journal write.
class Maker {
 public:
  explicit Maker(const std::string& file)
      : keys_(std::string(32, 'k'), "bench", Suite::kAes256Gcm),
        database_(load_keys(keys_, file)),
        messages_(
            database_.handle(),
            "insert into messages(number, order_number, path, parent, source, type, area, "
            "media_type, classified, route, created, accepted, since, changed, state, ready, "
            "attempts, next_at, error_code, error_message, keys, verdicts, ends, lane) values (?, "
            "?, ?, ?, 'outbox', ?, ?, ?, 0, 'main', ?, ?, 0, ?, ?, ?, 1, 0, ?, ?, ?, x'', 5, 2)"),
        contents_(database_.handle(),
                  "insert into message_contents(number, record, body) values (?, ?, ?)"),
        search_(database_.handle(), "insert into message_keys(digest, number) values (?, ?)"),
        ledger_(database_.handle(), "insert into ledger(key, content, number) values (?, ?, ?)") {
    ContentPlace body;
    body.name = "dropped";
    body.size = kDroppedBytes;
    ByteWriter out;
    write_place(out, body);
    dropped_ = out.take();
  }

  // The next rows are prepared while those before them are written.
  void make(std::uint64_t count) {
    const Timestamp last = SystemClock().now();
    const auto prepare = [this, count, last](std::uint64_t first) {
      return std::async(std::launch::async,
                        [this, count, last, first] { return prepared(first, count, last); });
    };
    auto next = prepare(1);
    for (std::uint64_t first = 1; first <= count; first += kBatch) {
      const std::vector<Row> rows = next.get();
      next = prepare(first + kBatch);
      database_.command("begin immediate");
      for (const Row& row : rows) insert(row);
      database_.command("commit");
      if (first / kBatch % 25 == 24) std::fprintf(stderr, "made %" PRIu64 " messages\n", first);
    }
    database_.command("pragma journal_mode = wal");
  }

 private:
  struct Row {
    std::int64_t number = 0;
    PreparedMessage prepared{};
    NewMessage as{};
    std::string record{};
    std::string body{};
  };

  // Read on a connection that is closed again before the database is held for itself.
  static std::string load_keys(Keyring& keys, const std::string& file) {
    Connection connection(file, false);
    keys.load(connection);
    return file;
  }

  std::vector<Row> prepared(std::uint64_t first, std::uint64_t count, Timestamp last) const {
    const std::chrono::milliseconds span = std::chrono::hours(24 * kDays);
    std::vector<Row> rows;
    for (std::uint64_t number = first; number < first + kBatch && number <= count; ++number) {
      const auto ago = static_cast<std::int64_t>(static_cast<double>(span.count()) *
                                                 static_cast<double>(count - number) /
                                                 static_cast<double>(count));
      rows.push_back(row_of(number, last - std::chrono::milliseconds(ago)));
    }
    return rows;
  }

  Row row_of(std::uint64_t number, Timestamp stored) const {
    Row row;
    row.number = static_cast<std::int64_t>(number);
    const bool is_event = number % 2 == 1;
    row.prepared = prepare_without_content(is_event ? event(number) : certificate(number), keys_);
    row.prepared.message.created = stored;
    row.as.state = MessageState::kDone;
    row.as.order_number = is_event ? row.number : row.number - 1;
    if (is_event) {
      prepare_ledger(row.prepared, "outbox", keys_);
    } else {
      row.as.path = "/0";
      row.as.parent = row.as.order_number;
      add_holders(row.prepared, number);
      if (event_of(number) % kOneInParked == 0) {
        row.as.state = MessageState::kParked;
        row.prepared.error_code = "library.refused";
      }
    }
    const std::string place =
        record_place(row.number, row.as.order_number, row.as.path, "outbox", row.prepared.message);
    row.record = keys_.seal(place, encode_record(row.prepared.record));
    row.body = keys_.seal(body_place(row.number), dropped_);
    return row;
  }

  void add_holders(PreparedMessage& prepared, std::uint64_t number) const {
    const auto add = [&](SearchTerm::Kind kind, const std::string& value) {
      prepared.record.search.push_back(search_digest(keys_, {kind, value}));
    };
    add(SearchTerm::Kind::kHolderId, holder_of(number));
    add(SearchTerm::Kind::kHolderName, holder_name_of(number));
    if (event_of(number) % 20 == 0) add(SearchTerm::Kind::kHolderId, kManyHolder);
  }

  void insert(const Row& row) {
    const PreparedMessage& prepared = row.prepared;
    const Message& message = prepared.message;
    const std::int64_t stored = message.created.time_since_epoch().count();
    const bool parked = row.as.state == MessageState::kParked;
    messages_.number(row.number).number(row.as.order_number).text(row.as.path);
    messages_.number(row.as.parent).text(message.type).text(message.area).text(message.media_type);
    messages_.number(stored).number(stored).number(stored);
    messages_.number(static_cast<int>(row.as.state)).number(parked ? 0 : 2);
    messages_.text(prepared.error_code).text(prepared.error_message).blob(prepared.keys).run();
    contents_.number(row.number).blob(row.record).blob(row.body).run();
    for (const std::string& digest : prepared.search) {
      search_.blob(digest).number(row.number).run();
    }
    if (prepared.ledger_key.empty()) return;
    ledger_.blob(prepared.ledger_key).blob(prepared.content_digest).number(row.number).run();
  }

  Keyring keys_;
  Database database_;
  Insertion messages_;
  Insertion contents_;
  Insertion search_;
  Insertion ledger_;
  std::string dropped_{};
};

}  // namespace

std::string case_of(std::uint64_t number) { return padded("2026-411302-", event_of(number)); }
std::string certificate_number_of(std::uint64_t number) {
  return padded("豫(2026)南阳市不动产权第", event_of(number), "号");
}
std::string holder_of(std::uint64_t number) { return padded("41130219700101", event_of(number)); }
std::string holder_name_of(std::uint64_t number) { return padded("权利人", event_of(number)); }

void make_messages(const std::string& folder, std::uint64_t count) {
  try {
    Maker(folder + "/journal.db").make(count);
  } catch (const Failure& failure) {
    give_up(failure.error().message);
  }
}

}  // namespace certbridge::bench
