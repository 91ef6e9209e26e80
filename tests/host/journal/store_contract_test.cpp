#include <gmock/gmock.h>

#include "store_contract.h"

namespace certbridge::host::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Ids = std::vector<std::string>;

TEST_P(StoreContract, KeepsAllOfAMessage) {
  Message sent = event("e1", {kCase, kUnit});
  Attachment plan;
  plan.name = "plan-1.png";
  plan.media_type = "image/png";
  const std::string picture(200'000, 'p');
  plan.content = content_of(picture);
  plan.size = picture.size();
  sent.attachments = {plan};
  const std::string id = accept_one(sent);
  open();
  const auto kept = store().message(id);
  ASSERT_TRUE(kept.ok()) << kept.error().message;
  const Message& message = kept.value().message;
  EXPECT_EQ(message.id, id);
  EXPECT_EQ(message.headers, sent.headers);
  EXPECT_EQ(message.order_keys, sent.order_keys);
  EXPECT_EQ(message.source_key, "e1");
  EXPECT_EQ(message.created, sent.created);
  EXPECT_EQ(text_of(*message.body), "{\"event\":\"e1\"}");
  ASSERT_EQ(message.attachments.size(), 1u);
  EXPECT_EQ(message.attachments[0].size, picture.size());
  EXPECT_TRUE(text_of(*message.attachments[0].content) == picture);
  EXPECT_EQ(kept.value().source, "registration");
  EXPECT_EQ(kept.value().state, MessageState::kAccepted);
}

TEST_P(StoreContract, KeepsALargeBody) {
  Message sent = event("e1", {});
  sent.body = content_of(std::string(1'000'003, 'b'));
  const std::string id = accept_one(sent);
  open();
  EXPECT_TRUE(text_of(*store().message(id).value().message.body) == std::string(1'000'003, 'b'));
}

TEST_P(StoreContract, AnswersTheSameAgainAndRefusesOtherContent) {
  const std::string id = accept_one(event("e1", {kCase}));
  open();
  const Acceptance same = hand_over(event("e1", {kCase}));
  EXPECT_EQ(same.verdict, Acceptance::Verdict::kSame);
  EXPECT_EQ(same.id, id);
  const Acceptance found_more = hand_over(event("e1", {kCase, kUnit}));
  EXPECT_EQ(found_more.verdict, Acceptance::Verdict::kSame) << "its keys are no content";
  EXPECT_THAT(store().message(id).value().message.order_keys, ElementsAre(kCase));
  Message other = event("e1", {kCase});
  other.body = content_of("{}");
  EXPECT_EQ(hand_over(other).verdict, Acceptance::Verdict::kConflict);
  const auto both = store().accept("registration", {event("e2", {}), event("e2", {})});
  EXPECT_EQ(both[0].verdict, Acceptance::Verdict::kAccepted);
  EXPECT_EQ(both[1].verdict, Acceptance::Verdict::kSame);
}

TEST_P(StoreContract, KeepsOnlyTheFactOfAClassifiedMessage) {
  Message secret = event("e1", {kCase, kUnit});
  secret.classified = true;
  const Acceptance answer = hand_over(secret);
  EXPECT_EQ(answer.verdict, Acceptance::Verdict::kRefused);
  EXPECT_EQ(answer.code, "intake.classified");
  const StoredMessage kept = store().message(answer.id).value();
  EXPECT_EQ(kept.state, MessageState::kParked);
  EXPECT_TRUE(kept.message.classified);
  EXPECT_THAT(kept.message.order_keys, ElementsAre(kCase));
  EXPECT_TRUE(kept.message.headers.empty());
  EXPECT_EQ(text_of(*kept.message.body), "");
}

TEST_P(StoreContract, ParksWhatTheSourceCouldNotRead) {
  Message unread = event("e1", {});
  unread.headers["intake-error-code"] = "http.json";
  unread.headers["intake-error"] = "the body is no JSON";
  const Acceptance answer = hand_over(unread);
  EXPECT_EQ(answer.verdict, Acceptance::Verdict::kRefused);
  EXPECT_EQ(answer.code, "http.json");
  const Acceptance again = hand_over(unread);
  EXPECT_EQ(again.verdict, Acceptance::Verdict::kRefused);
  EXPECT_EQ(again.id, answer.id);
  EXPECT_EQ(store().message(answer.id).value().state, MessageState::kParked);
  EXPECT_THAT(due_message_ids(), IsEmpty());
}

TEST_P(StoreContract, GivesMessagesOfOneKeyOneAfterTheOther) {
  const std::string first = accept_one(event("e1", {kCase}));
  const std::string second = accept_one(event("e2", {kCase, kUnit}));
  const std::string other = accept_one(event("e3", {{"case", "C-2"}}));
  EXPECT_EQ(due_message_ids(), (Ids{first, other}));
  route(first, {});
  EXPECT_EQ(due_message_ids(), (Ids{second, other}));
  EXPECT_EQ(store().message(first).value().state, MessageState::kDone);
}

TEST_P(StoreContract, ADeliveryWaitsForTheEarlierOneOfItsKey) {
  const std::string first = accept_one(event("e1", {kCase}));
  const std::string second = accept_one(event("e2", {kCase}));
  route(first, {to_endpoint("library")});
  route(second, {to_endpoint("library"), to_endpoint("province")});
  EXPECT_EQ(due_ids("library"), (Ids{first}));
  EXPECT_EQ(due_ids("province"), (Ids{second}));  // another endpoint is another lane
  EXPECT_EQ(delivery(second, "library").waits_for, "ready delivery of message " + first);
  ASSERT_TRUE(move(delivery(first, "library"), DeliveryState::kSending).ok());
  EXPECT_THAT(due_ids("library"), IsEmpty());
  ASSERT_TRUE(move(delivery(first, "library"), DeliveryState::kDelivered).ok());
  EXPECT_EQ(due_ids("library"), (Ids{second}));
  EXPECT_EQ(store().message(first).value().state, MessageState::kDone);
}

TEST_P(StoreContract, ADeliveryWaitsForAnEarlierMessageThatIsNotRoutedYet) {
  const std::string first = accept_one(event("e1", {kUnit}));
  const std::string second = accept_one(event("e2", {kCase, kUnit}));
  Transition incomplete;
  MessageChange change;
  change.id = first;
  change.state = MessageState::kIncomplete;
  change.next_at = clock_.now() + std::chrono::hours(1);
  incomplete.messages = {change};
  ASSERT_TRUE(store().apply(incomplete).ok());
  route(second, {to_endpoint("library")});
  EXPECT_THAT(due_ids("library"), IsEmpty());
  EXPECT_EQ(delivery(second, "library").waits_for, "incomplete message " + first);
  change.state = MessageState::kParked;
  incomplete.messages = {change};
  ASSERT_TRUE(store().apply(incomplete).ok());
  EXPECT_EQ(due_ids("library"), (Ids{second}));
}

TEST_P(StoreContract, AParkedDeliveryHoldsItsKeyBackUntilItEnds) {
  const std::string first = accept_one(event("e1", {kCase}));
  const std::string second = accept_one(event("e2", {kCase}));
  route(first, {to_endpoint("library")});
  route(second, {to_endpoint("library")});
  ASSERT_TRUE(move(delivery(first, "library"), DeliveryState::kParked).ok());
  EXPECT_EQ(store().message(first).value().state, MessageState::kDone);
  EXPECT_THAT(due_ids("library"), IsEmpty());
  ASSERT_TRUE(move(delivery(first, "library"), DeliveryState::kReady).ok());  // replayed
  EXPECT_EQ(store().message(first).value().state, MessageState::kRouted);
  EXPECT_EQ(due_ids("library"), (Ids{first}));
  ASSERT_TRUE(move(delivery(first, "library"), DeliveryState::kDiscarded).ok());
  EXPECT_EQ(due_ids("library"), (Ids{second}));
}

TEST_P(StoreContract, AfterWaitsUntilTheOtherIsOpenSetAsideOrEnded) {
  const std::string id = accept_one(event("e1", {kCase}));
  PlannedDelivery report = to_endpoint("registration");
  report.after = {"library"};
  route(id, {to_endpoint("library"), report});
  EXPECT_THAT(due_ids("registration"), IsEmpty());
  ASSERT_TRUE(move(delivery(id, "library"), DeliveryState::kRetryAt).ok());
  EXPECT_THAT(due_ids("registration"), IsEmpty());
  ASSERT_TRUE(move(delivery(id, "library"), DeliveryState::kOpen).ok());
  EXPECT_EQ(due_ids("registration"), (Ids{id}));
}

TEST_P(StoreContract, ChildrenInheritTheOrderAndTheParentIsDoneWithThem) {
  const std::string id = accept_one(event("e1", {kCase}));
  Transition transition;
  MessageChange change;
  change.id = id;
  change.state = MessageState::kRouted;
  transition.messages = {change};
  for (const char* index : {"1", "2"}) {
    RoutedChild child;
    child.message = event("", {kCase, {"certificate", index}});
    child.message.id = id + "/" + index;
    child.message.headers["certificate-number-normalised"] =
        "豫(2026)南阳市不动产权第000000" + std::string(index) + "号";
    child.deliveries = {to_endpoint("library")};
    transition.children.push_back(child);
  }
  ASSERT_TRUE(store().apply(transition).ok());
  EXPECT_EQ(due_ids("library"), (Ids{id + "/1", id + "/2"}));  // siblings do not wait
  const auto children = store().children(id);
  ASSERT_EQ(children.value().size(), 2u);
  EXPECT_EQ(children.value()[0].parent, id);
  EXPECT_EQ(children.value()[0].message.order_number,
            store().message(id).value().message.order_number);
  MessageQuery query;
  query.certificate_number = "豫（2026）南阳市不动产权第0000002号";
  ASSERT_EQ(store().messages(query).value().size(), 1u);
  EXPECT_EQ(store().messages(query).value()[0].message.id, id + "/2");
  ASSERT_TRUE(move(delivery(id + "/1", "library"), DeliveryState::kDelivered).ok());
  EXPECT_EQ(store().message(id).value().state, MessageState::kRouted);
  ASSERT_TRUE(move(delivery(id + "/2", "library"), DeliveryState::kDelivered).ok());
  EXPECT_EQ(store().message(id).value().state, MessageState::kDone);
}

TEST_P(StoreContract, WhatWasSendingIsUnknownAfterARestart) {
  const std::string id = accept_one(event("e1", {kCase}));
  route(id, {to_endpoint("library")});
  ASSERT_TRUE(move(delivery(id, "library"), DeliveryState::kSending).ok());
  EXPECT_THAT(due_ids("library"), IsEmpty());
  open();
  EXPECT_EQ(delivery(id, "library").state, DeliveryState::kUnknown);
  EXPECT_EQ(due_ids("library"), (Ids{id}));
}

TEST_P(StoreContract, AnExpectationThatDoesNotHoldChangesNothing) {
  const std::string id = accept_one(event("e1", {kCase}));
  route(id, {to_endpoint("library")});
  StoredDelivery stale = delivery(id, "library");
  stale.state = DeliveryState::kSending;
  const auto refused = move(stale, DeliveryState::kDelivered);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "journal.state_changed");
  EXPECT_EQ(delivery(id, "library").state, DeliveryState::kReady);
  EXPECT_EQ(delivery(id, "library").attempts, 0);
}

