// What people did and decided is one with what came of it, and is still there after a restart.
#include "store_contract.h"

#include <filesystem>
#include <fstream>

namespace certbridge::host::testing {
namespace {

class DeskTest : public StoreContract {
 protected:
  Desk& desk() { return store().desk(); }
  Action action(const std::string& target, const std::string& reason) {
    Action made;
    made.person = "wang";
    made.role = "operator";
    made.operation = "parked discard";
    made.target = target;
    made.reason = reason;
    made.detail = "delivery library";
    return made;
  }
  std::string in_review(const std::string& key, const Sm3Digest& digest) {
    const std::string id = accept_one(event(key, {{"case", key}}));
    EXPECT_TRUE(ask(id, digest, MessageState::kAccepted));
    return id;
  }
  bool ask(const std::string& id, const Sm3Digest& digest, MessageState from) {
    Transition transition;
    MessageChange change;
    change.id = id;
    change.expected = {from};
    change.state = MessageState::kInReview;
    transition.messages.push_back(change);
    transition.reviews_asked.push_back({id, id + "/0", "review", digest});
    return store().apply(std::move(transition)).ok();
  }
  Result<void> decide(std::int64_t review, ReviewState state) {
    Transition transition;
    transition.review_decision = ReviewDecision{review, state, "liu", "looked at it"};
    return store().apply(std::move(transition));
  }
  std::string parked_delivery(const std::string& key) {
    const std::string id = accept_one(event(key, {{"case", key}}));
    route(id, {to_endpoint("library")});
    EXPECT_TRUE(move(delivery(id, "library"), DeliveryState::kParked).ok());
    return id;
  }
  ReplayStart start_of(std::uint64_t expected) {
    ReplayStart start;
    start.expected = expected;
    start.selection = "everything";
    return start;
  }
};

TEST_P(DeskTest, AnActionIsKeptWithWhatItDidOrNotAtAll) {
  const std::string id = parked_delivery("a");
  Transition refused;
  DeliveryChange change;
  change.id = delivery(id, "library").id;
  change.expected = {DeliveryState::kReady};
  change.state = DeliveryState::kDiscarded;
  refused.delivery_changes.push_back(change);
  refused.actions.push_back(action(id, "x"));
  EXPECT_EQ(store().apply(refused).error().code, "journal.state_changed");
  EXPECT_TRUE(desk().actions({}).value().empty());
  refused.delivery_changes[0].expected = {DeliveryState::kParked};
  ASSERT_TRUE(store().apply(refused).ok());
  clock_.advance(std::chrono::seconds(5));
  Transition second;
  second.actions.push_back(action("replay 7", "CANARY-REASON"));
  ASSERT_TRUE(store().apply(std::move(second)).ok());
  open();
  const auto all = desk().actions({}).value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].target, "replay 7");
  EXPECT_EQ(all[0].when, clock_.now());
  EXPECT_EQ(all[0].reason, "CANARY-REASON");
  EXPECT_EQ(all[1].detail, "delivery library");
  ActionQuery query;
  query.target = id;
  EXPECT_EQ(desk().actions(query).value().size(), 1U);
  query = {};
  query.person = "liu";
  EXPECT_TRUE(desk().actions(query).value().empty());
  query = {};
  query.before = all[0].id;
  EXPECT_EQ(desk().actions(query).value().size(), 1U);
  // Reasons are people's words: they do not lie in the open.
  for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
    if (!file.is_regular_file()) continue;
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    EXPECT_EQ(bytes.find("CANARY-REASON"), std::string::npos) << file.path();
  }
}

TEST_P(DeskTest, ARepairedHeaderIsStoredAndTheRestOfTheRecordStays) {
  Message original = event("a", {{"case", "a"}});
  original.headers["event-type"] = "SHANZHEN";
  original.headers["other"] = "stays";
  const std::string id = accept_one(original);
  Transition transition;
  MessageChange change;
  change.id = id;
  change.state = MessageState::kAccepted;
  change.anew = true;
  change.headers = Headers{{"event-type", "SHANZHENG"}, {"other", "stays"}};
  clock_.advance(std::chrono::seconds(5));
  transition.messages.push_back(change);
  ASSERT_TRUE(store().apply(std::move(transition)).ok());
  open();
  const StoredMessage stored = store().message(id).value();
  EXPECT_EQ(stored.message.headers.at("event-type"), "SHANZHENG");
  EXPECT_EQ(stored.message.headers.at("other"), "stays");
  EXPECT_EQ(stored.message.source_key, "a");
  EXPECT_EQ(stored.message.order_keys, original.order_keys);
  EXPECT_EQ(text_of(*stored.message.body), text_of(*original.body));
  EXPECT_TRUE(stored.ran_before);
  EXPECT_EQ(stored.since, clock_.now());
  EXPECT_EQ(due_message_ids(), std::vector<std::string>{id});
  EXPECT_EQ(hand_over(original).verdict, Acceptance::Verdict::kSame);
}

