#include "zoo_sink.h"

namespace {
using namespace certbridge;
class Surprising final : public zoo::QuietSink {
 public:
  Result<Receipt> send(const Message&, const Call&) override {
    return Error::permanent("zoo.surprise", "nobody was told");
  }
  Result<Confirmation> confirm(const Message&, const Call&) override {
    return Error::fault("zoo.declared", "declared as retryable");
  }
};
class SurprisingPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Sink>> make_sink(std::string_view, Context&) override {
    return std::unique_ptr<Sink>(new Surprising());
  }
};
}  // namespace
CERTBRIDGE_PLUGIN(SurprisingPlugin, "undeclared_code", "1.0.0")
