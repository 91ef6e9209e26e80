#include <new>

#include "zoo_sink.h"

namespace {
using namespace certbridge;
class Hungry final : public zoo::QuietSink {
 public:
  Result<Receipt> send(const Message&, const Call&) override { throw std::bad_alloc(); }
};
class HungryPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Sink>> make_sink(std::string_view, Context&) override {
    return std::unique_ptr<Sink>(new Hungry());
  }
};
}  // namespace
CERTBRIDGE_PLUGIN(HungryPlugin, "out_of_memory", "1.0.0")