TEST_P(StoreContract, OpenHoldsBackOnlyWhereTheOrderIsSettled) {
  const std::string first = accept_one(event("e1", {kCase}));
  const std::string second = accept_one(event("e2", {kCase}));
  route(first, {to_endpoint("library"), to_endpoint("quick")});
  route(second, {to_endpoint("library"), to_endpoint("quick")});
  ASSERT_TRUE(move(delivery(first, "library"), DeliveryState::kOpen).ok());
  ASSERT_TRUE(move(delivery(first, "quick"), DeliveryState::kOpen).ok());
  EXPECT_THAT(due_ids("library"), IsEmpty());
  EXPECT_EQ(due_ids("quick"), (Ids{second}));
}

TEST_P(StoreContract, RetriesFallDueInTime) {
  const std::string id = accept_one(event("e1", {kCase}));
  route(id, {to_endpoint("library")});
  DeliveryChange change;
  change.id = delivery(id, "library").id;
  change.state = DeliveryState::kRetryAt;
  change.next_at = clock_.now() + std::chrono::seconds(5);
  Transition transition;
  transition.delivery_changes = {change};
  ASSERT_TRUE(store().apply(transition).ok());
  EXPECT_THAT(due_ids("library"), IsEmpty());
  EXPECT_EQ(store().next_due(clock_.now()).value(), change.next_at);
  clock_.advance(std::chrono::seconds(5));
  EXPECT_EQ(due_ids("library"), (Ids{id}));
}

