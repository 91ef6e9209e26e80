// The wire before the interfaces that plugins implement.
#include "certbridge/testing/wire.h"
#include "wire_channel.h"

namespace certbridge::testing {
namespace {

const auto kDecodeMessage = [](const std::string& bytes) { return decode_message(bytes); };

std::string encode_messages(const std::vector<Message>& messages) {
  ByteWriter writer;
  writer.u32(static_cast<std::uint32_t>(messages.size()));
  for (const Message& message : messages) writer.text(encode_message(message));
  return writer.take();
}

Result<std::vector<Message>> decode_messages(std::string_view bytes) {
  ByteReader reader(bytes);
  std::vector<Message> messages;
  for (std::uint32_t left = reader.count(100'000); left > 0; --left) {
    auto message = decode_message(reader.text());
    if (!message) return message.error();
    messages.push_back(std::move(message).value());
  }
  if (auto end = reader.finish(); !end) return end.error();
  return messages;
}

// The arguments of a call that has a message and a Call; the far side gets its own stop token.
template <class Method>
std::string call_with_message(const Message& message, const Call& call, const Method& method) {
  ByteWriter arguments;
  arguments.text(encode_message(message));
  arguments.text(encode_call(call));
  return call_over_socket_pair(arguments.bytes(), call.stop, [&](ByteReader& reader, auto stop) {
    const auto far_message = decode_message(reader.text());
    auto far_call = decode_call(reader.text());
    far_call.value().stop = stop;
    return method(far_message.value(), far_call.value());
  });
}

// start, stop and check, which all components share.
template <class Interface>
class WireComponent : public Interface {
 public:
  explicit WireComponent(std::unique_ptr<Interface> inner) : inner_(std::move(inner)) {}
  Result<void> start() override {
    return decode_void(call_over_socket_pair(
        "", {}, [this](ByteReader&, auto) { return encode_result(inner_->start()); }));
  }
  void stop() override {
    call_over_socket_pair("", {}, [this](ByteReader&, auto) {
      inner_->stop();
      return std::string();
    });
  }
  Result<void> check(const Call& call) override {
    return decode_void(
        call_over_socket_pair(encode_call(call), call.stop, [this](ByteReader& reader, auto stop) {
          std::string bytes;
          while (reader.left() > 0) bytes.push_back(static_cast<char>(reader.u8()));
          auto far_call = decode_call(bytes);
          far_call.value().stop = stop;
          return encode_result(inner_->check(far_call.value()));
        }));
  }

 protected:
  Interface& inner() { return *inner_; }

 private:
  std::unique_ptr<Interface> inner_;
};

class WireSink final : public WireComponent<Sink> {
 public:
  using WireComponent<Sink>::WireComponent;
  Result<Receipt> send(const Message& message, const Call& call) override {
    const auto bytes = call_with_message(message, call, [this](const auto& m, const auto& c) {
      return encode_result(inner().send(m, c), encode_receipt);
    });
    return decode_result<Receipt>(bytes, [](const auto& value) { return decode_receipt(value); });
  }
  Result<Confirmation> confirm(const Message& message, const Call& call) override {
    const auto bytes = call_with_message(message, call, [this](const auto& m, const auto& c) {
      return encode_result(inner().confirm(m, c), encode_confirmation);
    });
    return decode_result<Confirmation>(
        bytes, [](const auto& value) { return decode_confirmation(value); });
  }
};

class WireResponder final : public WireComponent<Responder> {
 public:
  using WireComponent<Responder>::WireComponent;
  Result<Message> answer(const Message& question, const Call& call) override {
    const auto bytes = call_with_message(question, call, [this](const auto& m, const auto& c) {
      return encode_result(inner().answer(m, c), encode_message);
    });
    return decode_result<Message>(bytes, kDecodeMessage);
  }
};

class WireProcessor final : public WireComponent<Processor> {
 public:
  using WireComponent<Processor>::WireComponent;
  Result<std::vector<Message>> process(const Message& message, const Call& call) override {
    const auto bytes = call_with_message(message, call, [this](const auto& m, const auto& c) {
      return encode_result(inner().process(m, c), encode_messages);
    });
    return decode_result<std::vector<Message>>(
        bytes, [](const auto& value) { return decode_messages(value); });
  }
};

// The way back: the host's receiver as a source in another process would reach it.
class WireReceiver final : public Receiver {
 public:
  explicit WireReceiver(Receiver& inner) : inner_(inner) {}

  std::vector<Acceptance> accept(std::vector<Message> messages) override {
    ByteWriter arguments;
    arguments.text(encode_messages(messages));
    const auto bytes =
        call_over_socket_pair(arguments.bytes(), {}, [this](ByteReader& reader, auto) {
          auto far_messages = decode_messages(reader.text());
          ByteWriter answers;
          for (const Acceptance& answer : inner_.accept(std::move(far_messages).value())) {
            answers.text(encode_acceptance(answer));
          }
          return answers.take();
        });
    std::vector<Acceptance> answers;
    for (ByteReader reader(bytes); reader.left() > 0;) {
      answers.push_back(decode_acceptance(reader.text()).value());
    }
    return answers;
  }

  Result<void> settle(const Correlation& correlation, const Outcome& outcome) override {
    ByteWriter arguments;
    arguments.text(correlation.endpoint);
    arguments.text(correlation.value);
    arguments.text(encode_outcome(outcome));
    return decode_void(
        call_over_socket_pair(arguments.bytes(), {}, [this](ByteReader& reader, auto) {
          Correlation far_correlation;
          far_correlation.endpoint = reader.text();
          far_correlation.value = reader.text();
          const auto far_outcome = decode_outcome(reader.text());
          return encode_result(inner_.settle(far_correlation, far_outcome.value()));
        }));
  }

 private:
  Receiver& inner_;
};

class WireSource final : public WireComponent<Source> {
 public:
  using WireComponent<Source>::WireComponent;
  Result<void> listen(Receiver& receiver) override {
    receiver_ = std::make_unique<WireReceiver>(receiver);
    return decode_void(call_over_socket_pair(
        "", {}, [this](ByteReader&, auto) { return encode_result(inner().listen(*receiver_)); }));
  }

 private:
  std::unique_ptr<WireReceiver> receiver_{};
};

template <class Wire, class Interface>
Result<std::unique_ptr<Interface>> wrapped(Result<std::unique_ptr<Interface>> made,
                                           Through through) {
  if (!made || through == Through::kPlain) return made;
  return std::unique_ptr<Interface>(std::make_unique<Wire>(std::move(made).value()));
}

}  // namespace

std::unique_ptr<Sink> through_wire_sink(std::unique_ptr<Sink> sink) {
  return std::make_unique<WireSink>(std::move(sink));
}
std::unique_ptr<Responder> through_wire_responder(std::unique_ptr<Responder> responder) {
  return std::make_unique<WireResponder>(std::move(responder));
}
std::unique_ptr<Processor> through_wire_processor(std::unique_ptr<Processor> processor) {
  return std::make_unique<WireProcessor>(std::move(processor));
}
std::unique_ptr<Source> through_wire_source(std::unique_ptr<Source> source) {
  return std::make_unique<WireSource>(std::move(source));
}

Stage::Stage(Plugin& plugin, Context& context, Through through)
    : plugin_(plugin),
      wire_context_(through == Through::kWire ? through_wire_context(context) : nullptr),
      context_(wire_context_ ? *wire_context_ : context),
      through_(through) {}

Result<std::unique_ptr<Source>> Stage::make_source(std::string_view kind) {
  return wrapped<WireSource>(plugin_.make_source(kind, context_), through_);
}
Result<std::unique_ptr<Sink>> Stage::make_sink(std::string_view kind) {
  return wrapped<WireSink>(plugin_.make_sink(kind, context_), through_);
}
Result<std::unique_ptr<Responder>> Stage::make_responder(std::string_view kind) {
  return wrapped<WireResponder>(plugin_.make_responder(kind, context_), through_);
}
Result<std::unique_ptr<Processor>> Stage::make_processor(std::string_view kind) {
  return wrapped<WireProcessor>(plugin_.make_processor(kind, context_), through_);
}

}  // namespace certbridge::testing
