// The four interfaces with the guard in front: what the engine and other endpoints hold. They exist
// as long as the set, also while there is no component behind them.
#pragma once

#include <atomic>

#include "certbridge/endpoint.h"
#include "plugins/guard.h"

namespace certbridge::host {

// Starting and stopping is the set's business: on these it does nothing.
class GuardedSink final : public Sink {
 public:
  explicit GuardedSink(EndpointGuard& guard) : guard_(guard) {}
  void point_to(Sink* sink) { sink_ = sink; }
  Result<void> check(const Call& call) override;
  Result<Receipt> send(const Message& message, const Call& call) override;
  Result<Confirmation> confirm(const Message& message, const Call& call) override;

 private:
  EndpointGuard& guard_;
  std::atomic<Sink*> sink_{nullptr};
};

class GuardedResponder final : public Responder {
 public:
  explicit GuardedResponder(EndpointGuard& guard) : guard_(guard) {}
  void point_to(Responder* responder) { responder_ = responder; }
  Result<void> check(const Call& call) override;
  Result<Message> answer(const Message& question, const Call& call) override;

 private:
  EndpointGuard& guard_;
  std::atomic<Responder*> responder_{nullptr};
};

class GuardedProcessor final : public Processor {
 public:
  explicit GuardedProcessor(EndpointGuard& guard) : guard_(guard) {}
  void point_to(Processor* processor) { processor_ = processor; }
  Result<void> check(const Call& call) override;
  Result<std::vector<Message>> process(const Message& message, const Call& call) override;

 private:
  EndpointGuard& guard_;
  std::atomic<Processor*> processor_{nullptr};
};

class GuardedSource final : public Source {
 public:
  explicit GuardedSource(EndpointGuard& guard) : guard_(guard) {}
  void point_to(Source* source) { source_ = source; }
  Result<void> check(const Call& call) override;
  // While the endpoint is down the receiver is remembered and "endpoint.down" answered: the source
  // listens as soon as a probe has brought it up.
  Result<void> listen(Receiver& receiver) override;
  // After the component was started by a probe.
  Result<void> listen_again();

 private:
  EndpointGuard& guard_;
  std::atomic<Source*> source_{nullptr};
  std::atomic<Receiver*> receiver_{nullptr};
};

}  // namespace certbridge::host
