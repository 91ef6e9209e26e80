// What the guard makes of components that throw, fail, and recover.
#include "zoo.h"

namespace certbridge::host {
namespace {

using std::chrono::milliseconds;

class NoReceiver final : public Receiver {
 public:
  std::vector<Acceptance> accept(std::vector<Message>) override { return {}; }
  Result<void> settle(const Correlation&, const Outcome&) override { return {}; }
};

TEST(Guard, EveryMethodThatThrowsAnswersAFault) {
  Zoo zoo({endpoint_of("sink", "throws_everywhere", "sink"),
           endpoint_of("responder", "throws_everywhere", "responder"),
           endpoint_of("processor", "throws_everywhere", "processor"),
           endpoint_of("source", "throws_everywhere", "source")});
  zoo.open();
  const auto sent = zoo.set->sink("sink")->send(message_of("a"), Call{});
  ASSERT_FALSE(sent.ok());
  EXPECT_EQ(sent.error().code, "plugin.threw");
  EXPECT_EQ(sent.error().severity, Severity::kFault);
  EXPECT_EQ(sent.error().message, "the endpoint `sink` threw in send: fell in send");
  EXPECT_EQ(zoo.set->sink("sink")->confirm(message_of("a"), Call{}).error().message,
            "the endpoint `sink` threw in confirm: something that is no std::exception");
  EXPECT_EQ(zoo.set->responder("responder")->answer(message_of("a"), Call{}).error().message,
            "the endpoint `responder` threw in answer: fell in answer");
  EXPECT_EQ(zoo.set->processor("processor")->process(message_of("a"), Call{}).error().message,
            "the endpoint `processor` threw in process: fell in process");
  NoReceiver receiver;
  EXPECT_EQ(zoo.set->source("source")->listen(receiver).error().message,
            "the endpoint `source` threw in listen: fell in listen");
  zoo.set->stop_sources();
  zoo.set->stop();
}

TEST(Guard, CheckThatThrowsLeavesItDownAndStopThatThrowsIsSurvived) {
  Zoo zoo({endpoint_of("sink", "throws_everywhere", "sink")});
  zoo.open();
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(zoo.set->sink("sink")->send(message_of("a"), Call{}).ok());
  }
  EXPECT_EQ(zoo.reason("sink"),
            "3 faults in a row, the last: the endpoint `sink` threw in send: fell in send");
  zoo.clock.pass(milliseconds(1000));
  zoo.set->probe();
  EXPECT_EQ(zoo.status("sink").health, EndpointHealth::kDown);
  zoo.set->stop();
  EXPECT_EQ(zoo.set->sink("sink")->send(message_of("a"), Call{}).error().code, "endpoint.down");
}

TEST(Guard, StartThatThrowsTakesTheEndpointDown) {
  Zoo zoo({endpoint_of("sink", "throws_everywhere", "starter")});
  zoo.open();
  EXPECT_EQ(zoo.reason("sink"), "the endpoint `sink` threw in start: fell in start");
}

TEST(Guard, FaultsInARowTakeItDownAndAProbeBringsItUp) {
  Zoo zoo({endpoint_of("sink", "well_behaved", "failing")});
  zoo.open();
  Sink& sink = *zoo.set->sink("sink");
  EXPECT_EQ(sink.send(message_of("fault"), Call{}).error().code, "zoo.broken");
  EXPECT_EQ(sink.send(message_of("fault"), Call{}).error().code, "zoo.broken");
  EXPECT_TRUE(sink.send(message_of("fine"), Call{}).ok());  // the row is broken
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(sink.send(message_of("fault"), Call{}).error().code, "zoo.broken");
  EXPECT_EQ(zoo.reason("sink"), "3 faults in a row, the last: as asked");
  const auto refused = sink.send(message_of("fine"), Call{});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "endpoint.down");
  EXPECT_EQ(refused.error().retry_after, milliseconds(1000));

  zoo.clock.pass(milliseconds(999));
  zoo.set->probe();
  EXPECT_EQ(zoo.status("sink").health, EndpointHealth::kDown);
  zoo.clock.pass(milliseconds(1));
  zoo.set->probe();
  EXPECT_EQ(zoo.status("sink").health, EndpointHealth::kUp);
  EXPECT_TRUE(sink.send(message_of("fine"), Call{}).ok());
}

TEST(Guard, OneFaultAfterAProbeIsEnoughAndTheBackOffDoubles) {
  Zoo zoo({endpoint_of("sink", "well_behaved", "failing")});
  zoo.open();
  Sink& sink = *zoo.set->sink("sink");
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(sink.send(message_of("fault"), Call{}).ok());
  zoo.clock.pass(milliseconds(1000));
  zoo.set->probe();
  EXPECT_EQ(sink.send(message_of("fault"), Call{}).error().code, "zoo.broken");
  EXPECT_EQ(zoo.status("sink").health, EndpointHealth::kDown);
  zoo.clock.pass(milliseconds(1999));
  zoo.set->probe();
  EXPECT_EQ(zoo.status("sink").health, EndpointHealth::kDown);
  zoo.clock.pass(milliseconds(1));
  zoo.set->probe();
  EXPECT_EQ(zoo.status("sink").health, EndpointHealth::kUp);
}

