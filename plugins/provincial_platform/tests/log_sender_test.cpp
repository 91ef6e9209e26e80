// The sink of daily logs and its watch: versions, what is durable when, and what a reply means.
#include <gtest/gtest.h>

#include "daily_log/log_kept.h"
#include "daily_log/log_sender.h"
#include "daily_log/log_text.h"
#include "daily_log/log_watch.h"
#include "day_samples.h"
#include "platform_folder.h"
#include "plugin_test.h"

namespace certbridge::provincial_platform {
namespace {

using namespace testing;

const std::string kForm = plugin_file("profiles/daily-log.xml");

class LogSenderTest : public ::testing::Test {
 protected:
  LogSenderTest() {
    folder_.lend_to(context_);
    context_.mutable_clock().set(parse_message_time("2024-03-18T16:10:00Z").value());
    context_.mutable_facts().add(sent_booking(1, "200", "delivered", ""));
  }
  Sink& sink() {
    if (!sink_) sink_ = make_log_sender(context_).value();
    return *sink_;
  }
  void reply(const std::string& number, const std::string& code) {
    folder_.put_file("990101/RepLog/Rep" + number + ".xml",
                     "<RespondLog><responseLogCode>" + code +
                         "</responseLogCode><responseLogInfo>说明</responseLogInfo></RespondLog>");
  }
  std::vector<std::string> logs() const { return folder_.names_with("/LogMsg/"); }

