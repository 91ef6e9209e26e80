// Verdicts that are left to be fetched: asked for, looked at for a while, and contradicted.
#include "engine/overdue.h"
#include "engine_fixture.h"

namespace certbridge::host {
namespace {

using namespace std::chrono_literals;

class FetchedVerdicts : public EngineTest {
 protected:
  enum class Says { kNothing, kAccepted, kRejected };

  FetchedVerdicts() {
    add_sink("strict");
    add_sink("mild");
    add_sink("quick");
    add_route("booked", "DENGBU", {deliver("strict")});
    add_route("noted", "BANJIE", {deliver("mild")});
    add_route("handed-out", "FAZHENG", {deliver("quick")});
    for (const char* name : {"strict", "mild", "quick"}) {
      endpoint(name).delivery.verdicts = {50ms, 10min, 50ms, true};
      endpoints_.sinks[name].on_send = [this](const Message& message, const Call&) {
        return Result<Receipt>(receipt_of(message, Receipt::State::kOpen));
      };
      endpoints_.sinks[name].on_confirm = [this](const Message& message, const Call&) {
        return said_of(message);
      };
    }
  }
  Receipt receipt_of(const Message& message, Receipt::State state) const {
    Receipt receipt;
    receipt.state = state;
    receipt.correlation = numbered_ ? *numbered_ : "number of " + message.id;
    receipt.expected_by = state == Receipt::State::kOpen
                              ? std::optional(clock_.now() + std::chrono::hours(1))
                              : std::nullopt;
    return receipt;
  }
  Result<Confirmation> said_of(const Message& message) const {
    if (says_ == Says::kRejected) return Error::permanent(kCodeRejected, "code 1000, twice");
    if (says_ == Says::kNothing) return Confirmation{Confirmation::State::kInProgress, {}, {}};
    return Confirmation{
        Confirmation::State::kPresent, receipt_of(message, Receipt::State::kSettled), {}};
  }
  std::size_t sent(const char* name) { return endpoints_.sinks[name].sent().size(); }
  std::string accepted_and_looked_at(const std::string& type = "DENGBU") {
    says_ = Says::kAccepted;
    const char* name = type == "DENGBU" ? "strict" : "mild";
    const std::string id = accept(event("e1", type)).id;
    EXPECT_TRUE(delivery_becomes(id, name, DeliveryState::kDelivered));
    const int before = endpoints_.sinks[name].confirmed();
    EXPECT_TRUE(eventually([&] { return endpoints_.sinks[name].confirmed() > before + 2; }));
    EXPECT_EQ(delivery(id, name)->state, DeliveryState::kDelivered);
    return id;
  }

