#include "certbridge/testing/contracts.h"

#include <gtest/gtest.h>

#include "certbridge/encoding.h"

namespace certbridge::testing {
namespace {

// What is told to the component, and after how long the suite says that it does not keep to it. Far
// above what any machine needs, far below the deadline of a call that is to stop.
constexpr std::chrono::seconds kBudget{5};
constexpr std::chrono::seconds kTooLate{30};
constexpr std::chrono::minutes kLongDeadline{5};

std::chrono::steady_clock::time_point now() { return std::chrono::steady_clock::now(); }

template <class T>
void expect_declared_error(const Subject& subject, const Result<T>& result) {
  if (!result.ok()) subject.context.expect_declared(result.error());
}

// Runs one call and fails the test when it comes back too late.
template <class Function>
auto timed(const Function& function) {
  const auto begin = now();
  auto result = function();
  EXPECT_LE(now() - begin, kTooLate) << "the call came back too late";
  return result;
}

Call stopped_call() {
  std::stop_source stop;
  stop.request_stop();
  Call call = call_of("contract/stopped", kLongDeadline);
  call.stop = stop.get_token();
  return call;
}

// Anything that is answered is all right, as long as it is soon and no refusal is undeclared.
template <class Function>
void expect_survives(const Subject& subject, const Message& good, const Function& function) {
  int number = 0;
  for (const Message& hostile : hostile_messages(good)) {
    SCOPED_TRACE("hostile message " + std::to_string(++number));
    const Call call = call_of("contract/hostile-" + std::to_string(number), kBudget);
    expect_declared_error(subject, timed([&] { return function(hostile, call); }));
  }
  SCOPED_TRACE("a call that is to stop");
  expect_declared_error(subject, timed([&] { return function(good, stopped_call()); }));
}

std::string bytes_of(const std::vector<Message>& messages) {
  std::string bytes;
  for (const Message& message : messages) bytes += encode_message(message);
  return bytes;
}

template <class T>
std::unique_ptr<T> started(Result<std::unique_ptr<T>> made) {
  if (!made) {
    ADD_FAILURE() << "the component cannot be made: " << made.error().message;
    return nullptr;
  }
  auto component = std::move(made).value();
  if (auto start = component->start(); !start) {
    ADD_FAILURE() << "the component does not start: " << start.error().message;
    return nullptr;
  }
  return component;
}

}  // namespace

std::vector<Message> hostile_messages(const Message& good) {
  std::vector<Message> messages;
  Message bare = good;
  bare.body = nullptr;
  messages.push_back(bare);
  for (const std::string& body :
       {std::string(), std::string("<"), std::string("\xff\xfe\0", 3), std::string("{\"a\":"),
        std::string(2UL * 1024 * 1024, '<'), std::string("<a>") + std::string(1000, 'x')}) {
    Message message = good;
    message.body = content_of(body);
    messages.push_back(message);
  }
  Message nothing;
  messages.push_back(nothing);
  Message no_headers = good;
  no_headers.headers.clear();
  no_headers.attachments.clear();
  no_headers.order_keys.clear();
  messages.push_back(no_headers);
  return messages;
}

void check_processor_contract(const Subject& subject, const Message& good, Through through) {
  Stage stage(subject.plugin, subject.context, through);
  const auto processor = started(stage.make_processor(subject.kind));
  if (!processor) return;
  const auto process = [&](const Message& message, const Call& call) {
    return processor->process(message, call);
  };
  const Call call = call_of("contract/1", kBudget);
  const auto first = timed([&] { return process(good, call); });
  const auto second = timed([&] { return process(good, call); });
  const ManifestKind* declared = subject.context.manifest().find(subject.kind);
  const bool may_differ = declared != nullptr && declared->outside_effect;
  if (first.ok() && second.ok() && may_differ) {
    EXPECT_EQ(first.value().size(), second.value().size()) << "not deterministic";
  } else if (first.ok() && second.ok()) {
    EXPECT_EQ(bytes_of(first.value()), bytes_of(second.value())) << "not deterministic";
  } else {
    ADD_FAILURE() << "the good message is refused: "
                  << (first.ok() ? second.error() : first.error()).message;
  }
  expect_survives(subject, good, process);
  processor->stop();
}

void check_responder_contract(const Subject& subject, const Message& good, Through through) {
  Stage stage(subject.plugin, subject.context, through);
  const auto responder = started(stage.make_responder(subject.kind));
  if (!responder) return;
  const auto answer = [&](const Message& message, const Call& call) {
    return responder->answer(message, call);
  };
  const auto first = timed([&] { return answer(good, call_of("contract/1", kBudget)); });
  EXPECT_TRUE(first.ok()) << "the good question is refused: "
                          << (first.ok() ? "" : first.error().message);
  expect_survives(subject, good, answer);
  responder->stop();
}

void check_sink_contract(const Subject& subject, const Message& good,
                         const std::function<int()>& effects, Through through) {
  Stage stage(subject.plugin, subject.context, through);
  const auto sink = started(stage.make_sink(subject.kind));
  if (!sink) return;
  const Call call = call_of("contract/1", kBudget);
  const auto sent = timed([&] { return sink->send(good, call); });
  ASSERT_TRUE(sent.ok()) << "the good message is refused: " << sent.error().message;
  if (sent.value().state == Receipt::State::kOpen) {
    EXPECT_FALSE(sent.value().correlation.empty()) << "an open receipt needs its correlation";
  }
  const int after_send = effects();
  const auto confirmed = timed([&] { return sink->confirm(good, call); });
  expect_declared_error(subject, confirmed);
  EXPECT_EQ(effects(), after_send) << "confirm() had an effect";
  if (confirmed.ok() && confirmed.value().state == Confirmation::State::kPresent) {
    EXPECT_TRUE(confirmed.value().receipt.has_value()) << "present means with its receipt";
    const auto again = timed([&] { return sink->send(good, call); });
    EXPECT_TRUE(again.ok()) << "sent again, what is there already must be taken as success";
    EXPECT_EQ(effects(), after_send) << "sending again had a second effect";
  }
  expect_survives(subject, good, [&](const auto& m, const auto& c) { return sink->send(m, c); });
  expect_survives(subject, good, [&](const auto& m, const auto& c) { return sink->confirm(m, c); });
  sink->stop();
}

void check_source_contract(const Subject& subject, const std::function<void()>& provoke,
                           Through through) {
  Stage stage(subject.plugin, subject.context, through);
  const auto source = started(stage.make_source(subject.kind));
  if (!source) return;
  FakeReceiver receiver;
  Acceptance busy;
  busy.retry_after = std::chrono::milliseconds(1);
  receiver.will_answer(busy);
  const auto listening = source->listen(receiver);
  EXPECT_TRUE(listening.ok()) << (listening.ok() ? "" : listening.error().message);
  provoke();
  EXPECT_TRUE(receiver.wait_for(1, kTooLate)) << "the event was not handed over again after busy";
  timed([&] {
    source->stop();
    return 0;
  });
  for (const Message& message : receiver.accepted()) {
    EXPECT_FALSE(message.source_key.empty()) << "without a source key nothing is exactly once";
  }
}

}  // namespace certbridge::testing
