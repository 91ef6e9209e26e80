#include "outbox_table.h"

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

// False of a row `o` with an earlier one of the same case or unit that is not handed over yet.
std::string held_back(const Outbox& outbox) {
  std::string text;
  for (const std::string& column : outbox.keep_order) {
    text += " AND NOT EXISTS (SELECT 1 FROM " + outbox.table + " b WHERE b." + column + " = o." +
            column + " AND b." + outbox.sequence + " < o." + outbox.sequence +
            " AND ((b.status = 1 AND b.claim_until >= :now) OR (b.status = 3 AND "
            "b.next_retry_at > :now)))";
  }
  return text;
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

// The host keeps the row as it came, parked with this reason.
void set_aside(Message& message, const char* code, const std::string& reason) {
  message.headers["intake-error-code"] = code;
  message.headers["intake-error"] = reason;
}

}  // namespace

// One host claims at a time: two at once would split the rows of one case between them.
Result<std::uint64_t> OutboxTable::claim_rows(Connection& connection, const Record& parameters,
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
  auto claimed = connection.execute(claim_text(outbox_, backend_, most), parameters);
  auto ended = claimed ? connection.commit() : Result<void>(claimed.error());
  if (!ended) {
    connection.rollback();
    return ended.error();
  }
  return claimed;
}

Result<std::vector<ClaimedRow>> OutboxTable::claim(Connection& connection, const std::string& token,
                                                   Timestamp now, std::chrono::milliseconds lease,
                                                   std::size_t most) const {
  Record parameters;
  parameters.set("token", token);
  parameters.set("now", timestamp_text(now));
  parameters.set("until", timestamp_text(now + lease));
  auto claimed = claim_rows(connection, parameters, most);
  if (!claimed) return claimed.error();
  if (claimed.value() == 0) return std::vector<ClaimedRow>{};
  auto records = connection.query("SELECT " + selected(outbox_) + " FROM " + outbox_.table +
                                      " WHERE claim_owner = :token AND status = 1 ORDER BY " +
                                      outbox_.table + "." + outbox_.sequence,
                                  parameters, most);
  if (!records) return records.error();
  std::vector<ClaimedRow> rows;
  for (Record& record : records.value()) {
    std::string sequence = record.text_or_empty(outbox_.sequence);
    rows.push_back({std::move(sequence), std::move(record)});
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
  // The sequence was read from the database as digits; it is checked because it stands in the text.
  if (sequence.empty() || sequence.find_first_not_of("0123456789-") != std::string::npos) {
    return Error::fault("sql.declaration",
                        "the outbox's sequence column does not hold whole numbers");
  }
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

Message message_of(const Outbox& outbox, const Record& row) {
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
    if (!value.empty() && check_text(value)) message.order_keys.push_back({key.name, value});
  }
  for (const ColumnHeader& header : outbox.headers) {
    const std::optional<std::string>* value = row.find(header.column);
    if (value != nullptr && value->has_value() && check_text(**value))
      message.headers[header.name] = **value;
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
