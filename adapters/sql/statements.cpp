#include "statements.h"

#include "queries.h"

namespace certbridge::sql {
namespace {

Result<void> write_all(Connection& connection, const NamedStatement& statement,
                       const std::vector<Record>& rows) {
  if (auto begun = connection.begin_write(); !begun) return begun.error();
  for (const Record& row : rows) {
    auto written = connection.execute(statement.sql, row);
    if (!written) {
      connection.rollback();
      return written.error();
    }
  }
  auto committed = connection.commit();
  if (!committed) connection.rollback();
  return committed;
}

Error no_such(const Message& message) {
  return Error::permanent("sql.no_such_statement", "no statement is called `" + message.type + "`");
}

}  // namespace

Result<void> StatementsSink::check(const Call& call) {
  auto connection = pool_.take(call.deadline);
  if (!connection) return connection.error();
  auto row = connection.value()->query("SELECT 1 AS one", {}, 1);
  if (!row) return row.error();
  return {};
}

Result<Receipt> StatementsSink::send(const Message& message, const Call& call) {
  const auto statement = statements_.find(message.type);
  if (statement == statements_.end()) return no_such(message);
  auto rows = parameters_of(message);
  if (!rows) return rows.error();
  auto connection = pool_.take(call.deadline);
  if (!connection) return connection.error();
  if (auto limited = connection.value()->limit(
          std::chrono::duration_cast<std::chrono::milliseconds>(call.deadline - clock_.steady()));
      !limited) {
    return limited.error();
  }
  if (auto written = write_all(*connection.value(), statement->second, rows.value()); !written) {
    return written.error();
  }
  Receipt receipt;
  receipt.remote_id = message.id;
  receipt.when = clock_.now();
  return receipt;
}

Result<Confirmation> StatementsSink::confirm(const Message& message, const Call& call) {
  const auto statement = statements_.find(message.type);
  if (statement == statements_.end()) return no_such(message);
  Confirmation confirmation;
  if (statement->second.confirm.empty()) return confirmation;  // cannot tell
  auto rows = parameters_of(message);
  if (!rows) return rows.error();
  auto connection = pool_.take(call.deadline);
  if (!connection) return connection.error();
  // All rows went in one transaction: the first tells of all.
  auto found = connection.value()->query(statement->second.confirm, rows.value().front(), 1000);
  if (!found) return found.error();
  confirmation.state =
      found.value().empty() ? Confirmation::State::kAbsent : Confirmation::State::kPresent;
  if (!found.value().empty()) {
    confirmation.receipt = Receipt{};
    confirmation.receipt->remote_id = message.id;
    confirmation.receipt->when = clock_.now();
  }
  return confirmation;
}

}  // namespace certbridge::sql
