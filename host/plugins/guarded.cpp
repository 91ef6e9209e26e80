#include "plugins/guarded.h"

namespace certbridge::host {
namespace {

Error stopped() { return Error::retryable("endpoint.down", "the endpoint is stopped"); }

// Calls `function` with the component, or answers that there is none.
template <class T, class Target, class Function>
Result<T> through(EndpointGuard& guard, const std::atomic<Target*>& target, const char* doing,
                  EndpointGuard::Moment deadline, Function&& function) {
  return guard.call<T>(doing, deadline, [&]() -> Result<T> {
    Target* component = target;
    if (component == nullptr) return stopped();
    return function(*component);
  });
}

}  // namespace

Result<void> GuardedSink::check(const Call& call) {
  return through<void>(guard_, sink_, "check", call.deadline,
                       [&](Sink& sink) { return sink.check(call); });
}
Result<Receipt> GuardedSink::send(const Message& message, const Call& call) {
  return through<Receipt>(guard_, sink_, "send", call.deadline,
                          [&](Sink& sink) { return sink.send(message, call); });
}
Result<Confirmation> GuardedSink::confirm(const Message& message, const Call& call) {
  return through<Confirmation>(guard_, sink_, "confirm", call.deadline,
                               [&](Sink& sink) { return sink.confirm(message, call); });
}

Result<void> GuardedResponder::check(const Call& call) {
  return through<void>(guard_, responder_, "check", call.deadline,
                       [&](Responder& responder) { return responder.check(call); });
}
Result<Message> GuardedResponder::answer(const Message& question, const Call& call) {
  return through<Message>(guard_, responder_, "answer", call.deadline,
                          [&](Responder& responder) { return responder.answer(question, call); });
}

Result<void> GuardedProcessor::check(const Call& call) {
  return through<void>(guard_, processor_, "check", call.deadline,
                       [&](Processor& processor) { return processor.check(call); });
}
Result<std::vector<Message>> GuardedProcessor::process(const Message& message, const Call& call) {
  return through<std::vector<Message>>(
      guard_, processor_, "process", call.deadline,
      [&](Processor& processor) { return processor.process(message, call); });
}

Result<void> GuardedSource::check(const Call& call) {
  return through<void>(guard_, source_, "check", call.deadline,
                       [&](Source& source) { return source.check(call); });
}
Result<void> GuardedSource::listen(Receiver& receiver) {
  receiver_ = &receiver;
  Result<void> listening = through<void>(guard_, source_, "listen", {},
                                         [&](Source& source) { return source.listen(receiver); });
  // One that does not listen is of no use: it is stopped and started again by probes.
  if (!listening && guard_.health() == EndpointHealth::kUp) {
    guard_.take_down(listening.error().message, false);
  }
  return listening;
}
Result<void> GuardedSource::listen_again() {
  Receiver* receiver = receiver_;
  Source* source = source_;
  if (receiver == nullptr || source == nullptr) return {};
  return guard_.judged<void>("listen", {}, [&] { return source->listen(*receiver); });
}

}  // namespace certbridge::host
