#include "options.h"

#include "declaration_error.h"

namespace certbridge::sql {
namespace {

Result<void> take_text(const Config& config, std::string_view name, std::string& into) {
  if (!config.has(name)) return {};
  auto value = config.text(name);
  if (!value) return value.error();
  into = std::move(value).value();
  return {};
}

Result<void> take_server(const Config& config, DatabaseSettings& settings) {
  if (auto taken = take_text(config, "host", settings.host); !taken) return taken;
  if (auto taken = take_text(config, "user", settings.user); !taken) return taken;
  auto port = config.integer("port");
  if (!port) return port.error();
  settings.port = port.value();
  if (!config.has("password")) return {};
  auto password = config.secret("password");
  if (!password) return password.error();
  settings.password = std::move(password).value();
  return {};
}

}  // namespace

Result<std::unique_ptr<Pool>> make_pool(Context& context) {
  const Config& config = context.config();
  DatabaseSettings settings;
  auto engine = config.text("engine");
  if (!engine) return engine.error();
  settings.engine = engine.value() == "postgresql" ? Engine::kPostgresql : Engine::kSqlite;
  const bool is_file = settings.engine == Engine::kSqlite;
  auto database = is_file ? config.file("file") : config.text("database");
  if (!database) return database.error();
  settings.database = std::move(database).value();
  if (!is_file) {
    if (auto taken = take_server(config, settings); !taken) return taken.error();
  }
  auto timeout = config.duration("connect-timeout");
  if (!timeout) return timeout.error();
  settings.connect_timeout = timeout.value();
  auto connections = config.integer("connections");
  if (!connections) return connections.error();
  return std::make_unique<Pool>(std::move(settings), static_cast<std::size_t>(connections.value()));
}

Result<DeclarationFile> declaration_option(Context& context, std::string_view option) {
  auto path = context.config().file(option);
  if (!path) return path.error();
  auto text = read_declaration(path.value());
  if (!text) return text.error();
  return DeclarationFile{path.value(), std::move(text).value()};
}

Result<void> check_connection(Pool& pool, Deadline deadline) {
  auto session = pool.lease(deadline);
  if (!session) return session.error();
  auto answered = session.value()->query("select 1", {}, {}, deadline);
  if (!answered) return answered.error();
  return {};
}

}  // namespace certbridge::sql
