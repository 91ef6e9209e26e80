#include "zoo_sink.h"

namespace {
class Empty final : public certbridge::Plugin {
 public:
  certbridge::Result<std::unique_ptr<certbridge::Sink>> make_sink(std::string_view,
                                                                  certbridge::Context&) override {
    return std::unique_ptr<certbridge::Sink>();
  }
};
}  // namespace
CERTBRIDGE_PLUGIN(Empty, "makes_nothing", "1.0.0")
