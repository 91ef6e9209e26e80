#include <future>

#include "engine/withdrawal.h"
#include "engine_fixture.h"

namespace certbridge::host {
namespace {

Step withdraw() {
  Step step;
  step.kind = StepKind::kWithdraw;
  step.name = "withdraw";
  step.key_kind = "case";
  step.withdraw_type = "certificate.void";
  return step;
}

class WithdrawalTest : public EngineTest {
 protected:
  WithdrawalTest() {
    add_sink("library");
    Step gate = process("gate");
    gate.gives_verdict = true;
    add_processor("gate").on_process = [this](const Message& message, const Call&) {
      Message sealed = message;
      sealed.type = "certificate.issue";
      sealed.headers["type-version"] = "1";
      Attachment file;
      file.name = "certificate.ofd";
      file.media_type = "application/ofd";
      const StoredContent stored = store(*store_->spool().value(), "file").value();
      file.content = stored.content;
      file.size = stored.size;
      file.digest = stored.digest;
      sealed.attachments.push_back(file);
      return std::vector<Message>{sealed};
    };
    add_route("withdraw", "TUIHUI", {withdraw(), deliver("library")});
    add_route("issue", "SHANZHENG", {gate, deliver("library")});
  }
};

TEST_F(WithdrawalTest, WhatWasSentIsVoided) {
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(message_becomes(id, MessageState::kDone));
  const std::string returned = accept(event("r1", "TUIHUI")).id;
  ASSERT_TRUE(message_becomes(returned, MessageState::kDone));
  const auto messages = endpoints_.sinks["library"].messages();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[1].type, "certificate.void");
  EXPECT_TRUE(messages[1].attachments.empty());
  EXPECT_FALSE(messages[1].headers.contains("type-version")) << "it issues nothing";
}

// A report that the case was sealed went out, the certificate did not: the library must hear
// nothing.
TEST_F(WithdrawalTest, WhatOnlyAReportWasSentOfIsNotVoided) {
  add_sink("reporter");
  configuration_.routes.back().steps.push_back(deliver("reporter"));
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  endpoint("library").workers = 1;
  endpoints_.sinks["library"].on_send = [released](const Message&, const Call&) -> Result<Receipt> {
    released.wait();
    return Receipt{};
  };
  start();
  const std::string first = accept(event("e1", "SHANZHENG", "C1")).id;
  ASSERT_TRUE(delivery_becomes(first + "/0", "library", DeliveryState::kSending));
  const std::string second = accept(event("e2", "SHANZHENG", "C2")).id;
  ASSERT_TRUE(delivery_becomes(second + "/0", "reporter", DeliveryState::kDelivered));
  const std::string returned = accept(event("r2", "TUIHUI", "C2")).id;
  ASSERT_TRUE(message_becomes(returned, MessageState::kDone));
  EXPECT_EQ(delivery(second + "/0", "library")->state, DeliveryState::kDiscarded);
  release.set_value();
  ASSERT_TRUE(message_becomes(first, MessageState::kDone));
  for (const Message& message : endpoints_.sinks["library"].messages()) {
    EXPECT_NE(message.type, "certificate.void");
  }
}

TEST_F(WithdrawalTest, WhatIsIncompleteIsWithdrawnAndNothingIsSent) {
  endpoints_.processors["gate"].on_process = [](const Message&,
                                                const Call&) -> Result<std::vector<Message>> {
    return Error::retryable("registration.incomplete", "not yet");
  };
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(message_becomes(id, MessageState::kIncomplete));
  const std::string returned = accept(event("r1", "TUIHUI")).id;
  ASSERT_TRUE(message_becomes(id, MessageState::kWithdrawn));
  ASSERT_TRUE(message_becomes(returned, MessageState::kDone));
  EXPECT_TRUE(endpoints_.sinks["library"].sent().empty());
}

TEST_F(WithdrawalTest, AnotherCaseIsLeftAlone) {
  start();
  const std::string id = accept(event("e1", "SHANZHENG", "C1")).id;
  ASSERT_TRUE(message_becomes(id, MessageState::kDone));
  ASSERT_TRUE(message_becomes(accept(event("r1", "TUIHUI", "C2")).id, MessageState::kDone));
  EXPECT_EQ(endpoints_.sinks["library"].sent().size(), 1U);
}

TEST_F(WithdrawalTest, ADeliveryThatNeverBeganIsDiscarded) {
  // The first event's delivery cannot end, so the second one's has not begun when the case returns.
  endpoints_.sinks["library"].on_send = [](const Message&, const Call&) -> Result<Receipt> {
    return Error::retryable("x.y", "lost");
  };
  endpoints_.sinks["library"].on_confirm = [](const Message&, const Call&) -> Result<Confirmation> {
    Confirmation working;
    working.state = Confirmation::State::kInProgress;
    return working;
  };
  start();
  const std::string first = accept(event("e1")).id;
  const std::string second = accept(event("e2")).id;
  ASSERT_TRUE(delivery_becomes(first + "/0", "library", DeliveryState::kUnknown));
  ASSERT_TRUE(delivery_becomes(second + "/0", "library", DeliveryState::kWaiting));
  accept(event("r1", "TUIHUI"));
  EXPECT_TRUE(delivery_becomes(second + "/0", "library", DeliveryState::kDiscarded));
}

// A route beside others reports each case to a province, and a return reaches that too.
class ReturnedBesideTest : public EngineTest {
 protected:
  ReturnedBesideTest() {
    for (const char* name : {"library", "province", "people"}) add_sink(name);
    Step step = withdraw();
    step.reported_type = "registration.returned";
    add_route("withdraw", "TUIHUI", {step, deliver("people")});
    add_route("issue", "SHANZHENG", {deliver("library")});
    add_route("booked", "SHANZHENG", {process("bookings"), deliver("province")}).beside = true;
    add_processor("bookings");
  }
  ScriptedSink& sink(const std::string& name) { return endpoints_.sinks[name]; }
  // The message that the route beside has of an event, and its booking.
  std::string reported_of(const std::string& key) {
    const auto stored = store_->messages({});
    EXPECT_TRUE(stored.ok());
    for (const StoredMessage& one : stored.value()) {
      if (one.message.source_key == key + "|booked") return one.message.id;
    }
    return {};
  }
};

TEST_F(ReturnedBesideTest, WhatWasReportedIsHandedOnWithItsMessage) {
  start();
  accept(event("e1"));
  const std::string booked = reported_of("e1");
  ASSERT_TRUE(delivery_becomes(booked + "/0", "province", DeliveryState::kDelivered));
  ASSERT_TRUE(message_becomes(accept(event("r1", "TUIHUI")).id, MessageState::kDone));
  const auto told = sink("people").messages();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].type, "registration.returned");
  EXPECT_EQ(told[0].headers.at(kReportedMessage), booked + "/0");
  EXPECT_EQ(told[0].body, nullptr);
  EXPECT_FALSE(stands_beside(told[0]));
  EXPECT_EQ(delivery(booked + "/0", "province")->state, DeliveryState::kDelivered);
}

