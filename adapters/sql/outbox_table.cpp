#include "outbox_table.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "certbridge/text.h"

namespace certbridge::sql {
namespace {

constexpr std::chrono::hours kLocalOffset{8};
constexpr std::size_t kLongestReason = 2000;  // bytes; the column's width

std::string selected(const Outbox& outbox) {
  std::string columns = "CAST(" + outbox.sequence + " AS VARCHAR(40)) AS " + outbox.sequence;
  for (const std::string& column : outbox.columns) {
    // Everything as text: a value of the wrong type must be readable to be refused.
    if (column != outbox.sequence) columns += ", CAST(" + column + " AS TEXT) AS " + column;
  }
  return columns;
}

// By what two rows may have to be kept in order: `value` of a row `b` of `rows` is `of_row` of `o`.
struct Shared {
  std::string of_row{};
  std::string value{};
  std::string rows{};
};

std::vector<Shared> shared_keys(const Outbox& outbox) {
  std::vector<Shared> found;
  for (const std::string& column : outbox.keep_order) {
    found.push_back({"o." + column, "b." + column, outbox.table + " b"});
  }
  for (const KeyTable& keys : outbox.key_tables) {
    found.push_back({"o." + keys.by, "mine." + keys.by,
                     outbox.table + " b JOIN " + keys.table + " its ON its." + keys.by + " = b." +
                         keys.by + " JOIN " + keys.table + " mine ON mine." + keys.column +
                         " = its." + keys.column});
  }
  return found;
}

// Whether a row `o` has an earlier one of the same case or of one of its units that `stands` so.
std::string has_earlier(const Outbox& outbox, const Shared& shared, const std::string& stands) {
  return "EXISTS (SELECT 1 FROM " + shared.rows + " WHERE " + shared.value + " = " + shared.of_row +
         " AND b." + outbox.sequence + " < o." + outbox.sequence + " AND " + stands + ")";
}

// An earlier row is not handed over yet. Few stand so: what shares a key with any of them is found
// once for the statement, and only of that is looked which one is earlier.
std::string held_back(const Outbox& outbox) {
  const std::string stands =
      "((b.status = 1 AND b.claim_until >= :now) OR (b.status = 3 AND b.next_retry_at > :now))";
  std::string text;
  for (const Shared& shared : shared_keys(outbox)) {
    text += " AND NOT (" + shared.of_row + " IN (SELECT " + shared.value + " FROM " + shared.rows +
            " WHERE " + stands + ") AND " + has_earlier(outbox, shared, stands) + ")";
  }
  return text;
}

// What was claimed although an earlier row is held back itself is given back: by that row alone it
// could not be seen, as both were free.
std::string give_back_text(const Outbox& outbox) {
  std::string text;
  for (const Shared& shared : shared_keys(outbox)) {
    text += (text.empty() ? "" : " OR ") +
            has_earlier(outbox, shared,
                        "(b.status = 0 OR b.status = 3 OR (b.status = 1 AND b.claim_owner <> "
                        ":token))");
  }
  return "UPDATE " + outbox.table +
         " AS o SET status = 0, claim_owner = NULL, claim_until = NULL, attempts = attempts - 1 "
         "WHERE o.claim_owner = :token AND o.status = 1 AND (" +
         (text.empty() ? "1 = 0" : text) + ")";
}

// Digits that were read from the database; they are checked because they stand in a statement.
Result<void> check_sequence(const std::string& sequence) {
  if (!sequence.empty() && sequence.find_first_not_of("0123456789-") == std::string::npos) {
    return {};
  }
  return Error::fault("sql.declaration",
                      "the outbox's sequence column does not hold whole numbers");
}

// Every column that was handed over still says what it said.
std::string unchanged(const Outbox& outbox, const Record& record, Record& parameters) {
  std::string text;
  for (const std::string& column : outbox.columns) {
    const std::optional<std::string>* value = record.find(column);
    const bool given = value != nullptr && value->has_value();
    text += " AND CAST(" + column + " AS TEXT)" + (given ? " = :was_" + column : " IS NULL");
    if (given) parameters.set("was_" + column, *value);
  }
  return text;
}

std::string claim_text(const Outbox& outbox, Backend backend, std::size_t most) {
  const std::string& key = outbox.sequence;
  return "UPDATE " + outbox.table +
         " SET status = 1, claim_owner = :token, claim_until = :until, "
         "attempts = attempts + 1 WHERE " +
         key + " IN (SELECT o." + key + " FROM " + outbox.table +
         " o WHERE (o.status = 0 OR (o.status = 3 AND o.next_retry_at <= :now) OR (o.status = 1 "
         "AND "
         "o.claim_until < :now))" +
         held_back(outbox) + " ORDER BY o." + key + " LIMIT " + std::to_string(most) +
         (backend == Backend::kPostgresql ? " FOR UPDATE SKIP LOCKED)" : ")");
}

// Cut at a character's border.
std::string shortened(std::string text) {
  if (text.size() <= kLongestReason) return text;
  std::size_t end = kLongestReason;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text;
}

void add_key(Message& message, const OrderKey& key) {
  auto& keys = message.order_keys;
  if (key.value.empty() || !check_text(key.value)) return;
  if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
}

// The host keeps the row as it came, parked with this reason.
void set_aside(Message& message, const char* code, const std::string& reason) {
  message.headers["intake-error-code"] = code;
  message.headers["intake-error"] = reason;
}

}  // namespace

// One host claims at a time: two at once would split the rows of one case between them.
Result<void> OutboxTable::claim_rows(Connection& connection, const Record& parameters,
                                     std::size_t most) const {
  if (auto begun = connection.begin_write(); !begun) return begun.error();
  if (backend_ == Backend::kPostgresql) {
    auto alone = connection.query(
        "SELECT CAST(pg_advisory_xact_lock(hashtext('" + outbox_.table + "')) AS TEXT) AS alone",
        {}, 1);
    if (!alone) {
      connection.rollback();
      return alone.error();
    }
  }
  auto ended = mark_rows(connection, parameters, most);
  if (ended) ended = connection.commit();
  if (!ended) connection.rollback();
  return ended;
}

Result<void> OutboxTable::mark_rows(Connection& connection, const Record& parameters,
                                    std::size_t most) const {
  auto changed = connection.execute(claim_text(outbox_, backend_, most), parameters);
  Record token;
  token.set("token", *parameters.find("token"));
  while (changed && changed.value() > 0) {
    changed = connection.execute(give_back_text(outbox_), token);
  }
  if (!changed) return changed.error();
  return {};
}

// All values of the other tables, each once.
Result<void> OutboxTable::read_keys(Connection& connection, ClaimedRow& row) const {
  if (auto digits = check_sequence(row.sequence); !digits) return digits;
  for (const KeyTable& keys : outbox_.key_tables) {
    auto values = connection.query(
        "SELECT DISTINCT CAST(k." + keys.column + " AS TEXT) AS key_value FROM " + outbox_.table +
            " o JOIN " + keys.table + " k ON k." + keys.by + " = o." + keys.by + " WHERE o." +
            outbox_.sequence + " = " + row.sequence + " AND k." + keys.column +
            " IS NOT NULL ORDER BY 1 LIMIT " + std::to_string(kMostKeys + 1),
        {}, kMostKeys + 1);
    if (!values) return values.error();
    for (const Record& value : values.value()) {
      row.keys.push_back({keys.kind, value.text_or_empty("key_value")});
    }
  }
  row.too_many_keys = row.keys.size() > kMostKeys;
  if (row.too_many_keys) row.keys.clear();
  return {};
}

Result<std::vector<ClaimedRow>> OutboxTable::claim(Connection& connection, const std::string& token,
                                                   Timestamp now, std::chrono::milliseconds lease,
                                                   std::size_t most) const {
  Record parameters;
  parameters.set("token", token);
  parameters.set("now", timestamp_text(now));
  parameters.set("until", timestamp_text(now + lease));
  if (auto claimed = claim_rows(connection, parameters, most); !claimed) return claimed.error();
  auto records = connection.query("SELECT " + selected(outbox_) + " FROM " + outbox_.table +
                                      " WHERE claim_owner = :token AND status = 1 ORDER BY " +
                                      outbox_.table + "." + outbox_.sequence,
                                  parameters, most);
  if (!records) return records.error();
  std::vector<ClaimedRow> rows;
  for (Record& record : records.value()) {
    std::string sequence = record.text_or_empty(outbox_.sequence);
    rows.push_back({std::move(sequence), std::move(record), {}, false});
    if (auto read = read_keys(connection, rows.back()); !read) return read.error();
  }
  return rows;
}

Result<void> OutboxTable::finish(Connection& connection, const std::string& token,
                                 const ClaimedRow& row, RowStatus status, const std::string& reason,
                                 Timestamp when) const {
  const std::string& sequence = row.sequence;
  Record parameters;
  parameters.set("token", token);
  parameters.set("when", timestamp_text(when));
  parameters.set("reason", reason.empty() ? std::nullopt : std::optional(shortened(reason)));
  const bool retry = status == RowStatus::kRetry;
  if (auto digits = check_sequence(sequence); !digits) return digits;
  const std::string text =
      "UPDATE " + outbox_.table + " SET status = " + std::to_string(static_cast<int>(status)) +
      ", last_error = :reason, " + (retry ? "next_retry_at" : "done_at") + " = :when WHERE " +
      outbox_.sequence + " = " + sequence + " AND claim_owner = :token AND status = 1" +
      unchanged(outbox_, row.record, parameters);
  auto changed = connection.execute(text, parameters);
  if (!changed) return changed.error();
  return changed.value() > 0 ? Result<void>() : free_row(connection, parameters, sequence);
}

Result<void> OutboxTable::free_row(Connection& connection, const Record& parameters,
                                   const std::string& sequence) const {
  auto freed = connection.execute(
      "UPDATE " + outbox_.table + " SET status = 0, claim_owner = NULL, claim_until = NULL WHERE " +
          outbox_.sequence + " = " + sequence + " AND claim_owner = :token AND status = 1",
      parameters);
  if (!freed) return freed.error();
  return {};
}

Message message_of(const Outbox& outbox, const ClaimedRow& claimed) {
  const Record& row = claimed.record;
  Message message;
  message.type = outbox.message_type;
  message.source_key = row.text_or_empty(outbox.key);
  if (!outbox.area.empty()) message.area = row.text_or_empty(outbox.area);
  if (!outbox.classified.empty()) {
    const std::string mark = row.text_or_empty(outbox.classified);
    message.classified = !mark.empty() && mark != "0";
  }
  for (const ColumnHeader& key : outbox.order_keys) {
    const std::string value = row.text_or_empty(key.column);
    add_key(message, {key.name, value});
  }
  for (const OrderKey& key : claimed.keys) add_key(message, key);
  for (const ColumnHeader& header : outbox.headers) {
    const std::optional<std::string>* value = row.find(header.column);
    if (value != nullptr && value->has_value() && check_text(**value))
      message.headers[header.name] = **value;
  }
  if (claimed.too_many_keys) {
    set_aside(message, "sql.too_many_keys",
              "the row has more than " + std::to_string(kMostKeys) +
                  " order keys in other tables: what it is about must come in several cases");
  }
  if (message.source_key.empty()) {
    set_aside(message, "sql.no_key", "column " + outbox.key + ": the row has no key of its own");
  }
  for (const auto& [column, value] : row.fields) {
    if (!value) continue;
    if (auto clean = check_text(*value); !clean)
      set_aside(message, "sql.text", "column " + column + ": " + clean.error().message);
  }
  message.media_type = kRecordsMediaType;
  message.body = content_of(write_records({{"event", {row}}}));
  return message;
}

std::string timestamp_text(Timestamp when) {
  const auto local = when + kLocalOffset;
  const auto midnight = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day day(midnight);
  const std::chrono::hh_mm_ss time(local - midnight);
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02d:%02d:%02d.%03d",
                static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                static_cast<unsigned>(day.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                static_cast<int>(time.subseconds().count()));
  return text.data();
}

}  // namespace certbridge::sql
