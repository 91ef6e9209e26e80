// The outer class: takes settings from the context and makes the parts.
#include <fstream>
#include <sstream>

#include "certbridge/plugin.h"
#include "outbox_source.h"
#include "queries.h"
#include "statements.h"

namespace {

using namespace certbridge;
using namespace certbridge::sql;

Result<std::string> read_file(const Config& config, const char* option, std::string& path) {
  auto named = config.file(option);
  if (!named) return named.error();
  path = named.value();
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error::fault("sql.declaration", "cannot read " + path);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

Result<ConnectionSettings> connection_settings(const Config& config) {
  ConnectionSettings settings;
  auto backend = config.text("backend");
  if (!backend) return backend.error();
  settings.backend = backend.value() == "postgresql" ? Backend::kPostgresql : Backend::kSqlite;
  auto connection = config.text("connection");
  if (!connection) return connection.error();
  settings.connection = connection.value();
  if (config.has("password")) {
    auto password = config.secret("password");
    if (!password) return password.error();
    settings.password = password.value();
  }
  return settings;
}

Result<std::unique_ptr<ConnectionPool>> make_pool(const Config& config) {
  auto settings = connection_settings(config);
  if (!settings) return settings.error();
  auto connections = config.integer("connections");
  if (!connections) return connections.error();
  return std::make_unique<ConnectionPool>(std::move(settings).value(),
                                          static_cast<std::size_t>(connections.value()));
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
    const Config& config = context.config();
    std::string path;
    auto xml = read_file(config, "envelope", path);
    if (!xml) return xml.error();
    auto outbox = parse_outbox(xml.value(), path);
    if (!outbox) return outbox.error();
    auto connection = connection_settings(config);
    if (!connection) return connection.error();
    auto poll = config.duration("poll");
    if (!poll) return poll.error();
    auto lease = config.duration("lease");
    if (!lease) return lease.error();
    auto batch = config.integer("batch");
    if (!batch) return batch.error();
    OutboxSettings settings{std::move(outbox).value(), std::move(connection).value(), poll.value(),
                            lease.value(), static_cast<std::size_t>(batch.value())};
    return std::unique_ptr<Source>(
        std::make_unique<OutboxSource>(std::move(settings), context.clock(), context.logger(),
                                       context.metrics(), OutboxSource::Observer{}));
  }

  Result<std::unique_ptr<Responder>> make_responder(std::string_view kind,
                                                    Context& context) override {
    if (kind != "queries") return Plugin::make_responder(kind, context);
    std::string path;
    auto xml = read_file(context.config(), "queries", path);
    if (!xml) return xml.error();
    auto groups = parse_queries(xml.value(), path);
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
    std::string path;
    auto xml = read_file(context.config(), "statements", path);
    if (!xml) return xml.error();
    auto statements = parse_statements(xml.value(), path);
    if (!statements) return statements.error();
    auto pool = make_pool(context.config());
    if (!pool) return pool.error();
    return std::unique_ptr<Sink>(std::make_unique<PooledStatements>(
        std::move(pool).value(), std::move(statements).value(), context.clock()));
  }
};

}  // namespace

CERTBRIDGE_PLUGIN(SqlPlugin, "sql", "1.0.0")
