#include "operate_fixture.h"

namespace certbridge::host {
namespace {

// Deliveries that the library refuses until it is mended.
class ReplayTest : public OperateTest {
 protected:
  ReplayTest() {
    add_sink("library").on_send = [this](const Message&, const Call&) {
      if (mended_) return Result<Receipt>(Receipt{});
      return Result<Receipt>(Error::permanent("library.refused", "no"));
    };
    endpoints_.sinks["library"].on_confirm = [this](const Message&, const Call&) {
      Confirmation answer;
      answer.state = holds_ ? Confirmation::State::kPresent : Confirmation::State::kAbsent;
      return Result<Confirmation>(answer);
    };
    add_route("issue", "SHANZHENG", {deliver("library")});
  }
  std::vector<std::string> park(int count) {
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i) {
      const std::string number = std::to_string(i);
      ids.push_back(accept(event("k" + number, "SHANZHENG", "C" + number)).id);
    }
    for (const std::string& id : ids) {
      EXPECT_TRUE(delivery_becomes(id, "library", DeliveryState::kParked));
    }
    return ids;
  }
  std::string start_job(int expect, int rate) {
    return value_of(done(kOperatorKey, "replay start",
                         {{"endpoint", "library"},
                          {"rate", std::to_string(rate)},
                          {"expect", std::to_string(expect)},
                          {"reason", "mended"}}),
                    "job");
  }
  bool job_becomes(const std::string& job, const std::string& state) {
    return eventually([&] {
      return value_of(done(kOperatorKey, "replay show", {{"job", job}}), "state") == state;
    });
  }

  std::atomic<bool> mended_{false};
  std::atomic<bool> holds_{false};
};

TEST_F(ReplayTest, ThePreviewCountsAndTheJobTakesExactlyThese) {
  start();
  start_replays();
  const std::vector<std::string> ids = park(3);
  const OperationAnswer preview = done(kAuditorKey, "replay preview", {{"endpoint", "library"}});
  EXPECT_EQ(value_of(preview, "count"), "3");
  EXPECT_EQ(value_of(preview, "asked first"), "3");
  EXPECT_EQ(value_of(preview, "may arrive twice"), "0");
  EXPECT_EQ(cell_of(preview, "parked", 0, "code"), "library.refused");
  EXPECT_EQ(refused(409, kOperatorKey, "replay start",
                    {{"rate", "10"}, {"expect", "2"}, {"reason", "x"}}),
            "replay.not_as_expected");
  EXPECT_EQ(refused(409, kOperatorKey, "replay start",
                    {{"code", "other"}, {"rate", "10"}, {"expect", "0"}, {"reason", "x"}}),
            "replay.nothing");
  mended_ = true;
  const std::string job = start_job(3, 1000);
  for (const std::string& id : ids) {
    EXPECT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered));
  }
  EXPECT_TRUE(job_becomes(job, "finished"));
  const OperationAnswer shown = done(kAuditorKey, "replay show", {{"job", job}});
  EXPECT_EQ(value_of(shown, "replayed"), "3");
  EXPECT_EQ(cell_of(shown, "items", 0, "original"), ids[0]);
  EXPECT_EQ(cell_of(shown, "items", 0, "delivery"), "library");
  EXPECT_EQ(rows_of(done(kAuditorKey, "replay list"), "replays"), 1U);
  const auto trace = store_->trace(ids[0]).value();
  EXPECT_TRUE(std::any_of(trace.begin(), trace.end(), [&](const TraceEntry& entry) {
    return entry.step == "replay" && entry.text == "replay " + job + " by wang";
  }));
}

// The counterpart has it after all: it is asked, and nothing is sent a second time.
TEST_F(ReplayTest, WhatMayHaveArrivedIsAskedAboutBeforeItIsSentAgain) {
  start();
  start_replays();
  const std::string id = park(1).front();
  const std::size_t sent = endpoints_.sinks["library"].sent().size();
  holds_ = true;
  mended_ = true;
  start_job(1, 10);
  EXPECT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered));
  EXPECT_EQ(endpoints_.sinks["library"].sent().size(), sent);
}

