// The interfaces that adapters and plugins implement, and the one that a source talks to.
#pragma once

#include <vector>

#include "certbridge/message.h"

namespace certbridge {

// What all endpoints share. The host calls start() once before any other call and stop() once
// after the last one has returned; both from one thread.
class Component {
 public:
  virtual ~Component();
  // Opens what the component needs. A fault here marks the endpoint down and is tried again.
  virtual Result<void> start();
  // Joins every thread that the component owns. Must return within the drain deadline.
  virtual void stop();
  // Connectivity self-test without side effect at the counterpart.
  virtual Result<void> check(const Call& call);
};

// Implemented by the host; lent to a source for as long as it is started. Any thread may call.
class Receiver {
 public:
  virtual ~Receiver();
  // Takes 1 to 256 messages and returns once they are on stable storage, with one Acceptance for
  // each, in order. Only after that may the source acknowledge to its wire.
  virtual std::vector<Acceptance> accept(std::vector<Message> messages) = 0;
  // A verdict on an open receipt; durable when it returns. May come early, late or twice.
  virtual Result<void> settle(const Correlation& correlation, const Outcome& outcome) = 0;
};

// Hands messages to the host. listen() returns at once; the source works on its own threads (see
// threads= in its manifest) until stop().
class Source : public Component {
 public:
  ~Source() override;
  virtual Result<void> listen(Receiver& receiver) = 0;
};

// Delivers to a counterpart. Called by as many threads as the endpoint's limit allows.
class Sink : public Component {
 public:
  ~Sink() override;
  // One attempt. After an error the counterpart may or may not have acted; the host asks confirm()
  // before it sends again.
  virtual Result<Receipt> send(const Message& message, const Call& call) = 0;
  // What the counterpart has of this message. Has no side effect there.
  virtual Result<Confirmation> confirm(const Message& message, const Call& call) = 0;
};

// Answers a question now or fails within the call's deadline.
class Responder : public Component {
 public:
  ~Responder() override;
  virtual Result<Message> answer(const Message& question, const Call& call) = 0;
};

// One step: one message in, none to n messages out. Must be a pure function of the message, the
// configuration and Memory, or keep its outside effect idempotent under call.step_key. Ids, order
// numbers and source keys of children are set by the host.
class Processor : public Component {
 public:
  ~Processor() override;
  virtual Result<std::vector<Message>> process(const Message& message, const Call& call) = 0;
};

}  // namespace certbridge
