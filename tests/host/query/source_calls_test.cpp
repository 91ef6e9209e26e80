// Calls that nobody waits for: who is slow holds up nobody else, and everybody is told in time.
#include "query/source_calls.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <set>
#include <thread>

#include "stub_responder.h"

namespace certbridge::host {
namespace {

using namespace std::chrono_literals;

Timer::Moment later() { return std::chrono::steady_clock::now() + kPatience; }

SourceCall call_to(const std::string& endpoint, Timer::Moment deadline,
                   const std::string& same = {}) {
  SourceCall call;
  call.endpoint = endpoint;
  call.question = message_of("?");
  call.deadline = deadline;
  call.same = same;
  return call;
}

class SourceCallsTest : public ::testing::Test {
 protected:
  // What each call came to: its answer's body, or the code of its error.
  SourceCalls::Done note(const std::string& name) {
    return [this, name](const Result<Message>& answer) {
      std::string text = answer ? read_all(*answer.value().body, 100).value() : answer.error().code;
      came_.add(name + " " + text);
    };
  }

  Gate gate_{};
  StubResponder quick_{[](const Message&, const Call&) { return message_of("quick"); }};
  StubResponder slow_{[this](const Message&, const Call&) {
    gate_.pass();
    return message_of("slow");
  }};
  Arrivals<std::string> came_{};
  Timer timer_{};
  BoundedPool pool_{"query", 8, 16};
};

TEST(ExpectedWait, IsThatOfWhoeverIsInFrontAndOneself) {
  ExpectedWait wait(4);
  EXPECT_EQ(wait.of(100), 0s) << "nothing is known yet";
  for (int i = 0; i < 200; ++i) wait.note(2s);
  EXPECT_EQ(wait.of(0), 0s) << "whoever comes first tries it";
  EXPECT_NEAR(std::chrono::duration<double>(wait.of(1)).count(), 2, 0.01);
  EXPECT_NEAR(std::chrono::duration<double>(wait.of(7)).count(), 6, 0.03);
  for (int i = 0; i < 50; ++i) wait.note(1ms);
  EXPECT_LT(wait.of(7), 20ms) << "it is quick again";
}

TEST_F(SourceCallsTest, ASlowEndpointHoldsUpNoOther) {
  SourceCalls calls({{"slow", &slow_, 1, 10}, {"quick", &quick_, 1, 10}}, timer_, pool_);
  for (int i = 0; i < 5; ++i) calls.ask(call_to("slow", later()), note("a"));
  calls.ask(call_to("quick", later()), note("b"));
  EXPECT_EQ(came_.wait_for(1).front(), "b quick");
  gate_.open();
  EXPECT_EQ(came_.wait_for(6).size(), 6u);
}

// On the way to the record: nothing is handed to another thread where nothing has to be.
TEST_F(SourceCallsTest, WhoHasNothingLeftToDoMakesHisCallHimself) {
  Arrivals<std::thread::id> threads;
  StubResponder here([&](const Message&, const Call&) {
    threads.add(std::this_thread::get_id());
    return message_of("here");
  });
  SourceCalls calls({{"here", &here, 1, 10}}, timer_, pool_);
  const auto ask = [&] {
    SourceCall call = call_to("here", later());
    call.here = true;
    calls.ask(std::move(call),
              [&](const Result<Message>&) { threads.add(std::this_thread::get_id()); });
    threads.add(std::this_thread::get_id());
  };
  pool_.resume(ask);
  const auto of_the_pool = threads.wait_for(3);
  EXPECT_EQ(std::set(of_the_pool.begin(), of_the_pool.end()).size(), 1u);
  ask();
  const auto all = threads.wait_for(6);
  EXPECT_EQ(std::count(all.begin(), all.end(), std::this_thread::get_id()), 1)
      << "a thread that is none of the pool waits for no source";
}

TEST_F(SourceCallsTest, WhoeverJoinedIsNotHeldUpByOthers) {
  Gate first;
  SourceCalls calls({{"slow", &slow_, 4, 10}}, timer_, pool_);
  calls.ask(call_to("slow", later(), "x"), [&](const Result<Message>&) { first.pass(); });
  ASSERT_TRUE(slow_.wait_for(1));
  calls.ask(call_to("slow", later(), "x"), note("joined"));
  gate_.open();
  EXPECT_EQ(came_.wait_for(1), std::vector<std::string>{"joined slow"});
  first.open();
}

TEST_F(SourceCallsTest, AFullQueueRefusesAtOnce) {
  SourceCalls calls({{"slow", &slow_, 1, 1}}, timer_, pool_);
  calls.ask(call_to("slow", later()), note("under way"));
  ASSERT_TRUE(slow_.wait_for(1));
  calls.ask(call_to("slow", later()), note("waits"));
  calls.ask(call_to("slow", later()), note("one too many"));
  EXPECT_EQ(came_.wait_for(1).front(), "one too many query.busy");
  gate_.open();
  EXPECT_EQ(came_.wait_for(3).size(), 3u);
}

// Those who wait in vain would all be told at once, at their deadlines.
TEST_F(SourceCallsTest, WhoWouldWaitInVainIsToldAtOnce) {
  StubResponder sluggish([this](const Message&, const Call&) {
    Gate gate;
    timer_.at(std::chrono::steady_clock::now() + 40ms, [&gate] { gate.open(); });
    gate.pass();
    return message_of("late");
  });
  SourceCalls calls({{"sluggish", &sluggish, 1, 1000}}, timer_, pool_);
  for (std::size_t i = 1; i <= 20; ++i) {  // it is known how long it takes
    calls.ask(call_to("sluggish", later()), note("before"));
    ASSERT_EQ(came_.wait_for(i).size(), i);
  }
  for (int i = 0; i < 200; ++i) {
    calls.ask(call_to("sluggish", std::chrono::steady_clock::now() + 400ms), note("asked"));
  }
  const std::vector<std::string> came = came_.wait_for(220);
  EXPECT_GT(std::count(came.begin(), came.end(), "asked query.busy"), 150);
  EXPECT_LT(std::count(came.begin(), came.end(), "asked query.timeout"), 20);
}

TEST_F(SourceCallsTest, NobodyWaitsLongerThanHisDeadline) {
  SourceCalls calls({{"slow", &slow_, 1, 10}}, timer_, pool_);
  calls.ask(call_to("slow", std::chrono::steady_clock::now() + 20ms), note("a"));
  EXPECT_EQ(came_.wait_for(1).front(), "a query.timeout");
  gate_.open();
  calls.stop();
  EXPECT_EQ(came_.size(), 1u) << "what comes afterwards is nobody's";
}

TEST_F(SourceCallsTest, ASourceIsSparedAQuestionForWhichNobodyWaits) {
  SourceCalls calls({{"slow", &slow_, 1, 10}}, timer_, pool_);
  calls.ask(call_to("slow", later()), note("first"));
  ASSERT_TRUE(slow_.wait_for(1));
  calls.ask(call_to("slow", std::chrono::steady_clock::now() + 10ms), note("second"));
  EXPECT_EQ(came_.wait_for(1).front(), "second query.timeout");
  gate_.open();
  EXPECT_EQ(came_.wait_for(2).back(), "first slow");
  calls.stop();
  EXPECT_EQ(slow_.asked(), 1u);
}

TEST_F(SourceCallsTest, EqualQuestionsUnderWayAreOneCall) {
  SourceCalls calls({{"slow", &slow_, 4, 10}}, timer_, pool_);
  calls.ask(call_to("slow", later(), "x"), note("a"));
  ASSERT_TRUE(slow_.wait_for(1));
  calls.ask(call_to("slow", later(), "x"), note("b"));
  calls.ask(call_to("slow", std::chrono::steady_clock::now() + 10ms, "x"), note("c"));
  calls.ask(call_to("slow", later(), "y"), note("d"));
  EXPECT_EQ(came_.wait_for(1).front(), "c query.timeout") << "each has his own deadline";
  gate_.open();
  const std::vector<std::string> came = came_.wait_for(4);
  EXPECT_EQ(std::set<std::string>(came.begin(), came.end()),
            (std::set<std::string>{"a slow", "b slow", "c query.timeout", "d slow"}));
  EXPECT_EQ(slow_.asked(), 2u);
  calls.ask(call_to("slow", later(), "x"), note("e"));
  EXPECT_EQ(came_.wait_for(5).size(), 5u);
  EXPECT_EQ(slow_.asked(), 3u) << "nothing is kept once it has come";
}

TEST_F(SourceCallsTest, AnUnknownEndpointIsAnError) {
  SourceCalls calls({{"gone", nullptr, 1, 1}}, timer_, pool_);
  calls.ask(call_to("gone", later()), note("a"));
  calls.ask(call_to("other", later()), note("b"));
  EXPECT_EQ(came_.wait_for(2),
            (std::vector<std::string>{"a query.no_endpoint", "b query.no_endpoint"}));
}

TEST_F(SourceCallsTest, StoppingTellsCallsAndAnswersWhatWaits) {
  StubResponder listening([](const Message&, const Call& call) -> Result<Message> {
    Gate gate;
    const std::stop_callback hear(call.stop, [&gate] { gate.open(); });
    gate.pass();
    return Error::retryable("stub.stopped", "stopped");
  });
  SourceCalls calls({{"listening", &listening, 1, 10}}, timer_, pool_);
  calls.ask(call_to("listening", later()), note("under way"));
  ASSERT_TRUE(listening.wait_for(1));
  calls.ask(call_to("listening", later()), note("waits"));
  calls.stop();
  calls.ask(call_to("listening", later()), note("late"));
  const std::vector<std::string> came = came_.wait_for(3);
  EXPECT_EQ(std::set<std::string>(came.begin(), came.end()),
            (std::set<std::string>{"under way stub.stopped", "waits query.stopping",
                                   "late query.stopping"}))
      << "in any order: they are told by different threads";
}

TEST_F(SourceCallsTest, AStoppedTimerRunsNothingAnyMore) {
  std::atomic<int> begun{0};
  const auto task = [&] {
    ++begun;
    gate_.pass();
  };
  timer_.at(std::chrono::steady_clock::now(), task);
  timer_.at(later(), task);
  while (begun == 0) std::this_thread::yield();
  auto stopped = std::async(std::launch::async, [this] { timer_.stop(); });
  EXPECT_EQ(stopped.wait_for(30ms), std::future_status::timeout) << "who is within is waited for";
  gate_.open();
  stopped.get();
  timer_.at(std::chrono::steady_clock::now(), task);
  EXPECT_FALSE(timer_.cancel(timer_.at(later(), task))) << "nothing is kept any more";
  EXPECT_EQ(begun, 1);
}

TEST_F(SourceCallsTest, WhoFailsThreeTimesInARowIsFailingForAMinute) {
  std::atomic<bool> fails{true};
  StubResponder source([&](const Message&, const Call&) -> Result<Message> {
    if (fails) return Error::retryable("http.refused", "nobody there");
    return message_of("!");
  });
  SourceCalls calls({{"source", &source, 1, 8}}, timer_, pool_);
  const auto ask = [&](std::size_t count) {
    calls.ask(call_to("source", later()), note("a"));
    came_.wait_for(count);
    return calls.failing(std::chrono::steady_clock::now());
  };
  EXPECT_TRUE(ask(1).empty());
  EXPECT_TRUE(ask(2).empty());
  EXPECT_EQ(ask(3), std::set<std::string>{"source"});
  EXPECT_TRUE(calls.failing(std::chrono::steady_clock::now() + 2min).empty()) << "nobody knows";
  fails = false;
  EXPECT_TRUE(ask(4).empty());
}

TEST_F(SourceCallsTest, WhoRefusesAQuestionForGoodIsThereAndWhoIsLateIsNot) {
  StubResponder strict([](const Message&, const Call&) -> Result<Message> {
    return Error::permanent("library.type", "not published");
  });
  Gate gate;
  StubResponder slow([&](const Message&, const Call&) -> Result<Message> {
    gate.pass();
    return message_of("!");
  });
  SourceCalls calls({{"strict", &strict, 1, 8}, {"slow", &slow, 1, 8}}, timer_, pool_);
  for (int i = 0; i < 3; ++i) {
    calls.ask(call_to("strict", later()), note("strict"));
    calls.ask(call_to("slow", std::chrono::steady_clock::now() + 20ms), note("slow"));
  }
  came_.wait_for(6);
  EXPECT_EQ(calls.failing(std::chrono::steady_clock::now()), std::set<std::string>{"slow"});
  gate.open();
}

}  // namespace
}  // namespace certbridge::host