TEST_F(ReplayTest, APersonMayAnswerForItInPlaceOfACounterpartThatCannotTell) {
  endpoints_.sinks["library"].on_confirm = [](const Message&, const Call&) {
    return Result<Confirmation>(Confirmation{});
  };
  endpoint("library").unknown = UnknownPolicy::kPark;
  start();
  start_replays();
  const std::string id = park(1).front();
  EXPECT_EQ(value_of(done(kOperatorKey, "replay preview"), "parked again"), "1");
  mended_ = true;
  start_job(1, 10);
  ASSERT_TRUE(
      eventually([&] { return delivery(id, "library")->error_code == "delivery.cannot_tell"; }));
  const ParameterValues all{{"unconfirmed", "yes"}};
  EXPECT_EQ(value_of(done(kOperatorKey, "replay preview", all), "may arrive twice"), "1");
  done(kOperatorKey, "replay start",
       {{"unconfirmed", "yes"}, {"rate", "10"}, {"expect", "1"}, {"reason", "asked by telephone"}});
  EXPECT_TRUE(delivery_becomes(id, "library", DeliveryState::kDelivered));
}

TEST_F(ReplayTest, AJobIsPausedResumedAndStopped) {
  start();
  const std::vector<std::string> ids = park(3);
  mended_ = true;
  const std::string job = start_job(3, 1000);
  const ParameterValues named{{"job", job}, {"reason", "x"}};
  done(kOperatorKey, "replay pause", named);
  start_replays();
  EXPECT_EQ(refused(409, kOperatorKey, "replay pause", named), "journal.state_changed");
  // Another job runs beside it to its end; the paused one took nothing.
  const std::string other = value_of(
      done(kOperatorKey, "replay start", {{"rate", "1000"}, {"expect", "3"}, {"reason", "x"}}),
      "job");
  EXPECT_TRUE(job_becomes(other, "finished"));
  EXPECT_EQ(value_of(done(kOperatorKey, "replay show", {{"job", job}}), "waiting"), "3");
  done(kOperatorKey, "replay resume", named);
  EXPECT_TRUE(job_becomes(job, "finished"));
  // What the other job had taken was no longer parked.
  EXPECT_EQ(value_of(done(kOperatorKey, "replay show", {{"job", job}}), "skipped"), "3");
  EXPECT_EQ(refused(409, kOperatorKey, "replay stop", named), "journal.state_changed");
  EXPECT_EQ(refused(404, kOperatorKey, "replay stop", {{"job", "99"}, {"reason", "x"}}),
            "replay.no_such_job");
}

TEST_F(ReplayTest, TheRateIsKeptAndWhatIsStoppedStaysParked) {
  start();
  start_replays();
  const std::vector<std::string> ids = park(4);
  mended_ = true;
  const std::string job = start_job(4, 1);
  ASSERT_TRUE(delivery_becomes(ids[0], "library", DeliveryState::kDelivered));
  const OperationAnswer stopped =
      done(kOperatorKey, "replay stop", {{"job", job}, {"reason", "too fast"}});
  EXPECT_EQ(value_of(stopped, "state"), "stopped");
  EXPECT_GE(std::stoi(value_of(stopped, "waiting")), 2);
  EXPECT_EQ(delivery(ids[3], "library")->state, DeliveryState::kParked);
}

// Progress is in the journal: a runner that is new goes on with the rest.
TEST_F(ReplayTest, AJobGoesOnAfterARestart) {
  start();
  start_replays();
  const std::vector<std::string> ids = park(3);
  mended_ = true;
  const std::string job = start_job(3, 2);
  ASSERT_TRUE(delivery_becomes(ids[0], "library", DeliveryState::kDelivered));
  replays_.reset();
  EXPECT_EQ(value_of(done(kOperatorKey, "replay show", {{"job", job}}), "state"), "running");
  start_replays();
  EXPECT_TRUE(job_becomes(job, "finished"));
  EXPECT_TRUE(delivery_becomes(ids[2], "library", DeliveryState::kDelivered));
  EXPECT_EQ(value_of(done(kOperatorKey, "replay show", {{"job", job}}), "replayed"), "3");
}

}  // namespace
}  // namespace certbridge::host
