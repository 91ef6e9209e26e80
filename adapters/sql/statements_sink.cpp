#include "components.h"
#include "declarations.h"
#include "options.h"

namespace certbridge::sql {
namespace {

class StatementsSink final : public Sink {
 public:
  StatementsSink(const Clock& clock, std::unique_ptr<Pool> pool, NamedStatements statements)
      : clock_(clock), pool_(std::move(pool)), statements_(std::move(statements)) {}

  Result<void> start() override {
    return check_connection(*pool_,
                            std::chrono::steady_clock::now() + pool_->settings().connect_timeout);
  }
  void stop() override { pool_->close(); }
  Result<void> check(const Call& call) override { return check_connection(*pool_, call.deadline); }

  Result<Receipt> send(const Message& message, const Call& call) override {
    auto work = work_of(message);
    if (!work) return work.error();
    auto session = pool_->lease(call.deadline);
    if (!session) return session.error();
    auto begun = session.value()->begin(TransactionKind::kWrite, call.deadline);
    if (!begun) return begun.error();
    for (const Record& row : work.value().rows) {
      auto done = session.value()->execute(work.value().statement->execute, row, call.deadline);
      if (!done) return done.error();  // the lease undoes the transaction
    }
    if (auto ended = session.value()->commit(); !ended) return ended.error();
    return receipt_of(work.value());
  }

  Result<Confirmation> confirm(const Message& message, const Call& call) override {
    auto work = work_of(message);
    if (!work) return work.error();
    auto session = pool_->lease(call.deadline);
    if (!session) return session.error();
    for (const Record& row : work.value().rows) {
      auto found = session.value()->query(work.value().statement->confirm, row, {}, call.deadline);
      if (!found) return found.error();
      if (found.value().empty()) return Confirmation{Confirmation::State::kAbsent, {}, {}};
    }
    return Confirmation{Confirmation::State::kPresent, receipt_of(work.value()), {}};
  }

 private:
  struct Work {
    const NamedStatement* statement = nullptr;
    std::vector<Record> rows{};
  };

  Result<Work> work_of(const Message& message) const {
    const auto statement = statements_.find(message.type);
    if (statement == statements_.end()) {
      return Error::fault("sql.unknown_name", "no statement is declared as `" + message.type + "`");
    }
    const Error wrong = Error::permanent(
        "sql.parameters", "a statement's body is one record set `parameters` with a row or more");
    if (!message.body) return wrong;
    auto bytes = read_all(*message.body, RowLimits{}.bytes);
    if (!bytes) return wrong;
    auto sets = parse_records(bytes.value());
    if (!sets || sets.value().size() != 1 || sets.value()[0].records.empty()) return wrong;
    return Work{&statement->second, std::move(sets).value()[0].records};
  }

  Receipt receipt_of(const Work& work) const {
    Receipt receipt;
    receipt.remote_id = work.rows.front().text_or_empty(work.statement->key);
    receipt.when = clock_.now();
    return receipt;
  }

  const Clock& clock_;
  std::unique_ptr<Pool> pool_;
  NamedStatements statements_;
};

}  // namespace

Result<std::unique_ptr<Sink>> make_statements(Context& context) {
  auto pool = make_pool(context);
  if (!pool) return pool.error();
  auto file = declaration_option(context, "statements");
  if (!file) return file.error();
  auto statements = parse_statements(file.value().text, file.value().path);
  if (!statements) return statements.error();
  return std::unique_ptr<Sink>(std::make_unique<StatementsSink>(
      context.clock(), std::move(pool).value(), std::move(statements).value()));
}

}  // namespace certbridge::sql
