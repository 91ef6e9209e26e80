#include <stdexcept>

#include "zoo_sink.h"

namespace {
using namespace certbridge;

[[noreturn]] void fall(const char* where) {
  throw std::runtime_error(std::string("fell in ") + where);
}

class FallingSource final : public Source {
 public:
  void stop() override { fall("stop"); }
  Result<void> check(const Call&) override { fall("check"); }
  Result<void> listen(Receiver&) override { fall("listen"); }
};
class FallingSink final : public Sink {
 public:
  void stop() override { fall("stop"); }
  Result<void> check(const Call&) override { fall("check"); }
  Result<Receipt> send(const Message&, const Call&) override { fall("send"); }
  Result<Confirmation> confirm(const Message&, const Call&) override { throw 42; }
};
class FallingResponder final : public Responder {
 public:
  void stop() override { fall("stop"); }
  Result<void> check(const Call&) override { fall("check"); }
  Result<Message> answer(const Message&, const Call&) override { fall("answer"); }
};
class FallingProcessor final : public Processor {
 public:
  void stop() override { fall("stop"); }
  Result<void> check(const Call&) override { fall("check"); }
  Result<std::vector<Message>> process(const Message&, const Call&) override { fall("process"); }
};
class Starter final : public zoo::QuietSink {
 public:
  Result<void> start() override { fall("start"); }
};

class FallingPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Source>> make_source(std::string_view, Context&) override {
    return std::unique_ptr<Source>(new FallingSource());
  }
  Result<std::unique_ptr<Sink>> make_sink(std::string_view kind, Context&) override {
    if (kind == "starter") return std::unique_ptr<Sink>(new Starter());
    return std::unique_ptr<Sink>(new FallingSink());
  }
  Result<std::unique_ptr<Responder>> make_responder(std::string_view, Context&) override {
    return std::unique_ptr<Responder>(new FallingResponder());
  }
  Result<std::unique_ptr<Processor>> make_processor(std::string_view, Context&) override {
    return std::unique_ptr<Processor>(new FallingProcessor());
  }
};
}  // namespace
CERTBRIDGE_PLUGIN(FallingPlugin, "throws_everywhere", "1.0.0")
