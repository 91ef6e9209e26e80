// What waits too long and what belongs to nothing is told: in the log, to metrics and in health.
#include "engine/alarm_watch.h"

#include "engine/health.h"
#include "engine_fixture.h"

namespace certbridge::host {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;

class AlarmWatchTest : public EngineTest {
 protected:
  AlarmWatchTest()
      : told_(LogFormat::kJson, LogLevel::kInfo, clock_,
              [this](const std::string& line) {
                const std::lock_guard lock(mutex_);
                lines_ += line;
              }),
        teller_(make_logger(told_, "")) {
    add_sink("library");
    add_route("issue", "", {deliver("library")});
  }
  EngineServices services() {
    return {configuration_, *store_, endpoints_, *memory_, clock_, metrics_, *teller_};
  }
  std::string told() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  bool is_told(const std::string& event) {
    return eventually([&] { return told().find("\"" + event + "\"") != std::string::npos; });
  }
  int count(const std::string& event) {
    const std::string lines = told();
    int found = 0;
    for (std::size_t at = 0; (at = lines.find("\"" + event + "\"", at)) != std::string::npos;
         ++at) {
      ++found;
    }
    return found;
  }
  std::string health() { return ready_answer(services()).body; }
  std::string metrics() { return metrics_answer(services()).body; }

 private:
  std::mutex mutex_{};
  std::string lines_{};  // under mutex_
  LogOutput told_;
  std::unique_ptr<Logger> teller_;
};

TEST_F(AlarmWatchTest, AKeyThatWaitsTooLongIsToldWithAgeAndCauseAndSoIsItsEnd) {
  endpoints_.sinks["library"].on_send = [](const Message& message, const Call&) {
    if (message.source_key != "e1") return Result<Receipt>(Receipt{});
    return Result<Receipt>(Error::permanent("library.refused", "not like this"));
  };
  start();
  const std::string head = accept(event("e1")).id;
  ASSERT_TRUE(delivery_becomes(head, "library", DeliveryState::kParked));
  const std::string behind = accept(event("e2")).id;
  ASSERT_TRUE(delivery_becomes(behind, "library", DeliveryState::kWaiting));
  {
    const AlarmWatch patient(services(), milliseconds(1));
    EXPECT_THAT(health(), HasSubstr("\"waiting\":[]"));
  }
  EXPECT_EQ(count("waiting.too_long"), 0) << "four hours are not over";
  configuration_.waiting_limit = milliseconds(1);
  const AlarmWatch watch(services(), milliseconds(1));
  ASSERT_TRUE(is_told("waiting.too_long"));
  const std::string cause = " for parked delivery of message " + head;
  EXPECT_THAT(told(), HasSubstr("delivery library of " + behind + " waits since "));
  EXPECT_THAT(told(), HasSubstr(cause));
  EXPECT_THAT(health(), HasSubstr("\"ready\":true"));
  EXPECT_THAT(health(), HasSubstr("\"count\":1"));
  EXPECT_THAT(health(), HasSubstr(cause));
  EXPECT_THAT(metrics(), HasSubstr("certbridge_waiting_too_long{endpoint=\"library\"} 1\n"));
  EXPECT_THAT(metrics(),
              Not(HasSubstr("certbridge_waiting_oldest_seconds{endpoint=\"library\"} 0\n")));
  DeliveryChange change;
  change.id = delivery(head, "library")->id;
  change.state = DeliveryState::kDiscarded;
  Transition transition;
  transition.delivery_changes = {change};
  ASSERT_TRUE(store_->apply(transition).ok());
  EXPECT_TRUE(is_told("waiting.over"));
  EXPECT_EQ(count("waiting.too_long"), 1) << "it is told where it begins";
  EXPECT_THAT(health(), HasSubstr("\"waiting\":[]"));
  EXPECT_THAT(metrics(), HasSubstr("certbridge_waiting_too_long{endpoint=\"library\"} 0\n"));
}

TEST_F(AlarmWatchTest, AVerdictThatBelongsToNothingIsParkedAfterTheSettleTimeAndToldOnce) {
  endpoint("library").settle_time = std::chrono::hours(1);
  start();
  ASSERT_TRUE(store_->settle({"library", "nobody"}, {}).ok());
  const auto parked = [&] { return store_->desk().parked_verdicts(0, 10).value().size(); };
  { const AlarmWatch patient(services(), milliseconds(1)); }
  EXPECT_EQ(parked(), 0U) << "its settle time is not over";
  EXPECT_THAT(health(), HasSubstr("\"unmatched\":1,\"parked\":0"));
  endpoint("library").settle_time = milliseconds(1);
  const AlarmWatch watch(services(), milliseconds(1));
  ASSERT_TRUE(is_told("verdict.parked"));
  EXPECT_EQ(parked(), 1U);
  EXPECT_THAT(told(), HasSubstr("verdict.unknown"));
  EXPECT_THAT(health(), HasSubstr("\"unmatched\":0,\"parked\":1"));
  ASSERT_TRUE(store_->settle({"library", "nobody else"}, {}).ok());
  EXPECT_TRUE(eventually([&] { return count("verdict.parked") == 2; }));
}

TEST_F(AlarmWatchTest, AVerdictIsKeptWhileASendMayStillNameIt) {
  std::atomic<bool> begun{false};
  std::atomic<bool> answer{false};
  endpoints_.sinks["library"].on_send = [&](const Message&, const Call&) -> Result<Receipt> {
    begun = true;
    while (!answer) std::this_thread::yield();
    Receipt receipt;
    receipt.state = Receipt::State::kOpen;
    receipt.correlation = "batch-7";
    return receipt;
  };
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(eventually([&] { return begun.load(); }));
  ASSERT_TRUE(store_->settle({"library", "batch-7"}, {}).ok());
  const AlarmWatch watch(services(), milliseconds(1));
  // Long after the settle time of 30 ms.
  const Timestamp until = clock_.now() + milliseconds(200);
  EXPECT_TRUE(eventually([&] { return clock_.now() > until; }));
  EXPECT_EQ(store_->desk().parked_verdicts(0, 10).value().size(), 0U);
  answer = true;
  EXPECT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered));
  EXPECT_EQ(count("verdict.parked"), 0);
}

}  // namespace
}  // namespace certbridge::host
