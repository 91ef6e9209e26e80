// Every call of every interface, plain and through the wire: the same answers either way.
#include <gtest/gtest.h>

#include <condition_variable>

#include "certbridge/testing/fakes.h"
#include "certbridge/testing/memory_content.h"
#include "certbridge/testing/wire.h"

namespace certbridge::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Timestamp at(int second) { return Timestamp(seconds(1'700'000'000 + second)); }

Error refusal() {
  Error error = Error::retryable("wire.refused", "拒绝");
  error.retry_after = milliseconds(1500);
  return error;
}

void expect_same(const Error& error, const Error& expected) {
  EXPECT_EQ(error.severity, expected.severity);
  EXPECT_EQ(error.code, expected.code);
  EXPECT_EQ(error.message, expected.message);
  EXPECT_EQ(error.retry_after, expected.retry_after);
}

// A message that uses every member.
Message whole_message() {
  Message message = message_of("certificate.issue", "text/xml", "<a>𠮷</a>");
  message.id = "m1";
  message.source_key = "S:1";
  message.classified = true;
  message.order_keys = {{"case", "C1"}, {"unit", ""}};
  message.order_number = 42;
  message.created = at(1);
  message.area = "411300";
  message.headers = {{"empty", ""}, {"name", "值"}};
  message.attachments = {attachment_of("a.ofd", "application/ofd", std::string(300'000, 'x'))};
  return message;
}

void expect_same(const Message& message, const Message& expected) {
  EXPECT_EQ(message.id, expected.id);
  EXPECT_EQ(message.type, expected.type);
  EXPECT_EQ(message.source_key, expected.source_key);
  EXPECT_EQ(message.classified, expected.classified);
  EXPECT_EQ(message.order_keys, expected.order_keys);
  EXPECT_EQ(message.order_number, expected.order_number);
  EXPECT_EQ(message.created, expected.created);
  EXPECT_EQ(message.area, expected.area);
  EXPECT_EQ(message.headers, expected.headers);
  EXPECT_EQ(message.media_type, expected.media_type);
  EXPECT_EQ(body_of(message), body_of(expected));
  ASSERT_EQ(message.attachments.size(), expected.attachments.size());
  for (std::size_t i = 0; i < expected.attachments.size(); ++i) {
    const Attachment& mine = message.attachments[i];
    const Attachment& theirs = expected.attachments[i];
    EXPECT_EQ(mine.name, theirs.name);
    EXPECT_EQ(mine.media_type, theirs.media_type);
    EXPECT_EQ(mine.size, theirs.size);
    EXPECT_EQ(mine.digest, theirs.digest);
    EXPECT_EQ(read_all(*mine.content, 1 << 20).value(), read_all(*theirs.content, 1 << 20).value());
  }
}

// Remembers the life cycle; answers and the last call are the test's to look at.
class LifeCycle {
 public:
  Result<void> start() {
    log_ += "start ";
    return start_answer_;
  }
  void stop() { log_ += "stop "; }
  Result<void> check(const Call& call) {
    log_ += "check:" + call.trace_id + " ";
    return Error::fault("wire.refused", "down");
  }
  std::string log_{};
  Result<void> start_answer_{};
};

class TestSink final : public Sink {
 public:
  TestSink(LifeCycle& life, FakeSink& fake) : life_(life), fake_(fake) {}
  Result<void> start() override { return life_.start(); }
  void stop() override { life_.stop(); }
  Result<void> check(const Call& call) override { return life_.check(call); }
  Result<Receipt> send(const Message& message, const Call& call) override {
    return fake_.send(message, call);
  }
  Result<Confirmation> confirm(const Message& message, const Call& call) override {
    return fake_.confirm(message, call);
  }

 private:
  LifeCycle& life_;
  FakeSink& fake_;
};

class WireComponentTest : public ::testing::TestWithParam<Through> {
 protected:
  bool wire() const { return GetParam() == Through::kWire; }
  std::unique_ptr<Sink> sink() {
    std::unique_ptr<Sink> made = std::make_unique<TestSink>(life_, fake_);
    return wire() ? through_wire_sink(std::move(made)) : std::move(made);
  }
  LifeCycle life_{};
  FakeSink fake_{};
  Call call_ = call_of("m1/step", seconds(5));
};

TEST_P(WireComponentTest, StartCheckAndStopReachTheComponentAndTheirErrorsComeBack) {
  const auto component = sink();
  call_.trace_id = "t1";
  EXPECT_TRUE(component->start().ok());
  const auto checked = component->check(call_);
  ASSERT_FALSE(checked.ok());
  expect_same(checked.error(), Error::fault("wire.refused", "down"));
  component->stop();
  EXPECT_EQ(life_.log_, "start check:t1 stop ");
  life_.start_answer_ = refusal();
  const auto refused = component->start();
  ASSERT_FALSE(refused.ok());
  expect_same(refused.error(), refusal());
}

TEST_P(WireComponentTest, ASinkGetsTheWholeMessageAndAnswersWithTheWholeReceipt) {
  const Receipt open{Receipt::State::kOpen, "remote", "correlation", at(2), at(3)};
  fake_.will_answer(open);
  fake_.will_answer(refusal());
  const auto component = sink();
  const auto receipt = component->send(whole_message(), call_);
  ASSERT_TRUE(receipt.ok());
  EXPECT_EQ(receipt.value().state, open.state);
  EXPECT_EQ(receipt.value().remote_id, open.remote_id);
  EXPECT_EQ(receipt.value().correlation, open.correlation);
  EXPECT_EQ(receipt.value().when, open.when);
  EXPECT_EQ(receipt.value().expected_by, open.expected_by);
  ASSERT_EQ(fake_.sent().size(), 1U);
  expect_same(fake_.sent()[0], whole_message());
  const auto refused = component->send(whole_message(), call_);
  ASSERT_FALSE(refused.ok());
  expect_same(refused.error(), refusal());
}

TEST_P(WireComponentTest, EachOfTheFiveConfirmationsComesBackAsItIs) {
  const auto component = sink();
  for (int state = 1; state <= 5; ++state) {
    Confirmation given;
    given.state = static_cast<Confirmation::State>(state);
    given.held = "version " + std::to_string(state);
    if (state == 1) given.receipt = Receipt{Receipt::State::kSettled, "r", "", at(4), {}};
    fake_.will_confirm(given);
    const auto got = component->confirm(whole_message(), call_);
    ASSERT_TRUE(got.ok());
    EXPECT_EQ(got.value().state, given.state);
    EXPECT_EQ(got.value().held, given.held);
    ASSERT_EQ(got.value().receipt.has_value(), state == 1);
    EXPECT_EQ(got.value().receipt.value_or(Receipt{}).remote_id, state == 1 ? "r" : "");
  }
  fake_.will_confirm(refusal());
  const auto refused = component->confirm(whole_message(), call_);
  ASSERT_FALSE(refused.ok());
  expect_same(refused.error(), refusal());
  EXPECT_EQ(fake_.confirms(), 6);
}

// Forwards, because the decorator wants to own what it decorates.
class TestResponder final : public Responder {
 public:
  explicit TestResponder(FakeResponder& fake) : fake_(fake) {}
  Result<Message> answer(const Message& question, const Call& call) override {
    return fake_.answer(question, call);
  }

 private:
  FakeResponder& fake_;
};

class WireResponderTest : public WireComponentTest {
 protected:
  std::unique_ptr<Responder> responder() {
    std::unique_ptr<Responder> made = std::make_unique<TestResponder>(answers_);
    return wire() ? through_wire_responder(std::move(made)) : std::move(made);
  }
  FakeResponder answers_{};
};

TEST_P(WireResponderTest, QuestionAnswerAndRefusalArriveWhole) {
  answers_.will_answer(whole_message());
  answers_.will_answer(refusal());
  const auto component = responder();
  const auto answer = component->answer(message_of("case.read", "text/plain", "C1"), call_);
  ASSERT_TRUE(answer.ok());
  expect_same(answer.value(), whole_message());
  const auto refused = component->answer(whole_message(), call_);
  ASSERT_FALSE(refused.ok());
  expect_same(refused.error(), refusal());
  ASSERT_EQ(answers_.questions().size(), 2U);
  EXPECT_EQ(body_of(answers_.questions()[0]), "C1");
  expect_same(answers_.questions()[1], whole_message());
}

TEST_P(WireResponderTest, TheCallArrivesWithAttemptDeadlineAndEarlierDeliveries) {
  Call seen;
  answers_.answers_with([&seen](const Message& question, const Call& call) -> Result<Message> {
    seen = call;
    return question;
  });
  call_.trace_id = "trace";
  call_.attempt = 7;
  call_.earlier = {{"seal", "sealer", "parked", "r1", "seal.refused", "句", at(5)}};
  ASSERT_TRUE(responder()->answer(whole_message(), call_).ok());
  EXPECT_EQ(seen.trace_id, "trace");
  EXPECT_EQ(seen.step_key, "m1/step");
  EXPECT_EQ(seen.attempt, 7);
  EXPECT_EQ(seen.deadline, call_.deadline);
  ASSERT_EQ(seen.earlier.size(), 1U);
  EXPECT_EQ(seen.earlier[0].delivery, "seal");
  EXPECT_EQ(seen.earlier[0].endpoint, "sealer");
  EXPECT_EQ(seen.earlier[0].state, "parked");
  EXPECT_EQ(seen.earlier[0].remote_id, "r1");
  EXPECT_EQ(seen.earlier[0].error_code, "seal.refused");
  EXPECT_EQ(seen.earlier[0].error_message, "句");
  EXPECT_EQ(seen.earlier[0].when, at(5));
}

// The answer waits for the stop, which the test gives once the call has arrived.
TEST_P(WireResponderTest, AStopDuringTheCallReachesTheComponent) {
  std::stop_source stop;
  call_.stop = stop.get_token();
  answers_.answers_with([&stop](const Message&, const Call& call) -> Result<Message> {
    stop.request_stop();
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    stopped.wait_until(lock, call.stop, call.deadline, [] { return false; });
    return Error::retryable("wire.refused", call.stop.stop_requested() ? "stopped" : "too late");
  });
  const auto answer = responder()->answer(whole_message(), call_);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().message, "stopped");
}

TEST_P(WireResponderTest, AnExceptionOfTheComponentComesOut) {
  answers_.answers_with([](const Message&, const Call&) -> Result<Message> {
    throw std::runtime_error("thrown inside");
  });
  const auto component = responder();
  try {
    (void)component->answer(whole_message(), call_);
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "thrown inside");
  }
}

// Hands over in listen() what it was told to, and keeps what the host answered.
class TestSource final : public Source {
 public:
  explicit TestSource(std::vector<Acceptance>& answers, Result<void>& settled)
      : answers_(answers), settled_(settled) {}
  Result<void> listen(Receiver& receiver) override {
    Message second = whole_message();
    second.source_key = "S:2";
    answers_ = receiver.accept({whole_message(), second});
    settled_ = receiver.settle({"library", "c1"},
                               {Outcome::Verdict::kWithdrawn, "remote", "W9", "撤回", at(6)});
    return refusal();
  }

 private:
  std::vector<Acceptance>& answers_;
  Result<void>& settled_;
};

// Refuses every verdict, so that the error is seen to come back.
class RefusingReceiver final : public Receiver {
 public:
  std::vector<Acceptance> accept(std::vector<Message> messages) override {
    return fake_.accept(std::move(messages));
  }
  Result<void> settle(const Correlation& correlation, const Outcome& outcome) override {
    (void)fake_.settle(correlation, outcome);
    return refusal();
  }
  FakeReceiver fake_{};
};

TEST_P(WireComponentTest, ASourceReachesTheReceiverWithMessagesAndVerdicts) {
  std::vector<Acceptance> answers;
  Result<void> settled;
  RefusingReceiver receiver;
  receiver.fake_.will_answer(
      {Acceptance::Verdict::kRefused, "m9", "event.shape", "句", milliseconds(70)});
  std::unique_ptr<Source> source = std::make_unique<TestSource>(answers, settled);
  if (wire()) source = through_wire_source(std::move(source));
  const auto listening = source->listen(receiver);
  ASSERT_FALSE(listening.ok());
  expect_same(listening.error(), refusal());
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].verdict, Acceptance::Verdict::kRefused);
  EXPECT_EQ(answers[0].id, "m9");
  EXPECT_EQ(answers[0].code, "event.shape");
  EXPECT_EQ(answers[0].message, "句");
  EXPECT_EQ(answers[0].retry_after, milliseconds(70));
  EXPECT_EQ(answers[1].verdict, Acceptance::Verdict::kAccepted);
  ASSERT_EQ(receiver.fake_.accepted().size(), 1U);
  EXPECT_EQ(receiver.fake_.accepted()[0].source_key, "S:2");
  ASSERT_FALSE(settled.ok());
  expect_same(settled.error(), refusal());
  ASSERT_EQ(receiver.fake_.settled().size(), 1U);
  const auto [correlation, outcome] = receiver.fake_.settled()[0];
  EXPECT_EQ(correlation.endpoint + "/" + correlation.value, "library/c1");
  EXPECT_EQ(outcome.verdict, Outcome::Verdict::kWithdrawn);
  EXPECT_EQ(outcome.remote_id + outcome.code + outcome.message, "remoteW9撤回");
  EXPECT_EQ(outcome.when, at(6));
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, WireComponentTest,
                         ::testing::Values(Through::kPlain, Through::kWire));
INSTANTIATE_TEST_SUITE_P(PlainAndWire, WireResponderTest,
                         ::testing::Values(Through::kPlain, Through::kWire));

}  // namespace
}  // namespace certbridge::testing
