// Routes beside others: a message of its own for each, which neither waits nor lets wait.
#include "engine_fixture.h"

namespace certbridge::host {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class BesideTest : public EngineTest {
 protected:
  BesideTest() {
    add_sink("library");
    add_sink("province");
    add_processor("reader");
    add_processor("bookings");
    add_route("issue", "SHANZHENG", {process("reader"), deliver("library")});
    add_route("booked", "SHANZHENG", {process("bookings"), deliver("province")}).beside = true;
  }
  static Message of_unit(const std::string& key) {
    Message message = event(key);
    message.order_keys.push_back({"unit", "U1"});
    return message;
  }
  std::vector<StoredMessage> events() {
    MessageQuery query;
    query.type = "registration.event";
    auto found = store_->messages(query);
    EXPECT_TRUE(found.ok());
    std::vector<StoredMessage> taken = std::move(found).value();
    std::erase_if(taken, [](const StoredMessage& one) { return !one.parent.empty(); });
    return taken;
  }
  ScriptedSink& sink(const std::string& name) { return endpoints_.sinks[name]; }
};

TEST_F(BesideTest, BothRoutesTakeTheMessageOnceAndTheSourceHearsOfOne) {
  start();
  const Acceptance first = accept(of_unit("e1"));
  EXPECT_EQ(first.verdict, Acceptance::Verdict::kAccepted);
  EXPECT_EQ(accept(of_unit("e1")).verdict, Acceptance::Verdict::kSame);
  EXPECT_TRUE(eventually(
      [&] { return sink("library").sent().size() == 1 && sink("province").sent().size() == 1; }));
  const auto taken = events();
  ASSERT_THAT(taken, SizeIs(2));
  EXPECT_EQ(taken[0].message.id, first.id);
  EXPECT_EQ(taken[0].route, "issue");
  EXPECT_EQ(taken[1].route, "booked");
  EXPECT_TRUE(message_becomes(taken[1].message.id, MessageState::kDone));
  EXPECT_EQ(taken[1].message.order_keys[1].kind, "booked-unit");
  EXPECT_EQ(read_all(*taken[1].message.body, 100).value(), "row e1");
}

TEST_F(BesideTest, NeitherWaitsForTheOther) {
  endpoints_.processors["bookings"].on_process = [](const Message&, const Call&) {
    return Result<std::vector<Message>>(Error::retryable("provincial.incomplete", "not yet"));
  };
  start();
  accept(of_unit("e1"));
  accept(of_unit("e2"));
  EXPECT_TRUE(eventually([&] { return sink("library").sent().size() == 2; }));
  EXPECT_TRUE(message_becomes(events()[1].message.id, MessageState::kIncomplete));
}

TEST_F(BesideTest, WhatAStepOfOneRouteLeavesIsForThatRouteAlone) {
  endpoints_.processors["bookings"].on_process = [](const Message& message, const Call&) {
    Message made = message;
    made.type = "registration.booked";
    std::vector<Message> all{made};
    if (!message.headers.contains("again")) {
      all.push_back(message);
      all.back().headers["again"] = "1";
    }
    return Result<std::vector<Message>>(all);
  };
  start();
  accept(of_unit("e1"));
  EXPECT_TRUE(eventually([&] { return sink("province").sent().size() == 2; }));
  ASSERT_TRUE(stop());
  EXPECT_THAT(sink("library").sent(), SizeIs(1));
  const auto taken = events();
  ASSERT_THAT(taken, SizeIs(3));
  EXPECT_EQ(taken[2].route, "booked");
  EXPECT_EQ(taken[2].message.source_key, "e1|booked|again-1");
}

TEST_F(BesideTest, EachKeepsItsOwnOrder) {
  std::atomic<bool> open{false};
  sink("province").on_send = [&](const Message&, const Call&) -> Result<Receipt> {
    if (!open) return Error::retryable("provincial.unreachable", "no way");
    return Receipt{};
  };
  sink("province").on_confirm = [](const Message&, const Call&) -> Result<Confirmation> {
    return Error::retryable("provincial.unreachable", "no way");
  };
  start();
  accept(of_unit("e1"));
  accept(of_unit("e2"));
  ASSERT_TRUE(eventually([&] { return sink("library").sent().size() == 2; }));
  const auto taken = events();
  ASSERT_TRUE(message_becomes(taken[3].message.id, MessageState::kRouted));
  EXPECT_EQ(delivery(taken[3].message.id + "/0", "province")->state, DeliveryState::kWaiting);
  EXPECT_THAT(sink("province").sent(), ElementsAre(taken[1].message.id + "/0"));
}

TEST_F(BesideTest, WhatMayNotBeKeptOrCannotBeReadGoesNoSecondWay) {
  start();
  Message classified = of_unit("e1");
  classified.classified = true;
  accept(classified);
  Message broken = of_unit("e2");
  broken.headers["intake-error-code"] = "sql.shape";
  accept(broken);
  const auto stored = store_->messages({});
  ASSERT_TRUE(stored.ok());
  EXPECT_THAT(stored.value(), SizeIs(2));
}

}  // namespace
}  // namespace certbridge::host
