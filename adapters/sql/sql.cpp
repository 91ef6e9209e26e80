#include "certbridge/plugin.h"
#include "components.h"

namespace certbridge::sql {
namespace {

class SqlPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Source>> make_source(std::string_view kind, Context& context) override {
    if (kind == "outbox") return make_outbox(context, [](std::string_view) {});
    return Plugin::make_source(kind, context);
  }
  Result<std::unique_ptr<Sink>> make_sink(std::string_view kind, Context& context) override {
    if (kind == "statements") return make_statements(context);
    return Plugin::make_sink(kind, context);
  }
  Result<std::unique_ptr<Responder>> make_responder(std::string_view kind,
                                                    Context& context) override {
    if (kind == "queries") return make_queries(context);
    return Plugin::make_responder(kind, context);
  }
};

}  // namespace
}  // namespace certbridge::sql

CERTBRIDGE_PLUGIN(certbridge::sql::SqlPlugin, "sql", "1.0.0")
