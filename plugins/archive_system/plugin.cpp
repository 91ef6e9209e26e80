#include "certbridge/plugin.h"

#include "receiver.h"

namespace certbridge::archive_system {

class ArchiveSystemPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Sink>> make_sink(std::string_view kind, Context& context) override {
    if (kind != "receiver") return Plugin::make_sink(kind, context);
    ReceiverSettings settings;
    auto path = context.config().text("path");
    if (!path) return path.error();
    settings.path = std::move(path).value();
    if (context.config().has("token")) {
      auto token = context.config().secret("token");
      if (!token) return token.error();
      settings.token = std::move(token).value();
    }
    auto http = context.responder("archive");
    if (!http) return http.error();
    return std::unique_ptr<Sink>(std::make_unique<Receiver>(std::move(settings), *http.value()));
  }
};

}  // namespace certbridge::archive_system

CERTBRIDGE_PLUGIN(certbridge::archive_system::ArchiveSystemPlugin, "archive_system", "1.0.0")
