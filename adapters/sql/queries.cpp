#include "queries.h"

#include "certbridge/text.h"

namespace certbridge::sql {
namespace {

constexpr std::uint64_t kLargestParameters = 1024UL * 1024;

// What is not UTF-8, or holds control characters, cannot travel: the place is named, not the text.
Result<void> check_texts(const std::string& query, const std::vector<Record>& records) {
  for (std::size_t row = 0; row < records.size(); ++row) {
    for (const auto& [column, value] : records[row].fields) {
      if (!value) continue;
      auto clean = check_text(*value);
      if (clean) continue;
      return Error::permanent("sql.text", query + " row " + std::to_string(row + 1) + ", column " +
                                              column + ": " + clean.error().message);
    }
  }
  return {};
}

Result<std::vector<RecordSet>> ask_all(Connection& connection,
                                       const std::vector<NamedQuery>& queries,
                                       const Record& parameters, std::size_t most_rows) {
  std::vector<RecordSet> sets;
  for (const NamedQuery& query : queries) {
    auto records = connection.query(query.sql, parameters, most_rows);
    if (!records) {
      Error named = records.error();
      named.message = "query " + query.name + ": " + named.message;
      return named;
    }
    if (auto clean = check_texts(query.name, records.value()); !clean) return clean.error();
    sets.push_back({query.name, std::move(records).value()});
  }
  return sets;
}

Result<std::vector<RecordSet>> ask_in_snapshot(Connection& connection,
                                               const std::vector<NamedQuery>& queries,
                                               const Record& parameters, std::size_t most_rows) {
  if (auto begun = connection.begin_snapshot(); !begun) return begun.error();
  auto sets = ask_all(connection, queries, parameters, most_rows);
  connection.rollback();  // nothing was written
  return sets;
}

}  // namespace

Result<std::vector<Record>> parameters_of(const Message& message) {
  if (message.media_type != kRecordsMediaType || message.body == nullptr) {
    return Error::permanent("sql.parameters", std::string("the body must be ") + kRecordsMediaType);
  }
  auto bytes = read_all(*message.body, kLargestParameters);
  if (!bytes) return bytes.error();
  auto sets = parse_records(bytes.value());
  if (!sets) return sets.error();
  if (sets.value().size() != 1 || sets.value()[0].name != "parameters" ||
      sets.value()[0].records.empty()) {
    return Error::permanent("sql.parameters", "the body must hold one set `parameters` with a row");
  }
  return std::move(sets.value()[0].records);
}

Result<void> QueriesResponder::check(const Call& call) {
  auto connection = pool_.take(call.deadline);
  if (!connection) return connection.error();
  auto row = connection.value()->query("SELECT 1 AS one", {}, 1);
  if (!row) return row.error();
  return {};
}

Result<Message> QueriesResponder::answer(const Message& question, const Call& call) {
  const auto group = settings_.groups.find(question.type);
  if (group == settings_.groups.end()) {
    return Error::permanent("sql.no_such_group",
                            "no group of queries is called `" + question.type + "`");
  }
  auto parameters = parameters_of(question);
  if (!parameters) return parameters.error();
  auto connection = pool_.take(call.deadline);
  if (!connection) return connection.error();
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(call.deadline - clock_.steady());
  if (left.count() <= 0)
    return Error::retryable("sql.timeout", "the deadline passed before the first query");
  if (auto limited = connection.value()->limit(left); !limited) return limited.error();
  auto sets = ask_in_snapshot(*connection.value(), group->second, parameters.value().front(),
                              settings_.most_rows);
  if (!sets) return sets.error();
  Message answer;
  answer.type = question.type;
  answer.media_type = kRecordsMediaType;
  answer.body = content_of(write_records(sets.value()));
  return answer;
}

}  // namespace certbridge::sql