TEST(Guard, RefusalsOfMessagesAreNoFaults) {
  Zoo zoo({endpoint_of("sink", "well_behaved", "failing")});
  zoo.open();
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(zoo.set->sink("sink")->send(message_of("permanent"), Call{}).error().code,
              "zoo.told");
  }
  EXPECT_EQ(zoo.status("sink").health, EndpointHealth::kUp);
}

TEST(Guard, UndeclaredCodeIsAFaultOfThePlugin) {
  Zoo zoo({endpoint_of("sink", "undeclared_code", "sink")});
  zoo.open();
  const auto sent = zoo.set->sink("sink")->send(message_of("a"), Call{});
  ASSERT_FALSE(sent.ok());
  EXPECT_EQ(sent.error().code, "plugin.undeclared_code");
  EXPECT_EQ(sent.error().severity, Severity::kFault);
  EXPECT_EQ(sent.error().message,
            "the endpoint `sink` answered with the code `zoo.surprise`, which its plugin.xml does "
            "not declare: "
            "nobody was told");
}

TEST(Guard, SeverityOfADeclaredCodeIsTheManifests) {
  Zoo zoo({endpoint_of("sink", "undeclared_code", "sink")});
  zoo.open();
  const auto confirmed = zoo.set->sink("sink")->confirm(message_of("a"), Call{});
  ASSERT_FALSE(confirmed.ok());
  EXPECT_EQ(confirmed.error().code, "zoo.declared");
  EXPECT_EQ(confirmed.error().severity, Severity::kRetryable);
}

TEST(Guard, ShortMemoryIsRetryable) {
  Zoo zoo({endpoint_of("sink", "out_of_memory", "sink")});
  zoo.open();
  for (int i = 0; i < 10; ++i) {
    const auto sent = zoo.set->sink("sink")->send(message_of("a"), Call{});
    ASSERT_FALSE(sent.ok());
    EXPECT_EQ(sent.error().code, "plugin.threw");
    EXPECT_EQ(sent.error().severity, Severity::kRetryable);
  }
}

TEST(Context, GivesOptionsSecretsAndLentEndpoints) {
  EndpointConfig sink = endpoint_of("counter", "well_behaved", "sink");
  sink.options = {{"greeting", "good day", {}}, {"patience", "1500", {}}, {"key", "zoo-key", {}}};
  sink.lent = {{"asked", "echo", {}}};
  Zoo zoo({sink, endpoint_of("echo", "well_behaved", "responder")});
  zoo.open();
  const auto sent = zoo.set->sink("counter")->send(message_of("question"), Call{});
  ASSERT_TRUE(sent.ok()) << sent.error().message;
  EXPECT_EQ(sent.value().remote_id, "counter/good day/1500/value of zoo-key");
  EXPECT_EQ(sent.value().correlation, "echo of question");
  const auto failed = zoo.set->sink("counter")->send(message_of("fail"), Call{});
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, "zoo.told");
}

TEST(Endpoints, ASinkSaysWhenTheNextDeliveryMayGo) {
  Zoo zoo({endpoint_of("quick", "well_behaved", "quick"),
           endpoint_of("silent", "well_behaved", "failing")});
  zoo.open();
  EXPECT_EQ(zoo.asked, (std::map<std::string, DeliveryOrder>{{"quick", DeliveryOrder::kAccepted}}));
  EXPECT_EQ(zoo.status("quick").order, DeliveryOrder::kAccepted);
  EXPECT_EQ(zoo.status("silent").order, std::nullopt);
}

TEST(Endpoints, AskedForAnotherInterfaceAnswerNull) {
  Zoo zoo({endpoint_of("echo", "well_behaved", "responder")});
  zoo.open();
  EXPECT_EQ(zoo.set->sink("echo"), nullptr);
  EXPECT_EQ(zoo.set->source("echo"), nullptr);
  EXPECT_EQ(zoo.set->responder("nobody"), nullptr);
  EXPECT_NE(zoo.set->responder("echo"), nullptr);
}

TEST(Endpoints, AfterStopCallsAreAnswered) {
  Zoo zoo({endpoint_of("echo", "well_behaved", "responder")});
  zoo.open();
  zoo.set->stop_sources();
  zoo.set->stop();
  EXPECT_EQ(zoo.set->responder("echo")->answer(message_of("a"), Call{}).error().code,
            "endpoint.down");
}

}  // namespace
}  // namespace certbridge::host
