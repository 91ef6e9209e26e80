#include <sys/stat.h>

#include <functional>

#include "certbridge/text.h"
#include "journal/failure.h"
#include "journal/maintenance.h"
#include "journal/maintenance_parts.h"
#include "journal/reads.h"
#include "journal/transition_parts.h"

namespace certbridge::host {
namespace {

constexpr std::int64_t kPage = 500;  // rows read in one snapshot

class Verifier {
 public:
  explicit Verifier(OpenedJournal& journal)
      : journal_(journal), reading_{journal.connection, *journal.keys, journal.contents} {}

  Verification run() {
    attempt("journal.db", [this] { pages(); });
    attempt("table messages", [this] { messages(); });
    attempt("table deliveries", [this] { deliveries(); });
    attempt("stored values", [this] { values(); });
    attempt("table contents", [this] { contents(); });
    attempt("references", [this] { references(); });
    return std::move(found_);
  }

 private:
  void damage(const std::string& place, const std::string& what) {
    if (found_.damages.size() < kMostDamages) {
      found_.damages.push_back({place, what});
    } else {
      ++found_.more_damages;
    }
  }
  // Whatever `read` throws is damage at this place.
  void attempt(const std::string& place, const std::function<void()>& read) {
    try {
      read();
    } catch (const Failure& failure) {
      damage(place, failure.error().message);
    }
  }

  void pages() {
    Statement& rows = journal_.connection.select("t", "pragma integrity_check(100)");
    while (rows.next()) {
      if (rows.text(0) != "ok") damage("journal.db", rows.text(0));
    }
  }

  // Short snapshots: a long one would keep the host from shortening its log.
  void each_page(const char* columns, const char* sql,
                 const std::function<void(Statement&)>& look) {
    std::int64_t last = -1;
    for (std::int64_t seen = kPage; seen == kPage;) {
      seen = 0;
      Statement& rows = journal_.connection.select(columns, sql, last, kPage);
      while (rows.next()) {
        last = rows.integer(0);
        ++seen;
        look(rows);
      }
    }
  }

  void messages() {
    const std::string sql = std::string("select ") + kMessageColumns +
                            " from messages m left join message_contents c on c.number = m.number "
                            "where m.number > ? order by m.number limit ?";
    each_page(kMessageLetters, sql.c_str(), [&](Statement& row) {
      ++found_.messages;
      const std::string id = message_id(row.integer(1), row.text(2));
      attempt("message " + id, [&] {
        const StoredMessage message = to_message(reading_, row);
        if (to_text(message.state) == "unknown-state") damage("message " + id, "unknown state");
      });
    });
  }

  void deliveries() {
    const std::string sql = std::string("select ") + kDeliveryColumns +
                            " from deliveries d left join messages m on m.number = d.number "
                            "where d.id > ? order by d.id limit ?";
    each_page(kDeliveryLetters, sql.c_str(), [&](Statement& row) {
      ++found_.deliveries;
      const std::string place = "delivery " + std::to_string(row.integer(0));
      if (row.is_null(2)) damage(place, "its message is not there");
      if (!row.is_null(12)) ++found_.values;
      attempt(place, [&] {
        const StoredDelivery delivery = to_delivery(reading_, row);
        if (to_text(delivery.state) == "unknown-state") damage(place, "unknown state");
      });
    });
  }

  void open_value(const std::string& where, const std::string& place, const std::string& sealed) {
    ++found_.values;
    attempt(where, [&] { (void)journal_.keys->open(place, sealed); });
  }

  void values() {
    each_page("ibbb",
              "select id, digest, outcome, correlation from verdicts where id > ? order by id "
              "limit ?",
              [&](Statement& row) {
                const std::string where = "verdict " + std::to_string(row.integer(0));
                open_value(where, verdict_place(row.blob(1)), row.blob(2));
                open_value(where, correlation_place(row.blob(1)), row.blob(3));
              });
    Statement& memory = journal_.connection.select(
        "tbtb", "select endpoint, key, name, value from memory order by endpoint, key, name");
    while (memory.next()) {
      open_value("memory of " + memory.text(0) + ", " + memory.text(2),
                 memory_place(memory.text(0), memory.blob(1), memory.text(2)), memory.blob(3));
    }
    Statement& results = journal_.connection.select(
        "ibb", "select number, key, result from step_results order by key");
    while (results.next()) {
      open_value("result of a step of message row " + std::to_string(results.integer(0)),
                 step_place(results.blob(1)), results.blob(2));
    }
  }

  // A file may be dropped, row first, while this runs: then it is not missed.
  bool still_named(const std::string& name) {
    return journal_.connection.exists("select 1 from contents where name = ?", Blob{name});
  }