  std::atomic<Says> says_{Says::kNothing};
  std::optional<std::string> numbered_{};  // the number of every receipt
};

TEST_F(FetchedVerdicts, AreAskedForBeforeTheyAreDueAndWithoutAnAlarm) {
  start();
  const std::string id = accept(event("e1", "DENGBU")).id;
  ASSERT_TRUE(eventually([&] { return endpoints_.sinks["strict"].confirmed() > 3; }));
  EXPECT_EQ(delivery(id, "strict")->state, DeliveryState::kOpen);
  EXPECT_EQ(delivery(id, "strict")->error_code, "");
  says_ = Says::kAccepted;
  EXPECT_TRUE(delivery_becomes(id, "strict", DeliveryState::kDelivered));
  EXPECT_TRUE(message_becomes(id, MessageState::kDone));
  EXPECT_EQ(sent("strict"), 1U);
}

TEST_F(FetchedVerdicts, AnOpenOneLetsTheNextOfItsKeyGoWhereItsSinkSaysSo) {
  orders_.note("quick", DeliveryOrder::kAccepted);
  start();
  const std::string first = accept(event("e1", "FAZHENG")).id;
  ASSERT_TRUE(delivery_becomes(first, "quick", DeliveryState::kOpen));
  const std::string second = accept(event("e2", "FAZHENG")).id;
  EXPECT_TRUE(delivery_becomes(second, "quick", DeliveryState::kOpen));
  EXPECT_EQ(delivery(first, "quick")->state, DeliveryState::kOpen);
}

TEST(OrderRules, TheConfigurationGoesBeforeTheSinkAndWithoutEitherVerdictsAreWaitedFor) {
  Configuration configuration;
  configuration.endpoints.resize(2);
  configuration.endpoints[0].name = "given";
  configuration.endpoints[0].order = DeliveryOrder::kSettled;
  configuration.endpoints[1].name = "silent";
  OrderRules rules(configuration);
  EXPECT_FALSE(rules.goes_on("silent"));
  rules.note("given", DeliveryOrder::kAccepted);
  rules.note("silent", DeliveryOrder::kAccepted);
  EXPECT_FALSE(rules.goes_on("given"));
  EXPECT_TRUE(rules.goes_on("silent"));
  EXPECT_EQ(rules.fields("given"),
            (LogFields{{"endpoint", "given"}, {"order", "settled"}, {"from", "configuration"}}));
  EXPECT_EQ(rules.fields("silent"),
            (LogFields{{"endpoint", "silent"}, {"order", "accepted"}, {"from", "sink"}}));
}

TEST_F(FetchedVerdicts, AnOpenOneHoldsTheNextOfItsKeyBack) {
  start();
  const std::string first = accept(event("e1", "DENGBU")).id;
  ASSERT_TRUE(delivery_becomes(first, "strict", DeliveryState::kOpen));
  const std::string second = accept(event("e2", "DENGBU")).id;
  ASSERT_TRUE(message_becomes(second, MessageState::kRouted));
  EXPECT_EQ(delivery(second, "strict")->waits_for, "open delivery of message " + first);
  says_ = Says::kAccepted;
  EXPECT_TRUE(delivery_becomes(second, "strict", DeliveryState::kDelivered));
}

TEST_F(FetchedVerdicts, ARejectionAfterAcceptanceIsARepairCaseThatLaterMessagesWaitFor) {
  start();
  const std::string first = accepted_and_looked_at();
  says_ = Says::kRejected;
  ASSERT_TRUE(delivery_becomes(first, "strict", DeliveryState::kRepair));
  EXPECT_EQ(delivery(first, "strict")->error_code, "delivery.rejected");
  EXPECT_EQ(delivery(first, "strict")->error_message, "code 1000, twice");
  EXPECT_EQ(delivery(first, "strict")->reach, Reach::kRefused);
  const std::string second = accept(event("e2", "DENGBU")).id;
  ASSERT_TRUE(message_becomes(second, MessageState::kRouted));
  EXPECT_EQ(delivery(second, "strict")->waits_for, "repair delivery of message " + first);
  const auto alarms = store_->waiting_alarms(clock_.now() + 1min, 1);
  ASSERT_TRUE(alarms.ok());
  ASSERT_EQ(alarms.value().size(), 1U);
  EXPECT_EQ(alarms.value()[0].oldest.cause, "repair delivery of message " + first);
  // The platform takes its word back: the last one counts, and what waits goes.
  Outcome accepted;
  accepted.when = clock_.now();
  says_ = Says::kAccepted;
  ASSERT_TRUE(store_->settle({"strict", "number of " + first}, accepted).ok());
  EXPECT_TRUE(delivery_becomes(second, "strict", DeliveryState::kDelivered));
  EXPECT_EQ(sent("strict"), 2U);
}

TEST_F(FetchedVerdicts, ALateRejectionIsOfItsDeliveryAlsoWhereTheReceiptHasNoNumber) {
  numbered_ = "";
  start();
  const std::string id = accepted_and_looked_at();
  says_ = Says::kRejected;
  ASSERT_TRUE(delivery_becomes(id, "strict", DeliveryState::kRepair));
  EXPECT_EQ(delivery(id, "strict")->error_message, "code 1000, twice");
  EXPECT_NE(logged().find("delivery.rejected_late"), std::string::npos);
  EXPECT_EQ(logged().find("twice"), std::string::npos) << "it may name people";
}

TEST_F(FetchedVerdicts, ALateRejectionIsOfItsDeliveryAlsoWhereALaterOneHasTheSameNumber) {
  numbered_ = "a number";
  std::atomic<bool> late{false};
  endpoints_.sinks["strict"].on_confirm = [&](const Message& message, const Call&) {
    const bool rejected = late && message.source_key == "e1";
    return rejected ? Result<Confirmation>(Error::permanent(kCodeRejected, "x")) : said_of(message);
  };
  start();
  const std::string first = accepted_and_looked_at();
  const std::string second = accept(event("e2", "DENGBU")).id;
  ASSERT_TRUE(delivery_becomes(second, "strict", DeliveryState::kDelivered));
  late = true;
  ASSERT_TRUE(delivery_becomes(first, "strict", DeliveryState::kRepair));
  EXPECT_EQ(delivery(second, "strict")->state, DeliveryState::kDelivered);
  EXPECT_TRUE(stop());
}

TEST_F(FetchedVerdicts, WhatASinkRemembersWhenItIsLookedAtIsKept) {
  const auto memory = memory_->for_endpoint("strict");
  std::atomic<int> asked{0};
  endpoints_.sinks["strict"].on_confirm = [&](const Message& message, const Call& call) {
    if (++asked > 1) (void)memory->put(call.step_key, {"unit", "U"}, "looked at", "yes");
    return said_of(message);
  };
  says_ = Says::kAccepted;
  start();
  ASSERT_TRUE(
      delivery_becomes(accept(event("e1", "DENGBU")).id, "strict", DeliveryState::kDelivered));
  EXPECT_TRUE(eventually([&] {
    return memory->get("another step", {"unit", "U"}, "looked at").value() == "yes";
  }));
  EXPECT_TRUE(stop());
}

TEST_F(FetchedVerdicts, WhatIsWatchedIsLookedAtOnceMoreWhenTheTimeIsOver) {
  endpoint("strict").delivery.verdicts.look = std::chrono::hours(1);
  endpoint("strict").delivery.verdicts.watch = 1ms;
  std::atomic<int> asked{0};
  endpoints_.sinks["strict"].on_confirm = [&](const Message& message, const Call&) {
    says_ = ++asked == 1 ? Says::kAccepted : Says::kRejected;
    return said_of(message);
  };
  start();
  const std::string id = accept(event("e1", "DENGBU")).id;
  EXPECT_TRUE(delivery_becomes(id, "strict", DeliveryState::kRepair));
  EXPECT_TRUE(stop());
}

TEST(NextLook, IsAfterItsPauseOrWhenTheTimeIsOver) {
  const VerdictPolicy policy{{}, 72h, 6h, false};
  const Timestamp now{};
  EXPECT_EQ(next_look(policy, now + 72h, now), now + 6h);
  EXPECT_EQ(next_look(policy, now + 72h, now + 66h + 1s), now + 72h);
}

TEST_F(FetchedVerdicts, ALateRejectionHoldsNobodyBackWhereTheEndpointDoesNotSaySo) {
  start();
  const std::string first = accepted_and_looked_at("BANJIE");
  says_ = Says::kRejected;
  ASSERT_TRUE(delivery_becomes(first, "mild", DeliveryState::kRepair));
  says_ = Says::kAccepted;
  const std::string second = accept(event("e2", "BANJIE")).id;
  EXPECT_TRUE(delivery_becomes(second, "mild", DeliveryState::kDelivered));
}

TEST_F(FetchedVerdicts, TheSameRejectionIsOneMoreAfterAnAcceptanceThatWasFetched) {
  start();
  const std::string id = accepted_and_looked_at();
  says_ = Says::kRejected;
  ASSERT_TRUE(delivery_becomes(id, "strict", DeliveryState::kRepair));
  says_ = Says::kAccepted;
  DeliveryChange replayed;
  replayed.id = delivery(id, "strict")->id;
  replayed.expected = {DeliveryState::kRepair};
  replayed.state = DeliveryState::kUnknown;
  replayed.next_at = clock_.now();
  Transition transition;
  transition.delivery_changes.push_back(replayed);
  ASSERT_TRUE(store_->apply(transition).ok());
  ASSERT_TRUE(delivery_becomes(id, "strict", DeliveryState::kDelivered));
  says_ = Says::kRejected;
  EXPECT_TRUE(delivery_becomes(id, "strict", DeliveryState::kRepair));
}

TEST_F(FetchedVerdicts, NobodyLooksAnyMoreOnceTheTimeIsOver) {
  endpoint("strict").delivery.verdicts.watch = 1ms;
  start();
  says_ = Says::kAccepted;
  const std::string id = accept(event("e1", "DENGBU")).id;
  ASSERT_TRUE(eventually([&] {
    const auto found = delivery(id, "strict");
    return found && found->state == DeliveryState::kDelivered && found->receipt &&
           !found->receipt->expected_by;
  }));
  const auto due =
      store_->due_deliveries("strict", clock_.now() + std::chrono::hours(1), 10, {}, Lane::kBulk);
  ASSERT_TRUE(due.ok());
  EXPECT_TRUE(due.value().empty());
}

TEST_F(FetchedVerdicts, LookingGoesOnAfterARestart) {
  start();
  const std::string id = accepted_and_looked_at();
  reopen();
  says_ = Says::kRejected;
  start();
  EXPECT_TRUE(delivery_becomes(id, "strict", DeliveryState::kRepair));
}

}  // namespace
}  // namespace certbridge::host
