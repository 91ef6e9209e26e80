// Writes rows with named statements.
#pragma once

#include "certbridge/context.h"
#include "connection.h"
#include "declarations.h"

namespace certbridge::sql {

class StatementsSink final : public Sink {
 public:
  StatementsSink(Statements statements, ConnectionPool& pool, const Clock& clock)
      : statements_(std::move(statements)), pool_(pool), clock_(clock) {}
  Result<void> check(const Call& call) override;
  // Message: type = statement, body = records with one set `parameters`; all rows in one
  // transaction.
  Result<Receipt> send(const Message& message, const Call& call) override;
  Result<Confirmation> confirm(const Message& message, const Call& call) override;

 private:
  Statements statements_;
  ConnectionPool& pool_;
  const Clock& clock_;
};

}  // namespace certbridge::sql