  const Message day_ = booked_day_message({registered_row(1, "200", "4")});
  const Call first_ = call_of("d1/log", 5s);
  const Call second_ = call_of("d2/log", 5s);
  PlatformFolder folder_{};
  FakeContext context_ = context_of(
      "daily-log", {{"form", kForm}, {"signing-key", "secret:key"}, {"bookings", "province"}});
  std::unique_ptr<Sink> sink_{};
};

TEST_F(LogSenderTest, ALogIsSentAndItsReceiptIsOpen) {
  const auto receipt = sink().send(day_, first_);
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(receipt.value().state, Receipt::State::kOpen);
  EXPECT_EQ(receipt.value().remote_id, "990101240318000001");
  EXPECT_EQ(receipt.value().expected_by, context_.clock().now() + 30min);
  EXPECT_EQ(logs(), std::vector<std::string>{"990101/LogMsg/Log990101240318000001.xml"});
  EXPECT_NE(folder_.puts().at(0).find("</BizMsgID>\r\n<DigitalSign>"), std::string::npos);
}

TEST_F(LogSenderTest, ADayWithoutBookingsIsSentToo) {
  ASSERT_TRUE(sink().send(booked_day_message({}), first_));
  EXPECT_NE(folder_.puts().at(0).find("<RegisterList totalNum=\"0\">"), std::string::npos);
}

TEST_F(LogSenderTest, NumberAndBytesAreDurableBeforeTheFirstByteLeaves) {
  bool durable = false;
  folder_.before_put([&] {
    context_.memory().forget("d1/log");  // a crash here keeps what was flushed
    LogMemory memory(context_.memory(), sample_day(), "d1/log");
    const auto kept = memory.last();
    durable = kept && kept.value() && !kept.value()->prepared.bytes.empty() &&
              memory.own_number().value() == "990101240318000001";
  });
  ASSERT_TRUE(sink().send(day_, first_));
  EXPECT_TRUE(durable);
}

TEST_F(LogSenderTest, AResendSendsTheSameBytesAlsoWhenMoreWasSentMeanwhile) {
  folder_.fail_next();
  ASSERT_FALSE(sink().send(day_, first_));
  context_.mutable_facts().add(sent_booking(2, "200", "delivered", ""));
  sink_.reset();
  ASSERT_TRUE(sink().send(day_, first_));
  ASSERT_EQ(folder_.puts().size(), 2);
  EXPECT_EQ(folder_.puts()[0], folder_.puts()[1]);
}

TEST_F(LogSenderTest, AnotherLookThatFindsNothingNewSendsNothingAndWaitsForTheSameReply) {
  ASSERT_TRUE(sink().send(day_, first_));
  context_.memory().commit("d1/log");
  const auto again = sink().send(day_, second_);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again.value().state, Receipt::State::kOpen);  // or its day would count as reported
  EXPECT_EQ(again.value().remote_id, "990101240318000001");
  EXPECT_EQ(folder_.puts().size(), 1);
  reply("990101240318000001", "0200");
  EXPECT_EQ(sink().confirm(day_, second_).value().receipt->state, Receipt::State::kSettled);
  context_.memory().commit("d2/log");
  const auto later = sink().send(day_, call_of("d3/log", 5s));
  EXPECT_EQ(later.value().state, Receipt::State::kSettled);
  EXPECT_EQ(folder_.puts().size(), 1);
}

TEST_F(LogSenderTest, ARejectionIsToldToEachDeliveryThatWaitsForTheReply) {
  ASSERT_TRUE(sink().send(day_, first_));
  context_.memory().commit("d1/log");
  ASSERT_TRUE(sink().send(day_, second_));
  reply("990101240318000001", "04012");
  for (const Call& call : {first_, second_}) {
    EXPECT_EQ(sink().confirm(day_, call).error().code, kCodeRejected);
    context_.memory().commit(call.step_key);
    EXPECT_EQ(sink().confirm(day_, call).value().state, Confirmation::State::kAbsent);
  }
  EXPECT_EQ(sink().send(day_, first_).value().remote_id, "990101240318000002");
  context_.memory().commit("d1/log");
  EXPECT_EQ(sink().send(day_, second_).value().remote_id, "990101240318000002");
  EXPECT_EQ(folder_.puts().size(), 2);
}

TEST_F(LogSenderTest, ALaterVersionThatIsAcceptedSettlesAnEarlierOneWithoutReply) {
  ASSERT_TRUE(sink().send(day_, first_));
  context_.memory().commit("d1/log");
  ASSERT_TRUE(sink().send(booked_day_message({registered_row(2, "100", "4")}), second_));
  context_.memory().commit("d2/log");
  folder_.take("990101/LogMsg/Log990101240318000001.xml");
  EXPECT_EQ(sink().confirm(day_, first_).value().state, Confirmation::State::kInProgress);
  reply("990101240318000002", "0200");
  ASSERT_TRUE(sink().confirm(day_, second_));
  context_.memory().commit("d2/log");
  EXPECT_EQ(sink().confirm(day_, first_).value().receipt->state, Receipt::State::kSettled);
}

TEST_F(LogSenderTest, AReplyThatIsReadWhileTheNextVersionIsMadeDoesNotUndoIt) {
  ASSERT_TRUE(sink().send(day_, first_));
  context_.memory().commit("d1/log");
  reply("990101240318000001", "0200");
  ASSERT_TRUE(sink().confirm(day_, first_));  // read, and not committed yet
  const Message changed = booked_day_message({registered_row(2, "100", "4")});
  ASSERT_TRUE(sink().send(changed, second_));
  context_.memory().commit("d2/log");
  context_.memory().commit("d1/log");
  const Message more = booked_day_message({registered_row(3, "100", "4")});
  EXPECT_EQ(sink().send(more, call_of("d3/log", 5s)).value().remote_id, "990101240318000003");
}

TEST_F(LogSenderTest, AVersionThatNeverLeftGoesBeforeTheNext) {
  folder_.fail_next();
  ASSERT_FALSE(sink().send(day_, first_));  // and a person discards the delivery
  context_.memory().forget("d1/log");
  const Message changed = booked_day_message({registered_row(2, "100", "4")});
  EXPECT_EQ(sink().send(changed, second_).value().remote_id, "990101240318000002");
  EXPECT_EQ(logs(), (std::vector<std::string>{"990101/LogMsg/Log990101240318000001.xml",
                                              "990101/LogMsg/Log990101240318000002.xml"}));
}

TEST_F(LogSenderTest, AnEarlierHandOverThatIsSentAgainDoesNotUndoALaterOne) {
  ASSERT_TRUE(sink().send(day_, first_));
  context_.memory().commit("d1/log");
  Message later = booked_day_message({registered_row(2, "100", "4")});
  later.order_number = 2;
  ASSERT_TRUE(sink().send(later, second_));
  context_.memory().commit("d2/log");
  reply("990101240318000001", "04012");
  ASSERT_FALSE(sink().confirm(day_, first_));
  context_.memory().commit("d1/log");
  const auto again = sink().send(day_, first_);  // its rows are those of the first hand-over
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again.value().remote_id, "990101240318000002");
  EXPECT_EQ(folder_.puts().size(), 2);
  reply("990101240318000002", "0200");
  EXPECT_EQ(sink().confirm(day_, first_).value().receipt->state, Receipt::State::kSettled);
}

// Also the calendar's own ones behind one that a person asked for in between.
TEST_F(LogSenderTest, EachHandOverComesBehindThoseBeforeItWhoeverAskedForIt) {
  const std::vector<const char*> turns{"3", "again-1", "4", "again-2"};
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const int number = static_cast<int>(i) + 1;
    Message handed = booked_day_message({registered_row(number, "100", "4")});
    handed.headers["turn"] = turns[i];
    handed.order_number = 10 + i;
    const Call call = call_of("d" + std::to_string(number) + "/log", 5s);
    EXPECT_EQ(sink().send(handed, call).value().remote_id, log_number(sample_day(), number));
    context_.memory().commit(call.step_key);
  }
}

