#include "journal/counts.h"

namespace certbridge::host {
namespace {

// Messages are counted under no endpoint.
std::array<std::int64_t, 16>& row_of(Tally& tally, const std::string& endpoint) {
  return endpoint.empty() ? tally.messages : tally.deliveries[endpoint];
}

Tally tally_of(Connection& connection, const char* sql) {
  Tally tally;
  Statement& rows = connection.select("tii", sql);
  while (rows.next()) {
    row_of(tally, rows.text(0)).at(static_cast<std::size_t>(rows.integer(1))) = rows.integer(2);
  }
  return tally;
}

void add_row(Connection& connection, const std::string& endpoint,
             const std::array<std::int64_t, 16>& numbers) {
  for (std::size_t state = 0; state < numbers.size(); ++state) {
    if (numbers[state] == 0) continue;
    connection.run(
        "insert into counts(endpoint, state, number) values (?, ?, ?) on conflict do update set "
        "number = number + excluded.number",
        endpoint, static_cast<std::int64_t>(state), numbers[state]);
  }
}

bool are_there(Connection& connection) { return connection.exists("select 1 from counts limit 1"); }

}  // namespace

Tally count_rows(Connection& connection) {
  return tally_of(connection,
                  "select '', state, count(*) from messages group by state union all select "
                  "endpoint, state, count(*) from deliveries group by endpoint, state");
}

Tally read_counts(Connection& connection) {
  if (!are_there(connection)) return count_rows(connection);
  return tally_of(connection, "select endpoint, state, number from counts");
}

void prepare_counts(Connection& connection) {
  if (!are_there(connection)) add_counts(connection, count_rows(connection));
}

void add_counts(Connection& connection, const Tally& change) {
  add_row(connection, "", change.messages);
  for (const auto& [endpoint, numbers] : change.deliveries) {
    add_row(connection, endpoint, numbers);
  }
}

void forget_counts(Connection& connection) { connection.run("delete from counts"); }

}  // namespace certbridge::host
