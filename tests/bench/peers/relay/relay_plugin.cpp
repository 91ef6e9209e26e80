// Our contestant's part of the work: one step that wraps an event, one sink that posts it on.
#include "certbridge/plugin.h"

namespace certbridge {
namespace {

constexpr std::uint64_t kLargestBody = 1'000'000;

class Wrapper final : public Processor {
 public:
  Result<std::vector<Message>> process(const Message& message, const Call&) override {
    if (message.body == nullptr) return Error::permanent("relay.body", "the event has no body");
    auto body = read_all(*message.body, kLargestBody);
    if (!body) return Error::permanent("relay.body", body.error().message);
    Message wrapped = message;
    wrapped.type = "bench.wrapped";
    wrapped.body = content_of("{\"route\":\"relay\",\"event\":" + body.value() + "}");
    return std::vector<Message>{std::move(wrapped)};
  }
};

class Poster final : public Sink {
 public:
  explicit Poster(Responder& wire) : wire_(wire) {}

  Result<Receipt> send(const Message& message, const Call& call) override {
    Message question;
    question.type = "http.request";
    question.headers = {{"http-method", "POST"}, {"http-path", "/take"}};
    question.media_type = "application/json";
    question.body = message.body;
    auto answer = wire_.answer(question, call);
    if (!answer) return answer.error();
    if (status_of(answer.value()) == "200") return Receipt{};
    return unexpected(answer.value());
  }

  Result<Confirmation> confirm(const Message& message, const Call& call) override {
    Message question;
    question.type = "http.request";
    question.headers = {{"http-method", "GET"},
                        {"http-path", "/has/" + message.headers.at("event-id")}};
    auto answer = wire_.answer(question, call);
    if (!answer) return answer.error();
    Confirmation confirmation;
    if (status_of(answer.value()) == "200") {
      confirmation.state = Confirmation::State::kPresent;
      confirmation.receipt = Receipt{};
    } else if (status_of(answer.value()) == "404") {
      confirmation.state = Confirmation::State::kAbsent;
    } else {
      return unexpected(answer.value());
    }
    return confirmation;
  }

 private:
  static std::string status_of(const Message& answer) {
    const auto found = answer.headers.find("http-status");
    return found == answer.headers.end() ? "" : found->second;
  }
  static Error unexpected(const Message& answer) {
    return Error::retryable("relay.answer", "the receiver answered " + status_of(answer));
  }

  Responder& wire_;
};

class RelayPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Processor>> make_processor(std::string_view kind,
                                                    Context& context) override {
    if (kind != "wrapper") return Plugin::make_processor(kind, context);
    return std::unique_ptr<Processor>(std::make_unique<Wrapper>());
  }
  Result<std::unique_ptr<Sink>> make_sink(std::string_view kind, Context& context) override {
    if (kind != "poster") return Plugin::make_sink(kind, context);
    auto wire = context.responder("wire");
    if (!wire) return wire.error();
    return std::unique_ptr<Sink>(std::make_unique<Poster>(*wire.value()));
  }
};

}  // namespace
}  // namespace certbridge

CERTBRIDGE_PLUGIN(certbridge::RelayPlugin, "bench_relay", "1.0.0")