TEST_F(LogSenderTest, WhatWasGivenUpBeforeItLeftIsSentByTheNextLook) {
  folder_.fail_next();
  ASSERT_FALSE(sink().send(day_, first_));  // and a person discards the delivery
  context_.memory().forget("d1/log");
  const auto next = sink().send(day_, second_);
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_EQ(next.value().state, Receipt::State::kOpen);
  EXPECT_EQ(folder_.puts().at(0), folder_.puts().at(1));
  reply("990101240318000001", "0200");
  EXPECT_EQ(sink().confirm(day_, second_).value().receipt->state, Receipt::State::kSettled);
}

TEST_F(LogSenderTest, TheSameRowsInAnotherOrderAreNothingNew) {
  const Record one = registered_row(1, "200", "4");
  const Record other = registered_row(2, "100", "4");
  ASSERT_TRUE(sink().send(booked_day_message({other, one}), first_));
  context_.memory().commit("d1/log");
  ASSERT_TRUE(sink().send(booked_day_message({one, other}), second_));
  EXPECT_EQ(folder_.puts().size(), 1);
}

TEST_F(LogSenderTest, ChangedBooksAndLateUploadsAreAVersionOfTheirOwn) {
  ASSERT_TRUE(sink().send(day_, first_));
  context_.memory().commit("d1/log");
  const Message changed =
      booked_day_message({registered_row(1, "200", "4"), registered_row(2, "100", "4")});
  EXPECT_EQ(sink().send(changed, second_).value().remote_id, "990101240318000002");
  context_.memory().commit("d2/log");
  context_.mutable_facts().add(sent_booking(2, "100", "open", ""));
  EXPECT_EQ(sink().send(changed, call_of("d3/log", 5s)).value().remote_id, "990101240318000003");
  EXPECT_EQ(logs().size(), 3);
  EXPECT_NE(folder_.puts().back().find("<Remark>3</Remark>"), std::string::npos);
  reply("990101240318000001", "0200");
  EXPECT_EQ(sink().confirm(day_, first_).value().receipt->remote_id, "990101240318000001");
}

TEST_F(LogSenderTest, TheReplyOfTheExactNameSettlesIt) {
  EXPECT_EQ(sink().confirm(day_, first_).value().state, Confirmation::State::kAbsent);
  ASSERT_TRUE(sink().send(day_, first_));
  EXPECT_EQ(sink().confirm(day_, first_).value().receipt->state, Receipt::State::kOpen);
  folder_.take("990101/LogMsg/Log990101240318000001.xml");
  EXPECT_EQ(sink().confirm(day_, first_).value().state, Confirmation::State::kInProgress);
  reply("990101240318000001", "0200");
  EXPECT_EQ(sink().confirm(day_, first_).value().receipt->state, Receipt::State::kSettled);
}

TEST_F(LogSenderTest, TheBytesOfAnAcceptedLogAreNotKept) {
  ASSERT_TRUE(sink().send(day_, first_));
  reply("990101240318000001", "0200");
  ASSERT_TRUE(sink().confirm(day_, first_));
  context_.memory().commit("d1/log");
  LogMemory memory(context_.memory(), sample_day(), "d2/log");
  EXPECT_TRUE(memory.last().value()->prepared.bytes.empty());
  EXPECT_EQ(sink().send(day_, first_).value().state, Receipt::State::kSettled);
  EXPECT_EQ(sink().send(day_, second_).value().remote_id, "990101240318000001");
  EXPECT_EQ(folder_.puts().size(), 1);
  const Message changed = booked_day_message({registered_row(2, "100", "4")});
  EXPECT_EQ(sink().send(changed, second_).value().remote_id, "990101240318000002");
}

TEST_F(LogSenderTest, ARejectionIsToldOnceAndFollowedByAVersionOfItsOwn) {
  ASSERT_TRUE(sink().send(day_, first_));
  reply("990101240318000001", "04012");
  const auto rejected = sink().confirm(day_, first_);
  ASSERT_FALSE(rejected);
  EXPECT_EQ(rejected.error().code, kCodeRejected);
  EXPECT_NE(rejected.error().message.find("04012"), std::string::npos);
  context_.memory().commit("d1/log");
  EXPECT_EQ(sink().confirm(day_, first_).value().state, Confirmation::State::kAbsent);
  EXPECT_EQ(sink().send(day_, first_).value().remote_id, "990101240318000002");
  reply("990101240318000002", "0200");
  EXPECT_EQ(sink().confirm(day_, first_).value().receipt->remote_id, "990101240318000002");
}

TEST_F(LogSenderTest, WhatIsNotValidIsNotSentAndUsesNoNumber) {
  const auto refused = sink().send(booked_day_message({registered_row(1, "2000", "4")}), first_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "provincial.schema");
  EXPECT_NE(refused.error().message.find("DJLX"), std::string::npos);
  EXPECT_EQ(sink().send(day_, first_).value().remote_id, "990101240318000001");
}

