// Which deliveries and steps go first, and what a revocation pulls forward, also of what is picked
// already.
#include "engine/lane_chooser.h"

#include "engine_fixture.h"

namespace certbridge::host {
namespace {

// Calls that stay in until they are let go; the first few after that take so long that the engine
// looks twice for what goes first.
class Passage {
 public:
  void pass(const std::function<void()>& look) {
    {
      std::unique_lock lock(mutex_);
      ++begun_;
      opened_.wait(lock, [this] { return open_; });
      if (slow_-- <= 0) return;
    }
    look();
    look();
  }
  void open() {
    {
      const std::lock_guard lock(mutex_);
      open_ = true;
    }
    opened_.notify_all();
  }
  int begun() {
    const std::lock_guard lock(mutex_);
    return begun_;
  }

 private:
  std::mutex mutex_{};
  std::condition_variable opened_{};
  int begun_ = 0;  // under mutex_, as are the next
  int slow_ = 4;
  bool open_ = false;
};

class LanesTest : public EngineTest {
 protected:
  LanesTest() {
    endpoint("library").workers = 1;
    add_sink("library").on_send = [this](const Message&, const Call&) -> Result<Receipt> {
      library_.pass([this] { look(store_->looks_for_deliveries); });
      return Receipt{};
    };
    add_route("initial", "SHANZHENG", {deliver("library")}).lane = "bulk";
    add_route("status", "DENGBU", {deliver("library")});
    add_route("revoke", "DIAOXIAO", {deliver("library")}).lane = "revocation";
    add_route("noted", "FAZHENG", {});
  }
  ~LanesTest() override {
    library_.open();
    stop();
  }

  // The dispatcher is woken and looks.
  void look(const std::atomic<int>& looks) {
    const int before = looks;
    accept(event("nudge-" + std::to_string(++nudges_), "FAZHENG", ""));
    EXPECT_TRUE(eventually([&] { return looks > before; }));
  }
  // So many of the bulk lane, each of a case of its own, all of them behind the library's first.
  void add_backlog(int count) {
    accept_backlog(count);
    for (const std::string& id : backlog_) {
      EXPECT_TRUE(message_becomes(id, MessageState::kRouted));
    }
    EXPECT_TRUE(eventually([&] { return library_.begun() == 1; }));
  }
  void accept_backlog(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string number = std::to_string(i);
      backlog_.push_back(accept(event("b" + number, "SHANZHENG", "B" + number)).id);
    }
  }
  // What is ready by now was taken up by then.
  void open_library() {
    look(store_->looks_for_deliveries);
    look(store_->looks_for_deliveries);
    library_.open();
  }
  // Where it stands among all that were sent, from 0 on.
  std::size_t place(const std::string& id) {
    const auto sent = endpoints_.sinks["library"].sent();
    return static_cast<std::size_t>(std::find(sent.begin(), sent.end(), id) - sent.begin());
  }
  bool all_are_sent(std::size_t count) {
    return eventually([&] { return endpoints_.sinks["library"].sent().size() >= count; });
  }

  std::vector<std::string> backlog_{};

