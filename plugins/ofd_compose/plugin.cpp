#include "certbridge/plugin.h"

#include "composer.h"
#include "copies.h"
#include "renderer.h"

namespace certbridge::ofd_compose {

class OfdComposePlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Processor>> make_processor(std::string_view kind,
                                                    Context& context) override {
    if (kind != "composer") return Plugin::make_processor(kind, context);
    return std::unique_ptr<Processor>(std::make_unique<ComposerStep>(context));
  }
  Result<std::unique_ptr<Responder>> make_responder(std::string_view kind,
                                                    Context& context) override {
    if (kind == "copies") {
      return std::unique_ptr<Responder>(std::make_unique<Copies>(context));
    }
    if (kind != "renderer") return Plugin::make_responder(kind, context);
    return std::unique_ptr<Responder>(std::make_unique<Renderer>());
  }
};

}  // namespace certbridge::ofd_compose

CERTBRIDGE_PLUGIN(certbridge::ofd_compose::OfdComposePlugin, "ofd_compose", "1.0.0")
