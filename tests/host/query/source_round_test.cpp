// In which order sources are asked, and when it is enough.
#include "query/source_round.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stub_responder.h"

namespace certbridge::host {
namespace {

using namespace std::chrono_literals;

StubResponder saying(const std::string& text) {
  return StubResponder([text](const Message&, const Call&) { return message_of(text); });
}

class SourceRoundTest : public ::testing::Test {
 protected:
  SourceRoundTest() {
    calls_ = std::make_unique<SourceCalls>(std::vector<CalledEndpoint>{{"full", &full_, 2, 10},
                                                                       {"empty", &empty_, 2, 10},
                                                                       {"broken", &broken_, 2, 10},
                                                                       {"slow", &slow_, 2, 10}},
                                           timer_, pool_);
  }
  ~SourceRoundTest() override {
    gate_.open();
    calls_->stop();
    timer_.stop();
  }

  static QuerySource source(const std::string& endpoint, std::set<std::string> types = {}) {
    return {endpoint, std::move(types), kPatience, {}};
  }
  static QueryStep step(std::vector<QuerySource> sources) { return {std::move(sources), {}}; }

  // "full=found empty=absent useful answered"
  std::string run(std::vector<QueryStep> steps, std::set<std::string> types = {},
                  std::chrono::milliseconds budget = kPatience) {
    SourceRoundSettings settings;
    settings.steps = std::move(steps);
    settings.types = std::move(types);
    settings.question_type = kFindQuestion;
    settings.question = [](const std::vector<std::string>& of) {
      std::string text = "?";
      for (const std::string& type : of) text += " " + type;
      return text;
    };
    settings.deadline = std::chrono::steady_clock::now() + budget;
    Arrivals<std::string> ended;
    SourceRound::begin(
        *calls_, timer_, std::move(settings),
        [](const std::string&, const Result<Message>& answer,
           std::optional<Timestamp>) -> JudgedAnswer {
          if (!answer) return {answer.error().code, false, false};
          const bool found = read_all(*answer.value().body, 100).value() == "found";
          return {found ? "found" : "absent", found, true};
        },
        [&ended](const SourceRound::Outcome& outcome) {
          std::string text;
          for (const AskedSource& one : outcome.sources) {
            text += one.endpoint + "=" + one.outcome + " ";
          }
          if (outcome.useful) text += "useful ";
          if (outcome.answered) text += "answered ";
          if (outcome.failed) text += "failed ";
          ended.add(text.empty() ? text : text.substr(0, text.size() - 1));
        });
    const auto texts = ended.wait_for(1);
    return texts.empty() ? "did not end" : texts.front();
  }

  Gate gate_{};
  StubResponder full_ = saying("found");
  StubResponder empty_ = saying("nothing");
  StubResponder broken_{[](const Message&, const Call&) -> Result<Message> {
    return Error::retryable("broken", "it is broken");
  }};
  StubResponder slow_{[this](const Message&, const Call&) {
    gate_.pass();
    return message_of("found");
  }};
  Timer timer_{};
  BoundedPool pool_{"query", 8, 16};
  std::unique_ptr<SourceCalls> calls_{};
};

TEST_F(SourceRoundTest, TheFirstThatHasItIsEnough) {
  EXPECT_EQ(run({step({source("full")}), step({source("empty")})}), "full=found useful answered");
  EXPECT_EQ(empty_.asked(), 0u);
}

TEST_F(SourceRoundTest, TheNextIsAskedWhenTheFirstHasNothingOrFails) {
  EXPECT_EQ(run({step({source("empty")}), step({source("broken")}), step({source("full")})}),
            "empty=absent broken=broken full=found useful answered failed");
}

TEST_F(SourceRoundTest, NobodyHasIt) {
  EXPECT_EQ(run({step({source("empty")})}), "empty=absent answered");
  EXPECT_EQ(run({step({source("broken")})}), "broken=broken failed");
}

TEST_F(SourceRoundTest, OnlyThoseAreAskedThatHaveTheType) {
  EXPECT_EQ(run({step({source("full", {"a"})}), step({source("empty", {"b", "c"})})}, {"c", "d"}),
            "empty=absent answered");
  EXPECT_EQ(read_all(*empty_.question(0).body, 100).value(), "? c") << "and about no other";
  EXPECT_EQ(run({step({source("full", {"a"})})}, {"c"}), "");
  EXPECT_EQ(run({step({source("full", {"a"})})}), "full=found useful answered")
      << "every type is wanted";
}

TEST_F(SourceRoundTest, ThoseOfAParallelStepAreAllWaitedFor) {
  EXPECT_EQ(
      run({step({source("full"), source("empty"), source("broken")}), step({source("slow")})}),
      "full=found empty=absent broken=broken useful answered failed");
}

TEST_F(SourceRoundTest, ASlowSourceIsHedgedByTheNext) {
  std::vector<QueryStep> steps{step({source("slow")}), step({source("full")})};
  steps[0].hedge_after = 5ms;
  EXPECT_EQ(run(steps), "slow=not-awaited full=found useful answered");
}

TEST_F(SourceRoundTest, AHedgeThatFindsNothingLeavesTheFirstItsTime) {
  std::vector<QueryStep> steps{step({source("slow")}), step({source("empty")})};
  steps[0].hedge_after = 5ms;
  std::thread opener([this] {
    empty_.wait_for(1);
    gate_.open();
  });
  // Whichever comes first, the one that found something ends it.
  EXPECT_THAT(run(steps), ::testing::AnyOf("slow=found empty=absent useful answered",
                                           "slow=found empty=not-awaited useful answered"));
  opener.join();
}

TEST_F(SourceRoundTest, TheBudgetEndsIt) {
  EXPECT_EQ(run({step({source("slow")}), step({source("empty")})}, {}, 30ms),
            "slow=query.timeout empty=query.timeout failed");
}

}  // namespace
}  // namespace certbridge::host
