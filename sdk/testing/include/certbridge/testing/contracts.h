// Contract suites: what every Source, Sink, Responder and Processor owes its host, as functions
// that a plugin's tests call, plain and through the wire. They report by GoogleTest failures.
// Whether every declared option is read is for the test to ask (FakeContext), because some are read
// only where others are given.
#pragma once

#include <functional>

#include "certbridge/testing/fake_context.h"
#include "certbridge/testing/memory_content.h"
#include "certbridge/testing/wire.h"

namespace certbridge::testing {

// Makes the component for each suite anew; through which way is the suite's business.
struct Subject {
  Plugin& plugin;
  FakeContext& context;
  std::string kind{};
};

// Deterministic (a kind with outside-effect="yes", whose result the host keeps under the step key:
// only as many children again); children without ids; refuses empty, huge and malformed messages
// with declared codes; returns soon after a stop. `good` must be processed.
void check_processor_contract(const Subject& subject, const Message& good, Through through);

// Answers `good` in time; keeps to declared codes on anything; returns soon after a stop.
void check_responder_contract(const Subject& subject, const Message& good, Through through);

// `effects` counts what the counterpart holds or did. confirm() has no effect; once it says
// present, sending again has none either; open receipts name their correlation.
void check_sink_contract(const Subject& subject, const Message& good,
                         const std::function<int()>& effects, Through through);

// `provoke` makes the wire deliver one event. It is handed over once with a source key, again
// after a busy answer, and stop() ends soon.
void check_source_contract(const Subject& subject, const std::function<void()>& provoke,
                           Through through);

// Messages that no component must be broken by.
std::vector<Message> hostile_messages(const Message& good);

}  // namespace certbridge::testing
