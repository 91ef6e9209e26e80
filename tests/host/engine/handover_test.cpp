// What is known already is not looked up in the journal, and is sent no differently for that.
#include "engine_fixture.h"

namespace certbridge::host {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

class HandOverTest : public EngineTest {
 protected:
  HandOverTest() {
    add_sink("library");
    add_processor("wrap").on_process = [](const Message& message, const Call&) {
      Message wrapped = message;
      wrapped.type = "wrapped.event";
      wrapped.headers["wrapped"] = "yes";
      wrapped.body = content_of("wrapped");
      return Result<std::vector<Message>>(std::vector<Message>{wrapped});
    };
    add_route("relay", "SHANZHENG", {process("wrap"), deliver("library")});
  }
  void TearDown() override { stop(); }
  ScriptedSink& library() { return endpoints_.sinks["library"]; }
  // The engine's threads call what is set before it starts; what that does may change meanwhile.
  void start_watched() {
    store_->before_message = [this](const std::string&) -> Result<void> {
      ++reads_;
      return {};
    };
    store_->before_apply = [this](const Transition& wanted) -> Result<void> {
      const auto now = current(apply_);
      return now ? now(wanted) : Result<void>{};
    };
    library().on_send = [this](const Message& message, const Call& call) -> Result<Receipt> {
      const auto now = current(send_);
      return now ? now(message, call) : Result<Receipt>(Receipt{});
    };
    start();
  }
  template <class Function>
  void set(Function& which, Function now) {
    const std::lock_guard lock(functions_mutex_);
    which = std::move(now);
  }
  template <class Function>
  Function current(const Function& which) {
    const std::lock_guard lock(functions_mutex_);
    return which;
  }
  // The engine has looked for work and found none: what comes now goes by hand.
  void settle_down() {
    const std::string first = accept(event("first", "SHANZHENG", "first")).id;
    ASSERT_TRUE(eventually([&] { return library().sent().size() == 1; }));
    ASSERT_TRUE(message_becomes(first, MessageState::kDone));
    ASSERT_TRUE(eventually([&] { return accept_and_send() == 0; }));
  }
  // How many messages were read from the journal for it.
  int accept_and_send() {
    reads_ = 0;
    const std::size_t before = library().sent().size();
    const std::string key = "e" + std::to_string(++events_);
    accept(event(key, "SHANZHENG", key));
    EXPECT_TRUE(eventually([&] { return library().sent().size() == before + 1; }));
    return reads_;
  }

  std::mutex functions_mutex_{};
  std::function<Result<void>(const Transition&)> apply_{};
  ScriptedSink::Send send_{};
  std::atomic<int> reads_{0};
  int events_ = 0;
};

TEST_F(HandOverTest, WhatIsSentWithoutALookIsWhatIsStored) {
  start_watched();
  settle_down();
  const Message sent = library().messages().back();
  const Message stored = message(sent.id).message;
  EXPECT_EQ(sent.order_number, stored.order_number);
  EXPECT_EQ(sent.type, stored.type);
  EXPECT_EQ(sent.source_key, stored.source_key);
  EXPECT_EQ(sent.headers, stored.headers);
  EXPECT_EQ(sent.created, stored.created);
  EXPECT_EQ(sent.area, stored.area);
  EXPECT_EQ(sent.media_type, stored.media_type);
  EXPECT_EQ(read_all(*sent.body, 100).value(), read_all(*stored.body, 100).value());
  const Call call = library().calls().back();
  EXPECT_EQ(call.attempt, 1);
  EXPECT_EQ(call.trace_id, sent.id);
  EXPECT_EQ(call.step_key, sent.id + "/library");
  ASSERT_TRUE(delivery_becomes(sent.id, "library", DeliveryState::kDelivered));
  EXPECT_EQ(delivery(sent.id, "library")->attempts, 1);
}

TEST_F(HandOverTest, ALimitedEndpointIsPickedFor) {
  endpoint("library").delivery.limits.per_second = 1000;
  endpoint("library").delivery.limits.burst = 1000;
  start_watched();
  for (int i = 0; i < 5; ++i) EXPECT_GT(accept_and_send(), 0);
}

TEST_F(HandOverTest, WhatIsPutOnHoldMeanwhileIsGivenBackUnsent) {
  start_watched();
  settle_down();
  const std::size_t before = library().sent().size();
  std::atomic<bool> held{false};
  set(apply_,
      std::function<Result<void>(const Transition&)>{[&](const Transition& wanted) -> Result<void> {
        if (wanted.send_at_once.empty() || held.exchange(true)) return {};
        Hold hold;
        hold.scope = HoldScope::kEndpoint;
        hold.name = "library";
        hold.person = "zhang";
        hold.reason = "the library moves house";
        return store_->hold(hold);
      }});
  const std::string id = accept(event("held", "SHANZHENG", "held")).id + "/0";
  ASSERT_TRUE(delivery_becomes(id, "library", DeliveryState::kReady));
  ASSERT_TRUE(held);
  EXPECT_EQ(delivery(id, "library")->attempts, 0);
  EXPECT_THAT(library().sent(), SizeIs(before));
  Release release;
  release.scope = HoldScope::kEndpoint;
  release.name = "library";
  release.person = "zhang";
  release.reason = "it has moved";
  ASSERT_TRUE(store_->release(release).ok());
  ASSERT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered));
  EXPECT_THAT(library().sent(), SizeIs(before + 1));
  EXPECT_EQ(library().confirmed(), 0) << "nothing was sent, so nothing was asked";
  EXPECT_TRUE(stop());
}

