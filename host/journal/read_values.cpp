// The smaller questions: trace, memory, counters, results of steps, facts.
#include <map>

#include "journal/failure.h"
#include "journal/queries.h"
#include "journal/reads.h"
#include "journal/register.h"
#include "journal/transition_parts.h"

namespace certbridge::host {
namespace {

struct FactsParameters {
  std::string digest{};
  std::int64_t from = 0;
  std::int64_t before = INT64_MAX;
};
FactsParameters parameters_of(Reading& reading, const FactsQuery& query) {
  FactsParameters parameters;
  if (query.order_key) parameters.digest = order_key_digest(reading.keys, *query.order_key);
  if (query.accepted_from) parameters.from = query.accepted_from->time_since_epoch().count();
  if (query.accepted_before) parameters.before = query.accepted_before->time_since_epoch().count();
  return parameters;
}

}  // namespace

std::vector<VerdictAlarms> read_verdict_alarms(Reading& reading, Timestamp now) {
  std::map<std::string, VerdictAlarms> found;
  Statement& overdue =
      reading.connection.select("ti", kOverdueQuery, now.time_since_epoch().count());
  while (overdue.next()) {
    found[overdue.text(0)].overdue = static_cast<std::uint64_t>(overdue.integer(1));
  }
  Statement& unmatched = reading.connection.select("tii", kUnmatchedQuery);
  while (unmatched.next()) {
    VerdictAlarms& alarms = found[unmatched.text(0)];
    alarms.unmatched = static_cast<std::uint64_t>(unmatched.integer(1));
    alarms.oldest_unmatched = Timestamp(std::chrono::milliseconds(unmatched.integer(2)));
  }
  Statement& parked = reading.connection.select("ti", kCountParkedVerdictsQuery);
  while (parked.next()) {
    found[parked.text(0)].parked = static_cast<std::uint64_t>(parked.integer(1));
  }
  std::vector<VerdictAlarms> all;
  for (auto& [endpoint, alarms] : found) {
    alarms.endpoint = endpoint;
    all.push_back(std::move(alarms));
  }
  return all;
}

std::vector<TraceEntry> read_trace(Reading& reading, const std::string& message_id) {
  Statement& rows = reading.connection.select(
      "ittti", "select at, step, outcome, text, took from trace where number = ? order by id",
      find_message(reading.connection, message_id));
  std::vector<TraceEntry> entries;
  while (rows.next()) {
    TraceEntry entry;
    entry.message_id = message_id;
    entry.when = Timestamp(std::chrono::milliseconds(rows.integer(0)));
    entry.step = rows.text(1);
    entry.outcome = rows.text(2);
    entry.text = rows.text(3);
    entry.took = std::chrono::microseconds(rows.integer(4));
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::optional<StepResult> read_step_result(Reading& reading, const std::string& step_key) {
  const std::string key = reading.keys.short_digest("step", step_key);
  Statement& row =
      reading.connection.select("b", "select result from step_results where key = ?", Blob{key});
  if (!row.next()) return std::nullopt;
  const std::string sealed = row.blob(0);
  row.reset();
  StepResult result;
  result.step_key = step_key;
  const std::string plain = reading.keys.open(step_place(key), sealed);
  for (const PreparedMessage& message : decode_step_result(plain)) {
    result.messages.push_back(to_plain_message(reading, message));
  }
  return result;
}

std::optional<RegisteredCertificate> read_certificate(Reading& reading, const OrderKey& key) {
  const std::string digest = order_key_digest(reading.keys, key);
  Statement& row = reading.connection.select(kCertificateLetters, kCertificateQuery, Blob{digest});
  if (!row.next()) return std::nullopt;
  RegisteredCertificate found = to_certificate(reading.keys, row, digest, key);
  row.reset();
  return found;
}

std::optional<std::string> read_memory(Reading& reading, const std::string& endpoint,
                                       const OrderKey& key, const std::string& name) {
  const std::string digest = memory_key(reading.keys, key);
  Statement& row = reading.connection.select(
      "b", "select value from memory where endpoint = ? and key = ? and name = ?", endpoint,
      Blob{digest}, name);
  if (!row.next()) return std::nullopt;
  const std::string sealed = row.blob(0);
  row.reset();
  return reading.keys.open(memory_place(endpoint, digest, name), sealed);
}

std::pair<std::optional<std::uint64_t>, std::uint64_t> read_counter(Reading& reading,
                                                                    const std::string& endpoint,
                                                                    const std::string& counter,
                                                                    const std::string& step_key) {
  const auto used = reading.connection.number(
      "select number from counter_uses where endpoint = ? and counter = ? and step_key = ?",
      endpoint, counter, step_key);
  const auto next = reading.connection.number(
      "select next from counters where endpoint = ? and counter = ?", endpoint, counter);
  std::optional<std::uint64_t> held;
  if (used) held = static_cast<std::uint64_t>(*used);
  return {held, static_cast<std::uint64_t>(next.value_or(1))};
}

std::uint64_t count_read_facts(Reading& reading, const FactsQuery& query) {
  const FactsParameters parameters = parameters_of(reading, query);
  const std::string sql = facts_query(query, "count(*)", "");
  const auto count =
      reading.connection.number(sql.c_str(), Blob{parameters.digest}, query.endpoint, query.area,
                                query.type, parameters.from, parameters.before);
  return static_cast<std::uint64_t>(count.value_or(0));
}

std::vector<DeliveryFact> read_facts(Reading& reading, const FactsQuery& query, std::size_t limit) {
  const FactsParameters parameters = parameters_of(reading, query);
  const std::string sql =
      facts_query(query, "d.id, d.number, d.endpoint, d.type, d.state, d.receipt",
                  "order by d.order_number, d.id limit ?7");
  Statement& rows =
      reading.connection.select("iittib", sql.c_str(), Blob{parameters.digest}, query.endpoint,
                                query.area, query.type, parameters.from, parameters.before, limit);
  std::vector<DeliveryFact> facts;
  std::vector<std::int64_t> numbers;
  while (rows.next()) {
    DeliveryFact fact;
    numbers.push_back(rows.integer(1));
    fact.endpoint = rows.text(2);
    fact.type = rows.text(3);
    fact.state = to_text(static_cast<DeliveryState>(rows.integer(4)));
    const std::string sealed = rows.blob(5);
    if (!sealed.empty()) {
      fact.remote_id =
          decode_receipt_record(reading.keys.open(receipt_place(rows.integer(0)), sealed))
              .remote_id;
    }
    facts.push_back(std::move(fact));
  }
  static const std::string kOne = std::string("select ") + kMessageColumns +
                                  " from messages m join message_contents c on c.number = m.number "
                                  "where m.number = ?";
  for (std::size_t i = 0; i < facts.size(); ++i) {
    Statement& row = reading.connection.select(kMessageLetters, kOne.c_str(), numbers[i]);
    if (!row.next()) continue;
    StoredMessage message = to_message(reading, row);
    row.reset();
    facts[i].message_id = std::move(message.message.id);
    facts[i].headers = std::move(message.message.headers);
  }
  return facts;
}

}  // namespace certbridge::host