  void contents() {
    std::vector<ContentRow> rows;
    Statement& named =
        journal_.connection.select("bti", "select name, bucket, size from contents order by name");
    while (named.next()) rows.push_back({named.blob(0), named.text(1), named.integer(2)});
    for (const ContentRow& row : rows) {
      const std::string file = row.bucket + "/" + to_hex_text(row.name);
      try {
        found_.content_bytes += read_content_file(journal_, row);
        ++found_.content_files;
      } catch (const Failure& failure) {
        if (still_named(row.name)) damage("content file " + file, failure.error().message);
      }
    }
  }

  void count(const char* sql, const std::string& place, const std::string& what) {
    const auto rows = journal_.connection.number(sql);
    if (rows && *rows > 0) damage(place, std::to_string(*rows) + " " + what);
  }

  void references() {
    count(
        "select count(*) from content_uses u where not exists (select 1 from contents c where "
        "c.name = u.name)",
        "content_uses", "names of content files that are not listed");
    count(
        "select count(*) from delivery_keys k left join deliveries d on d.id = k.delivery where "
        "d.id is null or d.state in (4, 8, 9, 10, 12)",
        "delivery_keys", "rows that would hold later deliveries back for ever");
    count(
        "select count(*) from open_keys k left join messages m on m.number = k.number where "
        "m.number is null or m.state not in (1, 2, 3)",
        "open_keys", "rows that would hold later messages back for ever");
    count(
        "select count(*) from ledger l where not exists (select 1 from messages m where m.number = "
        "l.number)",
        "ledger", "keys of messages that are not there");
    count(
        "select count(*) from (select endpoint, state, number from counts where number <> 0 except "
        "select '', state, count(*) from messages group by state except select endpoint, state, "
        "count(*) from deliveries group by endpoint, state)",
        "counts", "states whose count is not what the rows say");
  }

  OpenedJournal& journal_;
  Reading reading_;
  Verification found_{};
};

std::uint64_t size_of(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

std::uint64_t count_of(Connection& connection, const char* sql) {
  return static_cast<std::uint64_t>(connection.number(sql).value_or(0));
}

void count_states(Connection& connection, StoreFigures& figures) {
  Statement& messages =
      connection.select("ii", "select state, count(*) from messages group by state");
  while (messages.next()) {
    figures.messages_by_state[static_cast<std::size_t>(messages.integer(0)) & 15U] =
        static_cast<std::uint64_t>(messages.integer(1));
  }
  Statement& deliveries = connection.select(
      "tii", "select endpoint, state, count(*) from deliveries group by endpoint, state");
  while (deliveries.next()) {
    auto& all = figures.deliveries_by_endpoint_and_state;
    if (all.empty() || all.back().first != deliveries.text(0)) {
      all.emplace_back(deliveries.text(0), std::vector<std::uint64_t>(16));
    }
    all.back().second[static_cast<std::size_t>(deliveries.integer(1)) & 15U] =
        static_cast<std::uint64_t>(deliveries.integer(2));
  }
}

void find_oldest(Connection& connection, JournalStatistics& statistics) {
  Statement& row = connection.select(
      "iit",
      "select created, order_number, path from messages where state in (1, 2, 3, 4) order by "
      "number limit 1");
  if (row.next()) {
    statistics.oldest_unfinished = Timestamp(std::chrono::milliseconds(row.integer(0)));
    statistics.oldest_unfinished_id = message_id(row.integer(1), row.text(2));
  }
  row.reset();
}

}  // namespace

Result<Verification> verify_journal(const StoreSettings& settings) {
  return with_journal(settings, [](OpenedJournal& journal) { return Verifier(journal).run(); });
}

Result<JournalStatistics> journal_statistics(const StoreSettings& settings) {
  return with_journal(settings, [&](OpenedJournal& journal) {
    JournalStatistics statistics;
    Connection& connection = journal.connection;
    count_states(connection, statistics.figures);
    statistics.database_bytes = size_of(settings.folder + "/journal.db");
    statistics.wal_bytes = size_of(settings.folder + "/journal.db-wal");
    statistics.content_files = count_of(connection, "select count(*) from contents");
    statistics.content_bytes = count_of(connection, "select coalesce(sum(size), 0) from contents");
    statistics.ledger_rows = count_of(connection, "select count(*) from ledger");
    statistics.trace_rows = count_of(connection, "select count(*) from trace");
    statistics.bodies_dropped =
        count_of(connection, "select count(*) from messages where ready = 2");
    statistics.unmatched_verdicts =
        count_of(connection, "select count(*) from verdicts where delivery is null");
    Statement& months =
        connection.select("t", "select month from data_keys where month <> 'index' order by id");
    while (months.next()) statistics.key_months.push_back(months.text(0));
    find_oldest(connection, statistics);
    return statistics;
  });
}

}  // namespace certbridge::host
