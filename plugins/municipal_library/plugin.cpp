#include "certbridge/plugin.h"

#include "collector.h"

namespace certbridge::municipal_library {

class MunicipalLibraryPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Sink>> make_sink(std::string_view kind, Context& context) override {
    if (kind != "collector") return Plugin::make_sink(kind, context);
    return make_collector(context);
  }
};

}  // namespace certbridge::municipal_library

CERTBRIDGE_PLUGIN(certbridge::municipal_library::MunicipalLibraryPlugin, "municipal_library",
                  "1.0.0")
