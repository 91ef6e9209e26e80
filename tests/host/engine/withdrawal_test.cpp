#include <future>

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

}  // namespace
}  // namespace certbridge::host
