// Answers named groups of queries, each group in one snapshot.
#pragma once

#include "certbridge/context.h"
#include "connection.h"
#include "declarations.h"

namespace certbridge::sql {

struct QueriesSettings {
  QueryGroups groups{};
  std::size_t most_rows = 10'000;
};

class QueriesResponder final : public Responder {
 public:
  QueriesResponder(QueriesSettings settings, ConnectionPool& pool, const Clock& clock)
      : settings_(std::move(settings)), pool_(pool), clock_(clock) {}
  Result<void> check(const Call& call) override;
  // Question: type = group, body = records with one set `parameters` of one row.
  Result<Message> answer(const Message& question, const Call& call) override;

 private:
  QueriesSettings settings_;
  ConnectionPool& pool_;
  const Clock& clock_;
};

// The parameters of a question or of rows to write: all records of the one set `parameters`.
Result<std::vector<Record>> parameters_of(const Message& message);

}  // namespace certbridge::sql
