// The sink over HTTP: what statuses mean, and what a sink owes.
#include <gtest/gtest.h>

#include <map>
#include <mutex>

#include "exchange/http_replies.h"
#include "plugin_test.h"
#include "submission/submitter.h"

namespace certbridge::provincial_platform {
namespace {

using namespace testing;

// Keeps what is posted by its path; answers a response once there is one.
class PlatformSite final : public Responder {
 public:
  Result<Message> answer(const Message& question, const Call&) override {
    const std::lock_guard lock(mutex_);
    Message answer;
    answer.type = "http.response";
    answer.headers["http-status"] = status;
    const std::string path = question.headers.at("http-path");
    if (question.headers.at("http-method") == "POST") {
      if (status == "200") posted_[path] = body_of(question);
      answer.body = content_of(reply);
      return answer;
    }
    if (response.empty()) answer.headers["http-status"] = "404";
    if (!response.empty()) answer.body = content_of(response);
    return answer;
  }
  std::map<std::string, std::string> posted() const {
    const std::lock_guard lock(mutex_);
    return posted_;
  }

  std::string status = "200";
  std::string response{};
  std::string reply = R"({"status": "ok", "code": 1, "message": "已接收"})";

 private:
  mutable std::mutex mutex_{};
  std::map<std::string, std::string> posted_{};
};

class HttpExchangeTest : public ::testing::TestWithParam<Through> {
 protected:
  HttpExchangeTest() {
    context_.set_secret("key", sample_key().pem);
    context_.lend("platform", site_);
    context_.mutable_clock().set(parse_message_time("2024-03-18T08:00:00Z").value());
  }
  static Message cancellation(const std::string& generation = "v2") {
    return booked("4000101", generation);
  }
  static Message booked(const std::string& rec_type, const std::string& generation) {
    return booked_message(write_records(sample_facts(shipped_profile(generation), rec_type)));
  }

