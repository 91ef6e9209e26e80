#include "components.h"
#include "declarations.h"
#include "options.h"

namespace certbridge::sql {
namespace {

class QueriesResponder final : public Responder {
 public:
  QueriesResponder(std::unique_ptr<Pool> pool, QueryGroups groups)
      : pool_(std::move(pool)), groups_(std::move(groups)) {}

  Result<void> start() override {
    return check_connection(*pool_,
                            std::chrono::steady_clock::now() + pool_->settings().connect_timeout);
  }
  void stop() override { pool_->close(); }
  Result<void> check(const Call& call) override { return check_connection(*pool_, call.deadline); }

  Result<Message> answer(const Message& question, const Call& call) override {
    const auto group = groups_.find(question.type);
    if (group == groups_.end()) {
      return Error::fault("sql.unknown_name",
                          "no group of queries is declared as `" + question.type + "`");
    }
    auto parameters = parameters_in(question);
    if (!parameters) return parameters.error();
    auto sets = read_snapshot(group->second, parameters.value(), call.deadline);
    if (!sets) return sets.error();
    Message message;
    message.type = question.type;
    message.media_type = kRecordsMediaType;
    message.body = content_of(write_records(sets.value()));
    return message;
  }

 private:
  static Result<Record> parameters_in(const Message& question) {
    const Error wrong = Error::permanent(
        "sql.parameters", "a question's body is one record set `parameters` with one row");
    if (!question.body) return wrong;
    auto bytes = read_all(*question.body, kLargestContentInMemory);
    if (!bytes) return wrong;
    auto sets = parse_records(bytes.value());
    if (!sets || sets.value().size() != 1 || sets.value()[0].records.size() != 1) return wrong;
    return sets.value()[0].records[0];
  }

  Result<std::vector<RecordSet>> read_snapshot(const QueryGroup& group, const Record& parameters,
                                               Deadline deadline) {
    auto session = pool_->lease(deadline);
    if (!session) return session.error();
    auto begun = session.value()->begin(TransactionKind::kSnapshot, deadline);
    if (!begun) return begun.error();
    std::vector<RecordSet> sets;
    for (const NamedQuery& query : group.queries) {
      auto rows = session.value()->query(query.text, parameters, group.limits, deadline);
      if (!rows) {
        Error error = rows.error();
        error.message = "query `" + query.set + "`: " + error.message;
        return error;
      }
      sets.push_back({query.set, std::move(rows).value()});
    }
    if (auto ended = session.value()->commit(); !ended) return ended.error();
    return sets;
  }

  std::unique_ptr<Pool> pool_;
  QueryGroups groups_;
};

}  // namespace

Result<std::unique_ptr<Responder>> make_queries(Context& context) {
  auto pool = make_pool(context);
  if (!pool) return pool.error();
  auto file = declaration_option(context, "queries");
  if (!file) return file.error();
  auto groups = parse_queries(file.value().text, file.value().path);
  if (!groups) return groups.error();
  return std::unique_ptr<Responder>(
      std::make_unique<QueriesResponder>(std::move(pool).value(), std::move(groups).value()));
}

}  // namespace certbridge::sql
