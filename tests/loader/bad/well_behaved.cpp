// The animal that the others are compared with.
#include "certbridge/delivery_order.h"
#include "zoo_sink.h"

namespace {
using namespace certbridge;

// The receipt tells what the sink was given.
class ObedientSink final : public Sink {
 public:
  explicit ObedientSink(Context& context) : context_(context) {}
  Result<Receipt> send(const Message& message, const Call& call) override {
    Receipt receipt;
    receipt.remote_id = context_.endpoint_name() + "/" +
                        context_.config().text("greeting").value() + "/" +
                        std::to_string(context_.config().duration("patience").value().count());
    if (context_.config().has("key"))
      receipt.remote_id += "/" + context_.config().secret("key").value();
    const auto undeclared = context_.config().text("grating");
    if (undeclared.ok()) return Error::permanent("zoo.told", "an undeclared option was answered");
    if (const auto asked = context_.responder("asked")) {
      const Result<Message> answer = asked.value()->answer(message, call);
      if (!answer) return answer.error();
      receipt.correlation = answer.value().type;
    }
    return receipt;
  }
  Result<Confirmation> confirm(const Message&, const Call&) override { return Confirmation{}; }

 private:
  Context& context_;
};
class Echo final : public Responder {
 public:
  Result<Message> answer(const Message& question, const Call&) override {
    if (question.type == "fail") return Error::permanent("zoo.told", "as asked");
    Message answer = question;
    answer.type = "echo of " + question.type;
    return answer;
  }
};
class FailingSink final : public zoo::QuietSink {
 public:
  Result<Receipt> send(const Message& message, const Call&) override {
    if (message.type == "fault") return Error::fault("zoo.broken", "as asked");
    if (message.type == "permanent") return Error::permanent("zoo.told", "as asked");
    return Receipt{};
  }
};
class QuickSink final : public zoo::QuietSink, public OrdersDeliveries {
 public:
  DeliveryOrder delivery_order() const override { return DeliveryOrder::kAccepted; }
};

class GoodPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Sink>> make_sink(std::string_view kind, Context& context) override {
    if (kind == "failing") return std::unique_ptr<Sink>(new FailingSink());
    if (kind == "quick") return std::unique_ptr<Sink>(new QuickSink());
    return std::unique_ptr<Sink>(new ObedientSink(context));
  }
  Result<std::unique_ptr<Responder>> make_responder(std::string_view, Context&) override {
    return std::unique_ptr<Responder>(new Echo());
  }
};
}  // namespace
CERTBRIDGE_PLUGIN(GoodPlugin, "well_behaved", "1.0.0")