  PlatformSite site_{};
  FakeContext context_ = context_of("submitter", {{"profile", plugin_file("profiles/v2.xml")},
                                                  {"signing-key", "secret:key"},
                                                  {"transport", "http"}});
};

TEST_F(HttpExchangeTest, AMessageIsPostedUnderItsNumberAndItsResponseFetched) {
  const auto sink = make_submitter(context_).value();
  const Call call = call_of("m1/province", 5s);
  ASSERT_TRUE(sink->send(cancellation(), call));
  ASSERT_EQ(site_.posted().size(), 1);
  EXPECT_EQ(site_.posted().begin()->first, "/province/exchange/Biz990101240318000001.xml");
  EXPECT_EQ(sink->confirm(cancellation(), call).value().state, Confirmation::State::kInProgress);
  site_.response =
      "<respond><BizMsgID>990101240318000001</BizMsgID><SuccessFlag>1</SuccessFlag></respond>";
  EXPECT_EQ(sink->confirm(cancellation(), call).value().receipt->state, Receipt::State::kSettled);
}

TEST_F(HttpExchangeTest, AStatusSaysWhetherToTryAgain) {
  const auto sink = make_submitter(context_).value();
  for (const char* later : {"500", "503", "429", "408"}) {
    site_.status = later;
    EXPECT_EQ(sink->send(cancellation(), call_of("m1/province", 5s)).error().code,
              "provincial.unreachable");
  }
  for (const char* never : {"404", "301", "401", "403", "405"}) {
    site_.status = never;
    EXPECT_EQ(sink->send(cancellation(), call_of("m1/province", 5s)).error().code,
              "provincial.transport");
  }
  for (const char* this_one : {"400", "409", "413", "415", "422"}) {
    site_.status = this_one;
    const auto refused = sink->send(cancellation(), call_of("m1/province", 5s));
    EXPECT_EQ(refused.error().code, "provincial.drop_refused") << this_one;
    EXPECT_EQ(refused.error().severity, Severity::kPermanent) << this_one;
  }
  site_.status = "200";
  const auto receipt = sink->send(cancellation(), call_of("m1/province", 5s));
  EXPECT_EQ(receipt.value().remote_id, "990101240318000001");
}

TEST_F(HttpExchangeTest, WhatIsNotTakenIsSentAgainAndNotNotedAsSent) {
  const auto sink = make_submitter(context_).value();
  const Call call = call_of("m1/province", 5s);
  for (const char* reply : {R"({"code": 5, "message": "系统繁忙"})", R"({"code": 99})",
                            R"({"code": true})", "{}", "[1]", "<html>gateway", ""}) {
    site_.reply = reply;
    const auto sent = sink->send(cancellation(), call);
    ASSERT_FALSE(sent) << reply;
    EXPECT_EQ(sent.error().code, "provincial.reply") << reply;
    EXPECT_EQ(sent.error().severity, Severity::kRetryable) << reply;
    context_.expect_declared(sent.error());
    EXPECT_EQ(sink->confirm(cancellation(), call).value().state, Confirmation::State::kAbsent);
  }
  site_.reply = R"({"code": "1"})";
  EXPECT_EQ(sink->send(cancellation(), call).value().remote_id, "990101240318000001");
  EXPECT_EQ(sink->confirm(cancellation(), call).value().state, Confirmation::State::kInProgress);
}

TEST_F(HttpExchangeTest, WhatIsSaidAtOnceCountsUntilThereIsAResponse) {
  const auto sink = make_submitter(context_).value();
  site_.reply = R"({"code": 2, "message": "成功"})";
  ASSERT_TRUE(sink->send(cancellation(), call_of("m1/province", 5s)));
  const auto accepted = sink->confirm(cancellation(), call_of("m1/province", 5s));
  ASSERT_TRUE(accepted) << accepted.error().message;
  EXPECT_EQ(accepted.value().receipt->state, Receipt::State::kSettled);
  site_.reply = R"({"code": 3, "message": "证件号990101199001010018赋值非法"})";
  const Call second = call_of("m2/province", 5s);
  const Message seizure = booked("8000101", "v2");
  const Receipt sent = sink->send(seizure, second).value();
  EXPECT_EQ(sent.state, Receipt::State::kOpen);
  const auto refused = sink->confirm(seizure, second);
  EXPECT_EQ(refused.error().code, kCodeRejected);
  EXPECT_NE(refused.error().message.find("code 3, 证件号***赋值非法"), std::string::npos);
  site_.response =
      "<respond><BizMsgID>" + sent.remote_id + "</BizMsgID><SuccessFlag>1</SuccessFlag></respond>";
  const auto fetched = sink->confirm(seizure, second);
  EXPECT_TRUE(fetched) << fetched.error().message;
}

TEST_F(HttpExchangeTest, ACodeMayHaveAMinusInFront) {
  using Means = HttpReplies::Means;
  const HttpReplies replies{"code", "message", {{"-1", Means::kRefused}, {"1", Means::kAccepted}}};
  const auto refused = said_at_once(replies, "990101240318000001", R"({"code": -1})");
  ASSERT_TRUE(refused) << refused.error().message;
  EXPECT_FALSE(refused.value()->accepted);
  EXPECT_EQ(refused.value()->code, "-1");
  EXPECT_TRUE(said_at_once(replies, "990101240318000001", R"({"code": 1})").value()->accepted);
}

TEST_F(HttpExchangeTest, APathWithoutTheNumberIsAFault) {
  FakeContext context = context_of("submitter", {{"profile", plugin_file("profiles/v2.xml")},
                                                 {"signing-key", "secret:key"},
                                                 {"transport", "http"},
                                                 {"message-path", "/exchange"}});
  context.set_secret("key", sample_key().pem);
  context.lend("platform", site_);
  EXPECT_EQ(make_submitter(context).error().code, "provincial.option");
}

TEST_P(HttpExchangeTest, KeepsWhatASinkOwes) {
  const auto plugin = load_plugin(PROVINCIAL_PLATFORM_LIBRARY);
  FakeContext context =
      context_of("submitter", {{"profile", plugin_file("profiles/v1.xml")},
                               {"patch", plugin_file("profiles/example-patch.xml")},
                               {"signing-key", "secret:key"},
                               {"transport", "http"}});
  context.set_secret("key", sample_key().pem);
  context.lend("platform", site_);
  check_sink_contract(
      {*plugin, context, "submitter"}, cancellation("v1"),
      [&] { return static_cast<int>(site_.posted().size()); }, GetParam());
  context.expect_all_options_read();
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, HttpExchangeTest,
                         ::testing::Values(Through::kPlain, Through::kWire));

}  // namespace
}  // namespace certbridge::provincial_platform
