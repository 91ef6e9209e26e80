#include "certbridge/plugin.h"

#include "bookings.h"
#include "submitter.h"

namespace certbridge::provincial_platform {

class ProvincialPlatformPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Sink>> make_sink(std::string_view kind, Context& context) override {
    if (kind != "submitter") return Plugin::make_sink(kind, context);
    return make_submitter(context);
  }
  Result<std::unique_ptr<Processor>> make_processor(std::string_view kind,
                                                    Context& context) override {
    if (kind != "bookings") return Plugin::make_processor(kind, context);
    return make_bookings(context);
  }
};

}  // namespace certbridge::provincial_platform

CERTBRIDGE_PLUGIN(certbridge::provincial_platform::ProvincialPlatformPlugin, "provincial_platform",
                  "1.0.0")
