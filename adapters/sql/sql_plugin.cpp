// The outer class: takes settings from the context and makes the parts.
#include "certbridge/options.h"
#include "certbridge/plugin.h"
#include "outbox_source.h"
#include "queries.h"
#include "statements.h"

namespace {

using namespace certbridge;
using namespace certbridge::sql;

ConnectionSettings connection_settings(OptionReader& options) {
  ConnectionSettings settings;
  settings.backend =
      options.text("backend") == "postgresql" ? Backend::kPostgresql : Backend::kSqlite;
  settings.connection = options.text("connection");
  settings.password = options.secret("password");
  return settings;
}

Result<std::unique_ptr<ConnectionPool>> make_pool(const Config& config) {
  OptionReader options(config);
  auto settings = connection_settings(options);
  const auto connections = static_cast<std::size_t>(options.integer("connections"));
  if (auto read = options.result(); !read) return read.error();
  return std::make_unique<ConnectionPool>(std::move(settings), connections);
}

// A component together with the pool that it uses.
class PooledQueries final : public Responder {
 public:
  PooledQueries(std::unique_ptr<ConnectionPool> pool, QueriesSettings settings, const Clock& clock)
      : pool_(std::move(pool)), queries_(std::move(settings), *pool_, clock) {}
  Result<void> check(const Call& call) override { return queries_.check(call); }
  Result<Message> answer(const Message& question, const Call& call) override {
    return queries_.answer(question, call);
  }

 private:
  std::unique_ptr<ConnectionPool> pool_;
  QueriesResponder queries_;
};

class PooledStatements final : public Sink {
 public:
  PooledStatements(std::unique_ptr<ConnectionPool> pool, Statements statements, const Clock& clock)
      : pool_(std::move(pool)), sink_(std::move(statements), *pool_, clock) {}
  Result<void> check(const Call& call) override { return sink_.check(call); }
  Result<Receipt> send(const Message& message, const Call& call) override {
    return sink_.send(message, call);
  }
  Result<Confirmation> confirm(const Message& message, const Call& call) override {
    return sink_.confirm(message, call);
  }

 private:
  std::unique_ptr<ConnectionPool> pool_;
  StatementsSink sink_;
};

class SqlPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Source>> make_source(std::string_view kind, Context& context) override {
    if (kind != "outbox") return Plugin::make_source(kind, context);
    const auto envelope = read_option_file(context.config(), "envelope");
    if (!envelope) return envelope.error();
    auto outbox = parse_outbox(envelope.value().text, envelope.value().path);
    if (!outbox) return outbox.error();
    OptionReader options(context.config());
    OutboxSettings settings{std::move(outbox).value(), connection_settings(options),
                            options.duration("poll"), options.duration("lease"),
                            static_cast<std::size_t>(options.integer("batch"))};
    if (auto read = options.result(); !read) return read.error();
    return std::unique_ptr<Source>(
        std::make_unique<OutboxSource>(std::move(settings), context.clock(), context.logger(),
                                       context.metrics(), OutboxSource::Observer{}));
  }

  Result<std::unique_ptr<Responder>> make_responder(std::string_view kind,
                                                    Context& context) override {
    if (kind != "queries") return Plugin::make_responder(kind, context);
    const auto queries = read_option_file(context.config(), "queries");
    if (!queries) return queries.error();
    auto groups = parse_queries(queries.value().text, queries.value().path);
    if (!groups) return groups.error();
    auto most_rows = context.config().integer("most-rows");
    if (!most_rows) return most_rows.error();
    auto pool = make_pool(context.config());
    if (!pool) return pool.error();
    QueriesSettings settings{std::move(groups).value(),
                             static_cast<std::size_t>(most_rows.value())};
    return std::unique_ptr<Responder>(std::make_unique<PooledQueries>(
        std::move(pool).value(), std::move(settings), context.clock()));
  }

  Result<std::unique_ptr<Sink>> make_sink(std::string_view kind, Context& context) override {
    if (kind != "statements") return Plugin::make_sink(kind, context);
    const auto file = read_option_file(context.config(), "statements");
    if (!file) return file.error();
    auto statements = parse_statements(file.value().text, file.value().path);
    if (!statements) return statements.error();
    auto pool = make_pool(context.config());
    if (!pool) return pool.error();
    return std::unique_ptr<Sink>(std::make_unique<PooledStatements>(
        std::move(pool).value(), std::move(statements).value(), context.clock()));
  }
};

}  // namespace

CERTBRIDGE_PLUGIN(SqlPlugin, "sql", "1.0.0")