 private:
  Passage library_{};
  std::atomic<int> nudges_{0};
};

// One is under way when the others come. 16 are picked in advance for each worker, and asked for
// anew once 8 of them are left.
TEST_F(LanesTest, ALiveDeliveryPassesABacklogAndARevocationPassesBoth) {
  start();
  add_backlog(40);
  const std::string live = accept(event("l", "DENGBU", "L")).id;
  const std::string revocation = accept(event("r", "DIAOXIAO", "R")).id;
  EXPECT_TRUE(delivery_becomes(live, "library", DeliveryState::kReady));
  EXPECT_TRUE(delivery_becomes(revocation, "library", DeliveryState::kReady));
  EXPECT_EQ(delivery(revocation, "library")->lane, Lane::kRevocation);
  EXPECT_EQ(delivery(live, "library")->lane, Lane::kLive);
  open_library();
  ASSERT_TRUE(all_are_sent(42));
  EXPECT_EQ(place(revocation), 1U);
  EXPECT_LT(place(live), 20U);
}

TEST_F(LanesTest, ARevocationArrivesLongBeforeTheBacklogThatItsCertificateStandsIn) {
  start();
  add_backlog(60);
  const std::string revocation = accept(event("r", "DIAOXIAO", "B50")).id;
  EXPECT_TRUE(delivery_becomes(revocation, "library", DeliveryState::kWaiting));
  EXPECT_EQ(delivery(backlog_[50], "library")->lane, Lane::kRevocation);
  open_library();
  ASSERT_TRUE(all_are_sent(61));
  EXPECT_EQ(place(backlog_[50]), 1U);
  EXPECT_GT(place(revocation), 1U) << "the order of the key is kept";
  EXPECT_LE(place(revocation), 3U);
}

// It is in the queue of the library's threads already.
TEST_F(LanesTest, WhatIsPickedAlreadyIsMovedForwardAsWell) {
  start();
  add_backlog(12);
  const std::string revocation = accept(event("r", "DIAOXIAO", "B7")).id;
  EXPECT_TRUE(delivery_becomes(revocation, "library", DeliveryState::kWaiting));
  open_library();
  ASSERT_TRUE(all_are_sent(13));
  EXPECT_EQ(place(backlog_[7]), 1U);
  EXPECT_LE(place(revocation), 3U);
}

TEST_F(LanesTest, TheStepsOfARevocationPassABacklogOfSteps) {
  configuration_.step_workers = 1;
  Passage reader;
  std::mutex mutex;
  std::vector<std::string> order;
  add_processor("read").on_process = [&](const Message& message, const Call&) {
    {
      const std::lock_guard lock(mutex);
      order.push_back(message.headers.at("case-no"));
    }
    reader.pass([this] { look(store_->looks_for_messages); });
    return Result<std::vector<Message>>(std::vector<Message>{message});
  };
  for (RouteConfig& route : configuration_.routes) {
    if (route.name != "noted") route.steps = {process("read")};
  }
  start();
  accept_backlog(60);
  EXPECT_TRUE(eventually([&] { return reader.begun() == 1; }));
  const std::string revocation = accept(event("r", "DIAOXIAO", "B50")).id;
  look(store_->looks_for_messages);
  look(store_->looks_for_messages);
  reader.open();
  backlog_.push_back(revocation);
  for (const std::string& id : backlog_) EXPECT_TRUE(message_becomes(id, MessageState::kDone));
  const std::lock_guard lock(mutex);
  const auto first = std::find(order.begin(), order.end(), "B50");
  EXPECT_EQ(first - order.begin(), 1);
  const auto second = std::find(first + 1, order.end(), "B50");
  EXPECT_LE(second - order.begin(), 3) << "the revocation itself";
}

TEST_F(LanesTest, TheRouteThatWillTakeAMessageGivesItsLane) {
  add_route("rest", "", {}).lane = "bulk";
  const auto routes = compile_routes(configuration_);
  ASSERT_TRUE(routes.ok());
  const auto lane_of = lane_chooser(routes.value());
  EXPECT_EQ(lane_of("outbox", event("e", "SHANZHENG")), Lane::kBulk);
  EXPECT_EQ(lane_of("outbox", event("e", "DENGBU")), Lane::kLive);
  EXPECT_EQ(lane_of("outbox", event("e", "DIAOXIAO")), Lane::kRevocation);
  EXPECT_EQ(lane_of("outbox", event("e", "FAZHENG")), Lane::kLive);
  EXPECT_EQ(lane_of("outbox", event("e", "GENGZHENG")), Lane::kBulk) << "the rest";
  EXPECT_EQ(lane_of("elsewhere", event("e", "DIAOXIAO")), Lane::kLive) << "no route takes it";
}

}  // namespace
}  // namespace certbridge::host
