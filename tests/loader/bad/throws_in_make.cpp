#include <stdexcept>

#include "zoo_sink.h"

namespace {
class Thrower final : public certbridge::Plugin {
 public:
  certbridge::Result<std::unique_ptr<certbridge::Sink>> make_sink(std::string_view,
                                                                  certbridge::Context&) override {
    throw std::runtime_error("no sink today");
  }
};
}  // namespace
CERTBRIDGE_PLUGIN(Thrower, "throws_in_make", "1.0.0")
