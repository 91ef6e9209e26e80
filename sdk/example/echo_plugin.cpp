// The smallest plugin: one processor with one option.
#include "certbridge/plugin.h"

namespace certbridge {
namespace {

// Takes plain values, so that it is tested without a host.
class Echo final : public Processor {
 public:
  explicit Echo(std::string greeting) : greeting_(std::move(greeting)) {}

  Result<std::vector<Message>> process(const Message& message, const Call&) override {
    if (message.body == nullptr) {
      return Error::permanent("echo.no_body", "the message has no body; its source must give one");
    }
    Message child = message;
    child.headers["echo-greeting"] = greeting_;
    return std::vector<Message>{std::move(child)};
  }

 private:
  std::string greeting_;
};

// Only the outer class knows the Context.
class EchoPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Processor>> make_processor(std::string_view kind,
                                                    Context& context) override {
    if (kind != "echo") return Plugin::make_processor(kind, context);
    auto greeting = context.config().text("greeting");
    if (!greeting) return greeting.error();
    return std::unique_ptr<Processor>(std::make_unique<Echo>(std::move(greeting).value()));
  }
};

}  // namespace
}  // namespace certbridge

CERTBRIDGE_PLUGIN(certbridge::EchoPlugin, "echo", "1.0.0")