TEST_F(LogSenderTest, OverHttpALogIsPostedAndItsReplyFetched) {
  certbridge::testing::FakeResponder site;
  std::vector<std::string> asked;
  bool busy = false;
  site.answers_with([&](const Message& question, const Call&) -> Result<Message> {
    asked.push_back(question.headers.at("http-method") + " " + question.headers.at("http-path"));
    Message answer;
    answer.headers["http-status"] = asked.size() == 2 ? "404" : "200";
    answer.body =
        content_of(busy                ? R"({"code": 5})"
                   : asked.size() == 1 ? R"({"code": 1})"
                                       : "<R><responseLogCode>0200</responseLogCode></R>");
    return answer;
  });
  FakeContext context = context_of("daily-log", {{"form", kForm},
                                                 {"signing-key", "secret:key"},
                                                 {"bookings", "province"},
                                                 {"transport", "http"}});
  context.set_secret("key", sample_key().pem);
  context.lend("platform", site);
  const auto over_http = make_log_sender(context).value();
  busy = true;
  EXPECT_EQ(over_http->send(day_, first_).error().code, "provincial.reply");
  busy = false;
  asked.clear();
  ASSERT_TRUE(over_http->send(day_, first_));
  EXPECT_EQ(over_http->confirm(day_, first_).value().state, Confirmation::State::kInProgress);
  EXPECT_EQ(over_http->confirm(day_, first_).value().receipt->state, Receipt::State::kSettled);
  EXPECT_EQ(asked, (std::vector<std::string>{"POST /province/log/Log990101240318000001.xml",
                                             "GET /province/log-reply/990101240318000001",
                                             "GET /province/log-reply/990101240318000001"}));
}

class LogSenderContract : public LogSenderTest, public ::testing::WithParamInterface<Through> {};

TEST_P(LogSenderContract, KeepsWhatASinkOwes) {
  const auto plugin = load_plugin(PROVINCIAL_PLATFORM_LIBRARY);
  check_sink_contract(
      {*plugin, context_, "daily-log"}, day_, [&] { return static_cast<int>(logs().size()); },
      GetParam());
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, LogSenderContract,
                         ::testing::Values(Through::kPlain, Through::kWire));

class LogWatchTest : public ::testing::TestWithParam<Through> {
 protected:
  LogWatchTest() {
    context_.mutable_clock().set(parse_message_time("2024-03-18T16:10:00Z").value());
  }
  void log_is(const std::string& state) {
    certbridge::testing::KnownDelivery log;
    log.fact.endpoint = "province-log";
    log.fact.state = state;
    log.order_keys = {sample_day().order_key()};
    context_.mutable_facts().add(log);
  }
  FakeContext context_ = context_of("log-watch", {{"form", kForm}, {"logs", "province-log"}});
};

TEST_F(LogWatchTest, IsOpenUntilTheDeadlineAndOverdueUntilALogWasAccepted) {
  const auto watch = make_log_watch(context_).value();
  const Call call = call_of("d1/watch", 5s);
  const auto receipt = watch->send(day_message(), call);
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(receipt.value().state, Receipt::State::kOpen);
  EXPECT_EQ(receipt.value().expected_by, parse_message_time("2024-03-19T01:00:00Z"));
  EXPECT_EQ(watch->confirm(day_message(), call).value().state, Confirmation::State::kInProgress);
  EXPECT_TRUE(context_.logger().entries().empty());
  context_.mutable_clock().set(parse_message_time("2024-03-19T01:00:01Z").value());
  log_is("parked");
  EXPECT_EQ(watch->confirm(day_message(), call).value().state, Confirmation::State::kInProgress);
  ASSERT_EQ(context_.logger().entries().size(), 1);
  EXPECT_EQ(context_.logger().entries()[0].event, "daily_log.overdue");
  log_is("open");  // a next version: no alarm while the platform decides
  EXPECT_EQ(watch->confirm(day_message(), call).value().state, Confirmation::State::kInProgress);
  EXPECT_EQ(context_.logger().entries().size(), 1);
  log_is("delivered");
  EXPECT_EQ(watch->confirm(day_message(), call).value().receipt->state, Receipt::State::kSettled);
}

TEST_P(LogWatchTest, KeepsWhatASinkOwes) {
  const auto plugin = load_plugin(PROVINCIAL_PLATFORM_LIBRARY);
  check_sink_contract(
      {*plugin, context_, "log-watch"}, day_message(), [] { return 0; }, GetParam());
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, LogWatchTest,
                         ::testing::Values(Through::kPlain, Through::kWire));

}  // namespace
}  // namespace certbridge::provincial_platform
