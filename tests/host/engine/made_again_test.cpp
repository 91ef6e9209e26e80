// What a counterpart refused is made again of what its source says by now; what stands is not sent
// twice.
#include "engine/made_again.h"

#include "engine_fixture.h"

namespace certbridge::host {
namespace {

using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class MadeAgain : public EngineTest {
 protected:
  MadeAgain() {
    add_sink("province");
    add_processor("bookings").on_process = [this](const Message& message, const Call&) {
      const std::lock_guard lock(mutex_);
      std::vector<Message> made;
      for (const std::string& fact : facts_) {
        Message one = message;
        one.body = content_of(fact);
        one.order_keys = {{"unit", "U" + std::to_string(made.size())}};
        made.push_back(one);
      }
      return Result<std::vector<Message>>(made);
    };
    endpoint("province").refusals = {"provincial.schema"};
    endpoints_.sinks["province"].on_send = [](const Message& message, const Call&) {
      const std::string fact = read_all(*message.body, 100).value();
      if (fact.starts_with("wrong")) {
        return Result<Receipt>(Error::permanent("provincial.schema", "a code is not in its list"));
      }
      return Result<Receipt>(Receipt{});
    };
    add_route("booked", "DENGBU", {process("bookings"), deliver("province")});
  }
  void source_says(std::vector<std::string> facts) {
    const std::lock_guard lock(mutex_);
    facts_ = std::move(facts);
  }
  void refetch(const std::string& id) {
    MessageChange change;
    change.id = id;
    change.expected = {MessageState::kRouted, MessageState::kDone};
    change.state = MessageState::kAccepted;
    change.anew = true;
    Transition transition;
    transition.messages.push_back(change);
    ASSERT_TRUE(store_->apply(transition).ok());
  }
  std::string refused() {
    source_says({"good one", "wrong one"});
    start();
    const std::string id = accept(event("e1", "DENGBU")).id;
    EXPECT_TRUE(delivery_becomes(id + "/0", "province", DeliveryState::kDelivered));
    EXPECT_TRUE(delivery_becomes(id + "/1", "province", DeliveryState::kParked));
    return id;
  }
  ScriptedSink& province() { return endpoints_.sinks["province"]; }

  std::mutex mutex_{};
  std::vector<std::string> facts_{};
};

TEST_F(MadeAgain, OnlyWhatWasRefusedTakesThePlaceOfWhatItWas) {
  const std::string id = refused();
  source_says({"good one, changed", "mended one"});
  refetch(id);
  EXPECT_TRUE(delivery_becomes(id + "/1-2", "province", DeliveryState::kDelivered));
  EXPECT_EQ(delivery(id + "/1", "province")->state, DeliveryState::kSuperseded);
  EXPECT_TRUE(message_becomes(id, MessageState::kDone));
  EXPECT_THAT(province().sent(), UnorderedElementsAre(id + "/0", id + "/1", id + "/1-2"));
}

TEST_F(MadeAgain, WhatIsStillTheSameStaysRefused) {
  const std::string id = refused();
  refetch(id);
  EXPECT_TRUE(eventually([&] {
    const auto trace = store_->trace(id);
    return trace && std::any_of(trace.value().begin(), trace.value().end(), [](const auto& entry) {
             return entry.step == "read again" && entry.outcome == "same";
           });
  }));
  EXPECT_TRUE(message_becomes(id, MessageState::kDone));
  EXPECT_EQ(delivery(id + "/1", "province")->state, DeliveryState::kParked);
  EXPECT_THAT(province().sent(), SizeIs(2));
}

TEST_F(MadeAgain, LaterMessagesOfItsKeyWaitForIt) {
  const std::string id = refused();
  source_says({"good again", "later"});
  const std::string next = accept(event("e2", "DENGBU", "C2")).id;
  ASSERT_TRUE(delivery_becomes(next + "/0", "province", DeliveryState::kDelivered));
  EXPECT_EQ(delivery(next + "/1", "province")->waits_for,
            "parked delivery of message " + id + "/1");
}

TEST_F(MadeAgain, TheSecondMendingIsANumberFurther) {
  const std::string id = refused();
  source_says({"good one", "wrong two"});
  refetch(id);
  ASSERT_TRUE(delivery_becomes(id + "/1-2", "province", DeliveryState::kParked));
  source_says({"good one", "mended one"});
  refetch(id);
  EXPECT_TRUE(delivery_becomes(id + "/1-3", "province", DeliveryState::kDelivered));
  EXPECT_EQ(delivery(id + "/1-2", "province")->state, DeliveryState::kSuperseded);
}

TEST(MadeAgainRoutes, WhatSealsJudgesOrRegistersIsMadeOnce) {
  Step plain;
  plain.kind = StepKind::kProcess;
  Step life;
  life.kind = StepKind::kLife;
  Step sealing = plain;
  sealing.outside_effect = true;
  Step judging = plain;
  judging.gives_verdict = true;
  Step choosing;
  choosing.kind = StepKind::kChoose;
  choosing.branches = {{{}, {plain}}, {{}, {life}}};
  EXPECT_TRUE(can_be_made_again({plain, plain}));
  for (const Step& step : {life, sealing, judging, choosing}) {
    EXPECT_FALSE(can_be_made_again({plain, step}));
  }
}

}  // namespace
}  // namespace certbridge::host
