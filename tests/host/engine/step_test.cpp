#include "engine_fixture.h"

namespace certbridge::host {
namespace {

using testing::ElementsAre;

Message child_of(const Message& parent, const std::string& mark) {
  Message child = parent;
  child.type = "certificate.issue";
  child.headers["mark"] = mark;
  return child;
}

TEST_F(EngineTest, ACaseWithTwoCertificatesIsDeliveredTwice) {
  auto& library = add_sink("library");
  add_processor("read").on_process = [](const Message& message, const Call&) {
    return std::vector<Message>{child_of(message, "a"), child_of(message, "b")};
  };
  add_route("issue", "SHANZHENG", {process("read"), deliver("library")});
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(message_becomes(id, MessageState::kDone));
  EXPECT_THAT(library.sent(), testing::UnorderedElementsAre(id + "/0", id + "/1"));
  EXPECT_EQ(message(id + "/0").message.order_number, message(id).message.order_number);
  EXPECT_EQ(delivery(id + "/0", "library")->receipt->remote_id, "remote-" + id + "/0");
}

TEST_F(EngineTest, ACaseOfAWholeDevelopmentIsOneEventAndNoLimitIsSilent) {
  std::size_t units = 1200;
  add_processor("read").on_process = [&](const Message& message, const Call&) {
    return std::vector<Message>(units, child_of(message, "unit"));
  };
  add_route("issue", "SHANZHENG", {process("read")});
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(message_becomes(id, MessageState::kDone));
  EXPECT_EQ(store_->children(id).value().size(), 1200U);
  units = 10'001;
  const std::string larger = accept(event("e2", "SHANZHENG", "C2")).id;
  ASSERT_TRUE(message_becomes(larger, MessageState::kParked));
  EXPECT_EQ(message(larger).error_code, "engine.too_many_children");
  EXPECT_THAT(message(larger).error_message, testing::HasSubstr("made 10001 messages"));
}

// Makes two messages in each run and leaves the rest, until it has made `wanted`.
auto in_pieces(int wanted) {
  return [wanted](const Message& message, const Call&) -> Result<std::vector<Message>> {
    const auto again = message.headers.find("again");
    const int run = again == message.headers.end() ? 0 : std::stoi(again->second);
    std::vector<Message> made;
    for (int n = 2 * run; n < std::min(wanted, 2 * run + 2); ++n) {
      made.push_back(child_of(message, std::to_string(n)));
    }
    if (2 * run + 2 < wanted) {
      Message rest = message;
      rest.headers["again"] = std::to_string(run + 1);
      made.push_back(rest);
    }
    return made;
  };
}

TEST_F(EngineTest, WhatAStepLeavesRunsTheRouteOnceMoreAndInOrder) {
  auto& library = add_sink("library");
  std::atomic<bool> in_order{true};
  add_processor("read").on_process = [&](const Message& message, const Call& call) {
    const auto sharing = store_->messages_with_key(message.order_keys.at(0), 100);
    for (const StoredMessage& other : sharing.value()) {
      const bool earlier = other.message.order_number < message.order_number;
      if (earlier && other.state == MessageState::kAccepted) in_order = false;
    }
    return in_pieces(5)(message, call);
  };
  add_route("issue", "SHANZHENG", {process("read"), deliver("library")});
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(eventually([&] { return library.sent().size() == 5; }));
  std::vector<std::string> marks;
  for (const Message& message : library.messages()) marks.push_back(message.headers.at("mark"));
  std::sort(marks.begin(), marks.end());
  EXPECT_THAT(marks, ElementsAre("0", "1", "2", "3", "4"));
  EXPECT_TRUE(message_becomes(id, MessageState::kDone));
  EXPECT_EQ(endpoints_.processors["read"].calls, 3);
  EXPECT_TRUE(in_order);
}

TEST_F(EngineTest, WhatAStepLeavesIsAcceptedOnceAlsoWhenItsRunIsRepeated) {
  auto& library = add_sink("library");
  add_processor("read").on_process = in_pieces(3);
  add_route("issue", "SHANZHENG", {process("read"), deliver("library")});
  std::atomic<int> routed{0};
  store_->before_apply = [&](const Transition& transition) -> Result<void> {
    if (transition.children.empty() || ++routed > 1) return {};
    return Error::retryable("journal.failed", "the disk is full");
  };
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(eventually([&] { return library.sent().size() == 3; }));
  ASSERT_TRUE(message_becomes(id, MessageState::kDone));
  ASSERT_TRUE(stop());
  EXPECT_EQ(library.sent().size(), 3);
  EXPECT_EQ(endpoints_.processors["read"].calls, 3);
}

TEST_F(EngineTest, AStepThatLeavesSomethingForEverIsSetAside) {
  add_processor("read").on_process = [](const Message& message, const Call&) {
    Message rest = message;
    rest.headers["again"] = std::to_string(std::stoi("0" + rest.headers["again"]) + 1);
    return std::vector<Message>{rest};
  };
  add_route("issue", "SHANZHENG", {process("read")});
  start();
  Message last = event("e1");
  last.headers["again"] = "1000";
  const std::string id = accept(last).id;
  ASSERT_TRUE(message_becomes(id, MessageState::kParked));
  EXPECT_EQ(message(id).error_code, "engine.too_many_runs");
}

TEST_F(EngineTest, AStepThatKeepsOneMessageKeepsItsId) {
  auto& library = add_sink("library");
  add_processor("read").on_process = [](const Message& message, const Call&) {
    return std::vector<Message>{child_of(message, "a")};
  };
  add_processor("compose");
  add_route("issue", "SHANZHENG", {process("read"), process("compose"), deliver("library")});
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(message_becomes(id, MessageState::kDone));
  EXPECT_THAT(library.sent(), ElementsAre(id + "/0"));
}

TEST_F(EngineTest, TheFirstRouteThatTakesAMessageHasIt) {
  add_processor("first");
  add_processor("second");
  add_route("one", "SHANZHENG", {process("first")});
  add_route("two", "", {process("second")});
  start();
  ASSERT_TRUE(message_becomes(accept(event("e1")).id, MessageState::kDone));
  EXPECT_EQ(endpoints_.processors["first"].calls, 1);
  EXPECT_EQ(endpoints_.processors["second"].calls, 0);
}

TEST_F(EngineTest, AMessageThatNoRouteTakesIsParked) {
  add_route("issue", "SHANZHENG", {});
  start();
  const std::string id = accept(event("e1", "ZHUXIAO")).id;
  ASSERT_TRUE(message_becomes(id, MessageState::kParked));
  EXPECT_EQ(message(id).error_code, "route.none");
}

TEST_F(EngineTest, AFilterEndsAMessageAsDone) {
  auto& library = add_sink("library");
  Step filter;
  filter.kind = StepKind::kFilter;
  filter.name = "filter";
  filter.when.text = "area = '411324'";
  add_route("issue", "SHANZHENG", {filter, deliver("library")});
  start();
  ASSERT_TRUE(message_becomes(accept(event("e1")).id, MessageState::kDone));
  EXPECT_TRUE(library.sent().empty());
}

TEST_F(EngineTest, AChoiceWithoutABranchParks) {
  Step choose;
  choose.kind = StepKind::kChoose;
  choose.name = "choose";
  choose.branches.push_back({{"area = '411324'", ConditionScope::kEnvelope, {}}, {}});
  add_route("issue", "SHANZHENG", {choose});
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(message_becomes(id, MessageState::kParked));
  EXPECT_EQ(message(id).error_code, "route.no_branch");
}

TEST_F(EngineTest, ARecordThatIsNotCompleteWaitsAndIsReadAgain) {
  auto& library = add_sink("library");
  auto& read = add_processor("read");
  read.on_process = [&read](const Message& message,
                            const Call& call) -> Result<std::vector<Message>> {
    if (read.calls < 3)
      return Error::retryable("registration.incomplete", "no certificate row yet");
    EXPECT_EQ(call.attempt, 3);
    return std::vector<Message>{child_of(message, "a")};
  };
  add_route("issue", "SHANZHENG", {process("read"), deliver("library")});
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(message_becomes(id, MessageState::kDone));
  EXPECT_EQ(library.sent().size(), 1U);
  EXPECT_EQ(read.calls, 3);
}

TEST_F(EngineTest, AnIncompleteMessageIsParkedAtItsLimit) {
  add_processor("read").on_process = [](const Message&,
                                        const Call&) -> Result<std::vector<Message>> {
    return Error::retryable("registration.incomplete", "never");
  };
  add_route("issue", "SHANZHENG", {process("read")}).incomplete_limit =
      std::chrono::milliseconds(30);
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(message_becomes(id, MessageState::kParked));
  EXPECT_EQ(message(id).error_code, "registration.incomplete");
}

TEST_F(EngineTest, AnIncompleteMessageIsParkedOnceNothingOfItsCaseIsUnderWay) {
  auto& read = add_processor("read");
  auto& check = add_processor("check");
  std::atomic<bool> refuse{false};
  read.on_process = [&](const Message&, const Call&) -> Result<std::vector<Message>> {
    if (refuse) return Error::permanent("validation.holder", "no holder");
    return Error::retryable("registration.incomplete", "not yet");
  };
  check.on_process = [](const Message&, const Call&) -> Result<std::vector<Message>> {
    return Error::retryable("registration.case_not_collected", "1 certificate is not collected");
  };
  add_route("issue", "SHANZHENG", {process("read")});
  add_route("concluded", "BANJIE", {process("check")}).incomplete_while = "case";
  start();
  const std::string issue = accept(event("e1", "SHANZHENG")).id;
  const std::string concluded = accept(event("e2", "BANJIE")).id;
  ASSERT_TRUE(eventually([&] { return check.calls > 2; }));
  EXPECT_EQ(message(concluded).state, MessageState::kIncomplete);
  refuse = true;
  ASSERT_TRUE(message_becomes(issue, MessageState::kParked));
  ASSERT_TRUE(message_becomes(concluded, MessageState::kParked));
  EXPECT_EQ(message(concluded).error_code, "registration.case_not_collected");
}

TEST_F(EngineTest, TroubleIsNoAnswerToWhetherAMessageIsComplete) {
  auto& check = add_processor("check");
  std::atomic<bool> down{true};
  check.on_process = [&](const Message&, const Call&) -> Result<std::vector<Message>> {
    if (down) return Error::retryable("registration.records_unavailable", "the database is down");
    return std::vector<Message>{};
  };
  RouteConfig& route = add_route("concluded", "BANJIE", {process("check")});
  route.incomplete_while = "case";
  route.incomplete_code = "registration.case_not_collected";
  start();
  const std::string concluded = accept(event("e1", "BANJIE")).id;
  ASSERT_TRUE(eventually([&] { return check.calls > 2; }));
  EXPECT_EQ(message(concluded).state, MessageState::kIncomplete);
  down = false;
  EXPECT_TRUE(message_becomes(concluded, MessageState::kDone));
}

TEST_F(EngineTest, ARefusedMessageIsParkedAndReported) {
  auto& reporter = add_sink("reporter");
  add_processor("read").on_process = [](const Message&,
                                        const Call&) -> Result<std::vector<Message>> {
    return Error::permanent("citizen_id.check_digit", "holders[1].code: the check digit is wrong");
  };
  add_route("issue", "SHANZHENG", {process("read")}).report_refusal = "reporter";
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(message_becomes(id, MessageState::kParked));
  ASSERT_TRUE(delivery_becomes(id + "/refusal", "report-refusal", DeliveryState::kDelivered));
  const Message told = reporter.messages().front();
  EXPECT_EQ(told.type, "registration.refusal");
  EXPECT_EQ(told.headers.at("refusal-code"), "citizen_id.check_digit");
  EXPECT_EQ(told.headers.at("refusal-step"), "read");
  EXPECT_EQ(told.headers.at("case-no"), "C1");
}

TEST_F(EngineTest, AParkedMessageHoldsUpNobodyElse) {
  auto& library = add_sink("library");
  add_processor("read").on_process = [](const Message& message,
                                        const Call&) -> Result<std::vector<Message>> {
    if (message.source_key == "bad") return Error::permanent("x.bad", "bad");
    return std::vector<Message>{message};
  };
  add_route("issue", "SHANZHENG", {process("read"), deliver("library")});
  start();
  const std::string bad = accept(event("bad")).id;
  const std::string good = accept(event("good")).id;
  ASSERT_TRUE(message_becomes(bad, MessageState::kParked));
  ASSERT_TRUE(message_becomes(good, MessageState::kDone));
  EXPECT_EQ(library.sent().size(), 1U);
}

TEST_F(EngineTest, ANewerEventThatComesThroughSupersedesParkedOnesOfItsCaseAndRoute) {
  add_processor("read").on_process = [](const Message& message,
                                        const Call&) -> Result<std::vector<Message>> {
    if (message.source_key.starts_with("bad")) return Error::permanent("case.wrong", "wrong");
    return std::vector<Message>{message};
  };
  add_route("issue", "SHANZHENG", {process("read")}).supersedes = "case";
  add_route("status", "YISHI", {process("read")});
  start();
  const std::string first = accept(event("bad1")).id;
  const std::string second = accept(event("bad2")).id;
  const std::string other_case = accept(event("bad3", "SHANZHENG", "C2")).id;
  const std::string other_route = accept(event("bad4", "YISHI")).id;
  for (const std::string& id : {first, second, other_case, other_route}) {
    ASSERT_TRUE(message_becomes(id, MessageState::kParked));
  }
  const std::string good = accept(event("good")).id;
  ASSERT_TRUE(message_becomes(good, MessageState::kDone));
  for (const std::string& id : {first, second}) {
    EXPECT_EQ(message(id).state, MessageState::kSuperseded);
    EXPECT_EQ(message(id).error_code, "message.superseded");
    EXPECT_NE(message(id).error_message.find(good), std::string::npos) << "by which";
  }
  const std::string later = accept(event("bad5")).id;
  ASSERT_TRUE(message_becomes(later, MessageState::kParked)) << "the newest is for a person";
  EXPECT_EQ(message(other_case).state, MessageState::kParked);
  EXPECT_EQ(message(other_route).state, MessageState::kParked);
}

TEST_F(EngineTest, SupersededAndWithdrawnAreStatesAndNotParked) {
  add_processor("read").on_process = [](const Message& message,
                                        const Call&) -> Result<std::vector<Message>> {
    return Error::permanent(message.source_key == "s" ? kCodeSuperseded : kCodeWithdrawn,
                            "by its source");
  };
  add_route("issue", "SHANZHENG", {process("read")});
  start();
  EXPECT_TRUE(message_becomes(accept(event("s")).id, MessageState::kSuperseded));
  EXPECT_TRUE(message_becomes(accept(event("w", "SHANZHENG", "C2")).id, MessageState::kWithdrawn));
}

TEST_F(EngineTest, AStepWithAnOutsideEffectIsAskedOnceForOnePreparation) {
  auto& seal = add_processor("seal");
  auto& later = add_processor("later");
  seal.on_process = [&seal](const Message& message, const Call&) {
    Message sealed = message;
    sealed.headers["sealed"] = std::to_string(seal.calls.load());
    return std::vector<Message>{sealed};
  };
  later.on_process = [&later](const Message& message, const Call&) -> Result<std::vector<Message>> {
    if (later.calls == 1) return Error::retryable("x.later", "not yet");
    EXPECT_EQ(message.headers.at("sealed"), "1");
    return std::vector<Message>{message};
  };
  Step sealing = process("seal");
  sealing.outside_effect = true;
  add_route("issue", "SHANZHENG", {sealing, process("later")});
  start();
  ASSERT_TRUE(message_becomes(accept(event("e1")).id, MessageState::kDone));
  EXPECT_EQ(seal.calls, 1);
  EXPECT_EQ(later.calls, 2);
}

TEST_F(EngineTest, MemoryOfAFailedRunIsForgottenAndOfAGoodOneKept) {
  auto memory = memory_->for_endpoint("read");
  auto& read = add_processor("read");
  read.on_process = [&](const Message& message, const Call& call) -> Result<std::vector<Message>> {
    EXPECT_EQ(memory->get(call.step_key, {}, "seen").value(), std::nullopt);
    EXPECT_TRUE(memory->put(call.step_key, {}, "seen", "yes").ok());
    if (read.calls == 1) return Error::retryable("x.later", "not yet");
    return std::vector<Message>{message};
  };
  add_route("issue", "SHANZHENG", {process("read")});
  start();
  ASSERT_TRUE(message_becomes(accept(event("e1")).id, MessageState::kDone));
  EXPECT_EQ(memory->get("other", {}, "seen").value(), "yes");
}

TEST_F(EngineTest, ManyMessagesOfManyKeysAllArrive) {
  auto& library = add_sink("library");
  add_processor("read");
  add_route("issue", "SHANZHENG", {process("read"), deliver("library")});
  start();
  for (int i = 0; i < 300; ++i) {
    accept(event("e" + std::to_string(i), "SHANZHENG", "C" + std::to_string(i % 40)));
  }
  EXPECT_TRUE(eventually([&] { return library.sent().size() == 300; }));
  const auto sent = library.sent();
  EXPECT_EQ(std::set<std::string>(sent.begin(), sent.end()).size(), 300U);
}

}  // namespace
}  // namespace certbridge::host
