#include "certbridge/plugin.h"

#include "components.h"

namespace certbridge::seal_service {
namespace {

class SealServicePlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Processor>> make_processor(std::string_view kind,
                                                    Context& context) override {
    if (kind == "sealer") return make_sealer(context, false);
    if (kind == "remote-sealer") return make_sealer(context, true);
    if (kind == "gate") return make_gate(context);
    return Plugin::make_processor(kind, context);
  }
  Result<std::unique_ptr<Responder>> make_responder(std::string_view kind,
                                                    Context& context) override {
    if (kind == "verifier") return make_verifier(context);
    return Plugin::make_responder(kind, context);
  }
};

}  // namespace
}  // namespace certbridge::seal_service

CERTBRIDGE_PLUGIN(certbridge::seal_service::SealServicePlugin, "seal_service", "1.0.0")