TEST_F(ReturnedBesideTest, WhatIsNotSentIsDiscardedAndNobodyIsTold) {
  sink("province").on_send = [](const Message&, const Call&) -> Result<Receipt> {
    return Error::retryable("x.y", "lost");
  };
  sink("province").on_confirm = [](const Message&, const Call&) -> Result<Confirmation> {
    return Confirmation{Confirmation::State::kInProgress, {}, {}};
  };
  start();
  Message first = event("e1", "SHANZHENG", "C1");
  Message second = event("e2", "SHANZHENG", "C2");
  for (Message* one : {&first, &second}) one->order_keys.push_back({"unit", "U1"});
  accept(first);
  accept(second);
  const std::string waiting = reported_of("e2") + "/0";
  ASSERT_TRUE(delivery_becomes(waiting, "province", DeliveryState::kWaiting));
  ASSERT_TRUE(message_becomes(accept(event("r2", "TUIHUI", "C2")).id, MessageState::kDone));
  EXPECT_TRUE(delivery_becomes(waiting, "province", DeliveryState::kDiscarded));
  EXPECT_TRUE(sink("people").sent().empty());
  ASSERT_TRUE(message_becomes(accept(event("r1", "TUIHUI", "C1")).id, MessageState::kDone));
  EXPECT_EQ(sink("people").sent().size(), 1U) << "the lost one may have arrived";
}

TEST_F(ReturnedBesideTest, WhatHasNoRowsYetIsWithdrawnAndWhatWasRefusedIsNotThere) {
  endpoints_.processors["bookings"].on_process = [](const Message& message, const Call&) {
    if (message.headers.at("case-no") == "C1") {
      return Result<std::vector<Message>>(Error::retryable("provincial.incomplete", "not yet"));
    }
    return Result<std::vector<Message>>(std::vector<Message>{message});
  };
  sink("province").on_send = [](const Message&, const Call&) -> Result<Receipt> {
    return Error::permanent("provincial.schema", "nothing was sent");
  };
  endpoint("province").refusals = {"provincial.schema"};
  start();
  Message waiting = event("e1", "SHANZHENG", "C1");
  Message refused = event("e2", "SHANZHENG", "C2");
  waiting.headers["case-no"] = "C1";
  refused.headers["case-no"] = "C2";
  accept(waiting);
  accept(refused);
  ASSERT_TRUE(message_becomes(reported_of("e1"), MessageState::kIncomplete));
  ASSERT_TRUE(delivery_becomes(reported_of("e2") + "/0", "province", DeliveryState::kParked));
  ASSERT_TRUE(message_becomes(accept(event("r1", "TUIHUI", "C1")).id, MessageState::kDone));
  ASSERT_TRUE(message_becomes(accept(event("r2", "TUIHUI", "C2")).id, MessageState::kDone));
  EXPECT_TRUE(message_becomes(reported_of("e1"), MessageState::kWithdrawn));
  EXPECT_TRUE(sink("people").sent().empty());
}

}  // namespace
}  // namespace certbridge::host