TEST_P(DeskTest, AReviewIsDecidedOnceAndOnlyWhileItWaits) {
  const Sm3Digest first{1}, second{2};
  const std::string id = in_review("a", first);
  EXPECT_TRUE(due_message_ids().empty());
  // Another preparation takes the place of the first, which nobody can release any more.
  ASSERT_TRUE(ask(id, second, MessageState::kInReview));
  EXPECT_EQ(desk().review_of(id + "/0", "review", first).value()->state, ReviewState::kSuperseded);
  EXPECT_EQ(decide(1, ReviewState::kReleased).error().code, "journal.state_changed");
  EXPECT_EQ(decide(9, ReviewState::kReleased).error().code, "review.no_such_review");
  ASSERT_EQ(desk().reviews(ReviewState::kWaiting, 10).value().size(), 1U);
  const std::int64_t waiting = desk().reviews(ReviewState::kWaiting, 10).value()[0].id;
  ASSERT_TRUE(decide(waiting, ReviewState::kReleased).ok());
  EXPECT_EQ(decide(waiting, ReviewState::kReturned).error().code, "journal.state_changed");
  open();
  const Review review = desk().review(waiting).value();
  EXPECT_EQ(review.state, ReviewState::kReleased);
  EXPECT_EQ(review.person, "liu");
  EXPECT_EQ(review.reason, "looked at it");
  EXPECT_EQ(review.digest, second);
  EXPECT_EQ(due_message_ids(), std::vector<std::string>{id});
  // The record changed back: the same preparation is asked about anew.
  EXPECT_TRUE(ask(id, first, MessageState::kAccepted));
  EXPECT_EQ(desk().review_of(id + "/0", "review", first).value()->state, ReviewState::kWaiting);
}

TEST_P(DeskTest, AMessageThatEndsInReviewNeedsNoDecision) {
  const std::string id = in_review("a", Sm3Digest{1});
  Transition transition;
  MessageChange change;
  change.id = id;
  change.state = MessageState::kWithdrawn;
  transition.messages.push_back(change);
  ASSERT_TRUE(store().apply(std::move(transition)).ok());
  EXPECT_TRUE(desk().reviews(ReviewState::kWaiting, 10).value().empty());
  EXPECT_EQ(decide(1, ReviewState::kReleased).error().code, "journal.state_changed");
}

TEST_P(DeskTest, AReplayTakesWhatIsParkedThenAndMovesOnItemByItem) {
  const std::vector<std::string> ids{parked_delivery("a"), parked_delivery("b")};
  EXPECT_EQ(desk().start_replay(start_of(1), action("", "x")).error().code,
            "replay.not_as_expected");
  EXPECT_TRUE(desk().actions({}).value().empty());
  const std::int64_t job = desk().start_replay(start_of(2), action("", "x")).value();
  EXPECT_EQ(desk().actions({}).value().at(0).target, "replay " + std::to_string(job));
  parked_delivery("c");
  open();
  const auto items = desk().replay_items(job, ReplayItemState::kWaiting, 10).value();
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].message_id, ids[0]);
  EXPECT_EQ(items[1].delivery_id, delivery(ids[1], "library").id);
  Transition step;
  step.replay_progress = ReplayProgress{job, items[0].item, ReplayItemState::kReplayed};
  ASSERT_TRUE(store().apply(step).ok());
  EXPECT_EQ(store().apply(step).error().code, "journal.state_changed");
  Transition pause;
  pause.replay_state = ReplayStateChange{job, {ReplayState::kRunning}, ReplayState::kPaused};
  ASSERT_TRUE(store().apply(pause).ok());
  EXPECT_EQ(store().apply(pause).error().code, "journal.state_changed");
  step.replay_progress->item = items[1].item;
  EXPECT_EQ(store().apply(step).error().code, "journal.state_changed");
  EXPECT_TRUE(desk().running_replays().value().empty());
  Transition resume;
  resume.replay_state = ReplayStateChange{job, {ReplayState::kPaused}, ReplayState::kRunning};
  ASSERT_TRUE(store().apply(std::move(resume)).ok());
  ASSERT_TRUE(store().apply(step).ok());
  const ReplayJob done = desk().replay_job(job).value();
  EXPECT_EQ(done.state, ReplayState::kFinished);
  EXPECT_EQ(done.replayed, 2U);
  EXPECT_EQ(done.waiting, 0U);
}

TEST_P(DeskTest, WhatIsParkedKeepsItsBodyUntilSomebodyDecided) {
  const std::string id = parked_delivery("a");
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(store().drop_bodies(clock_.now()).value(), 0U);
  EXPECT_EQ(text_of(*store().message(id).value().message.body), "{\"event\":\"a\"}");
  ASSERT_TRUE(move(delivery(id, "library"), DeliveryState::kDiscarded).ok());
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(store().drop_bodies(clock_.now()).value(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Stores, DeskTest, ::testing::ValuesIn(sqlite_stores()), name_of_store);

}  // namespace
}  // namespace certbridge::host::testing