TEST_P(StoreContract, KeepsMemoryCountersAndResultsOfSteps) {
  const std::string id = accept_one(event("e1", {kCase}));
  Transition transition;
  transition.memory = {{"library", kCase, "version", "3"}};
  transition.counters = {{"library", "serial", id + "/compose", 1}};
  Message made = event("", {kCase});
  made.body = content_of(std::string(50'000, 's'));
  transition.step_results = {{id + "/seal", {made}}};
  ASSERT_TRUE(store().apply(transition).ok());
  open();
  EXPECT_EQ(store().memory("library", kCase, "version").value(), "3");
  EXPECT_EQ(store().memory("library", kUnit, "version").value(), std::nullopt);
  EXPECT_EQ(store().counter("library", "serial", id + "/compose").value().first, 1u);
  EXPECT_EQ(store().counter("library", "serial", "other").value().second, 2u);
  const auto result = store().step_result(id + "/seal");
  ASSERT_TRUE(result.ok());
  ASSERT_TRUE(result.value().has_value());
  EXPECT_EQ(text_of(*result.value()->messages[0].body), std::string(50'000, 's'));
  EXPECT_EQ(store().step_result(id + "/none").value().has_value(), false);
  transition = {};
  transition.counters = {{"library", "serial", "other", 5}};  // a gap
  EXPECT_EQ(store().apply(transition).error().code, "journal.state_changed");
}

TEST_P(StoreContract, AnswersFactsAndSearches) {
  const std::string id = accept_one(event("e1", {kCase}));
  accept_one(event("e2", {kUnit}));
  route(id, {to_endpoint("library")});
  FactsQuery facts;
  facts.endpoint = "library";
  facts.area = "411302";
  EXPECT_EQ(store().count_facts(facts).value(), 1u);
  facts.order_key = kUnit;
  EXPECT_EQ(store().count_facts(facts).value(), 0u);
  facts.order_key = kCase;
  ASSERT_EQ(store().list_facts(facts, 10).value().size(), 1u);
  EXPECT_EQ(store().list_facts(facts, 10).value()[0].message_id, id);
  MessageQuery query;
  query.case_no = "2026-e1";
  ASSERT_EQ(store().messages(query).value().size(), 1u);
  query = {};
  query.state = MessageState::kAccepted;
  EXPECT_EQ(store().messages(query).value().size(), 1u);
  EXPECT_EQ(store().messages_with_key(kCase, 10).value().size(), 1u);
  EXPECT_EQ(store().message("m-0000000099").error().code, "journal.no_such_message");
  EXPECT_EQ(store().message("nonsense").error().code, "journal.no_such_message");
}

TEST_P(StoreContract, FiguresFollowTheStates) {
  const std::string id = accept_one(event("e1", {kCase}));
  accept_one(event("e2", {kUnit}));
  route(id, {to_endpoint("library")});
  for (int round = 0; round < 2; ++round) {
    const StoreFigures figures = store().figures().value();
    EXPECT_EQ(figures.messages_by_state[static_cast<int>(MessageState::kAccepted)], 1u);
    EXPECT_EQ(figures.messages_by_state[static_cast<int>(MessageState::kRouted)], 1u);
    ASSERT_EQ(figures.deliveries_by_endpoint_and_state.size(), 1u);
    EXPECT_EQ(
        figures.deliveries_by_endpoint_and_state[0].second[static_cast<int>(DeliveryState::kReady)],
        1u);
    open();
  }
}

TEST_P(StoreContract, DropsBodiesAfterTheirTime) {
  Message sent = event("e1", {});
  sent.body = content_of(std::string(100'000, 'x'));
  const std::string id = accept_one(sent);
  const std::string waiting = accept_one(event("e2", {}));
  route(id, {});
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(store().drop_bodies(clock_.now()).value(), 1u);
  EXPECT_EQ(store().drop_bodies(clock_.now()).value(), 0u);
  const StoredMessage kept = store().message(id).value();
  EXPECT_EQ(kept.message.headers, sent.headers);
  EXPECT_EQ(text_of(*kept.message.body), "error: content.dropped");
  EXPECT_EQ(text_of(*store().message(waiting).value().message.body), "{\"event\":\"e2\"}");
  EXPECT_EQ(hand_over(sent).verdict, Acceptance::Verdict::kSame);  // the ledger stays
}

TEST_P(StoreContract, SpoolsLargeContentAndAdoptsIt) {
  auto writer = store().spool();
  ASSERT_TRUE(writer.ok());
  const std::string bytes(700'000, 'z');
  auto stored = certbridge::store(*writer.value(), bytes);
  ASSERT_TRUE(stored.ok());
  Message sent = event("e1", {});
  sent.attachments = {
      {"big.ofd", "application/ofd", bytes.size(), stored.value().digest, stored.value().content}};
  const std::string id = accept_one(sent);
  EXPECT_TRUE(text_of(*stored.value().content) == bytes);
  open();
  EXPECT_TRUE(text_of(*store().message(id).value().message.attachments[0].content) == bytes);
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract, ::testing::ValuesIn(sqlite_stores()),
                         name_of_store);

}  // namespace
}  // namespace certbridge::host::testing