TEST_F(HandOverTest, NothingLeavesBeforeItsMarkIsStored) {
  start_watched();
  settle_down();
  std::atomic<bool> early{false};
  set(send_, ScriptedSink::Send{[&](const Message& sent, const Call&) -> Result<Receipt> {
        if (delivery(sent.id, "library")->state != DeliveryState::kSending) early = true;
        return Receipt{};
      }});
  const std::size_t before = library().sent().size();
  std::atomic<int> failed{0};
  set(apply_,
      std::function<Result<void>(const Transition&)>{[&](const Transition& wanted) -> Result<void> {
        if (wanted.send_at_once.empty() || ++failed > 1) return {};
        return Error::retryable("journal.failed", "the disk is away");
      }});
  const std::string id = accept(event("away", "SHANZHENG", "away")).id + "/0";
  ASSERT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered));
  EXPECT_GE(failed, 1);
  EXPECT_FALSE(early);
  EXPECT_THAT(library().sent(), SizeIs(before + 1));
  EXPECT_TRUE(stop());
}

TEST_F(HandOverTest, AFailureIsConfirmedAndSentAgainLikeAnyOther) {
  start_watched();
  settle_down();
  std::atomic<int> sends{0};
  set(send_, ScriptedSink::Send{[&](const Message&, const Call&) -> Result<Receipt> {
        if (++sends == 1) return Error::retryable("http.timeout", "no answer in time");
        return Receipt{};
      }});
  const std::string id = accept(event("lost", "SHANZHENG", "lost")).id + "/0";
  ASSERT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered));
  EXPECT_EQ(sends, 2);
  EXPECT_GE(library().confirmed(), 1);
  EXPECT_EQ(delivery(id, "library")->attempts, 2);
  EXPECT_TRUE(stop());
}

TEST_F(HandOverTest, ManyAtOnceAllArriveOnceAndInOrder) {
  start_watched();
  settle_down();
  const std::size_t before = library().sent().size();
  std::vector<std::thread> sources;
  for (int source = 0; source < 4; ++source) {
    sources.emplace_back([this, source] {
      for (int i = 0; i < 50; ++i) {
        const std::string number = std::to_string(source) + "-" + std::to_string(i);
        accept(event("many-" + number, "SHANZHENG", "case-" + std::to_string(i % 5)));
      }
    });
  }
  for (std::thread& source : sources) source.join();
  ASSERT_TRUE(eventually([&] { return library().sent().size() == before + 200; }));
  std::map<std::string, std::uint64_t> last;
  for (const Message& sent : library().messages()) {
    std::uint64_t& number = last[sent.headers.at("case-no")];
    EXPECT_GT(sent.order_number, number) << sent.headers.at("case-no");
    number = sent.order_number;
  }
}

}  // namespace
}  // namespace certbridge::host
