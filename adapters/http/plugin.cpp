#include "certbridge/plugin.h"

#include "client.h"
#include "server.h"

namespace certbridge::http {

class HttpPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Source>> make_source(std::string_view kind, Context& context) override {
    if (kind != "server") return Plugin::make_source(kind, context);
    return make_server(context);
  }
  Result<std::unique_ptr<Responder>> make_responder(std::string_view kind,
                                                    Context& context) override {
    if (kind != "client") return Plugin::make_responder(kind, context);
    return make_client(context);
  }
};

}  // namespace certbridge::http

CERTBRIDGE_PLUGIN(certbridge::http::HttpPlugin, "http", "1.0.0")
