// The sink over stand-ins of the file adapter: what is durable when, and what a response means.
#include <gtest/gtest.h>

#include <fstream>

#include "certbridge/delivery_memory.h"
#include "certbridge/delivery_order.h"
#include "certbridge/plugin.h"
#include "exchange/prepared.h"
#include "platform_folder.h"
#include "plugin_test.h"
#include "submission/numbers.h"
#include "submission/submitter.h"

namespace certbridge::provincial_platform {
namespace {

using namespace testing;

Options options_of(const std::string& profile) {
  return {{"profile", plugin_file("profiles/" + profile + ".xml")}, {"signing-key", "secret:key"}};
}

class SubmitterTest : public ::testing::Test {
 protected:
  SubmitterTest() { prepare(context_); }

  void prepare(FakeContext& context) {
    folder_.lend_to(context);
    context.mutable_clock().set(parse_message_time("2024-03-18T08:00:00Z").value());
  }
  Sink& sink() {
    if (!sink_) sink_ = make_submitter(context_).value();
    return *sink_;
  }
  static Message booking(const std::string& rec_type, const std::string& case_number = "C1") {
    Message message = booked_message(sample_rows(shipped_profile("v1"), rec_type, case_number));
    message.id = "m1";
    return message;
  }

  PlatformFolder folder_{};
  FakeContext context_ = context_of("submitter", options_of("v1"));
  std::unique_ptr<Sink> sink_{};
};

// What the sink of this profile asks for; nothing when it does not say.
std::optional<DeliveryOrder> order_of(Sink& sink) {
  const auto* orders = dynamic_cast<const OrdersDeliveries*>(&sink);
  if (orders == nullptr) return {};
  return orders->delivery_order();
}

TEST_F(SubmitterTest, WhetherTheNextOfAUnitWaitsForAVerdictIsInTheProfile) {
  for (const std::string generation : {"v1", "v2"}) {
    for (const std::string word : {"settled", "accepted", ""}) {
      std::string profile = profile_text(generation + ".xml");
      const std::string shipped = " order=\"settled\"";
      ASSERT_NE(profile.find(shipped), std::string::npos);
      profile.replace(profile.find(shipped), shipped.size(),
                      word.empty() ? "" : " order=\"" + word + "\"");
      const std::string file = ::testing::TempDir() + "profile-" + word + ".xml";
      std::ofstream(file) << profile;
      auto options = options_of("v1");
      options["profile"] = file;
      FakeContext context = context_of("submitter", options);
      prepare(context);
      auto made = make_submitter(context);
      ASSERT_TRUE(made) << made.error().message;
      std::optional<DeliveryOrder> wanted;
      if (word == "settled") wanted = DeliveryOrder::kSettled;
      if (word == "accepted") wanted = DeliveryOrder::kAccepted;
      EXPECT_EQ(order_of(*made.value()), wanted) << generation << " " << word;
    }
  }
}

TEST_F(SubmitterTest, AMessageIsDeliveredAndItsReceiptIsOpen) {
  const auto receipt = sink().send(booking("2000402"), call_of("m1/province", 5s));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(receipt.value().state, Receipt::State::kOpen);
  EXPECT_EQ(receipt.value().remote_id, "990101240318000001");
  EXPECT_EQ(receipt.value().correlation, "990101240318000001");
  EXPECT_EQ(receipt.value().expected_by, context_.clock().now() + std::chrono::minutes(10));
  EXPECT_EQ(folder_.names(), std::vector<std::string>{"990101/BizMsg/Biz990101240318000001.xml"});
}

TEST_F(SubmitterTest, NumberAndBytesAreDurableBeforeTheFirstByteLeaves) {
  bool durable = false;
  folder_.before_put([&] {
    context_.memory().forget("m1/province");  // a crash here keeps what was flushed
    const auto kept = load_prepared(context_.memory(), "another/reader");
    const auto prepared = load_prepared(context_.memory(), "m1/province");
    durable = kept && !kept.value() && prepared && prepared.value() &&
              prepared.value()->number == "990101240318000001" && !prepared.value()->bytes.empty();
  });
  ASSERT_TRUE(sink().send(booking("2000402"), call_of("m1/province", 5s)));
  EXPECT_TRUE(durable);
}

TEST_F(SubmitterTest, EveryResendSendsTheSameBytesAlsoOnAnotherDay) {
  folder_.fail_next();
  ASSERT_FALSE(sink().send(booking("2000402"), call_of("m1/province", 5s)));
  context_.mutable_clock().advance(std::chrono::hours(24));
  sink_.reset();
  ASSERT_TRUE(sink().send(booking("2000402"), call_of("m1/province", 5s)));
  ASSERT_EQ(folder_.puts().size(), 2);
  EXPECT_EQ(folder_.puts()[0], folder_.puts()[1]);
  EXPECT_EQ(folder_.names().at(0), "990101/BizMsg/Biz990101240318000001.xml");
}

// A host whose operations staff mend the patch of the province.
class MendedPatch : public SubmitterTest {
 protected:
  MendedPatch() {
    is("");
    prepare(host_);
  }
  void is(const std::string& changes) {
    std::ofstream(file_) << "<patch xmlns=\"urn:certbridge:provincial-patch:1\" name=\"x\" "
                            "profile=\"v1\">"
                         << changes << "</patch>";
  }
  // As after a restart.
  std::string send() {
    const auto receipt = make_submitter(host_).value()->send(booking("4000101"), call_);
    host_.memory().commit(call_.step_key);
    if (!receipt) return receipt.error().code;
    folder_.take("990101/BizMsg/Biz" + receipt.value().remote_id + ".xml");
    return receipt.value().remote_id;
  }
  Result<Confirmation> confirm() {
    auto found = make_submitter(host_).value()->confirm(booking("4000101"), call_);
    host_.memory().commit(call_.step_key);
    return found;
  }
  void reject() { folder_.respond(number_, "2", "1000", "元素 ASID 赋值非法"); }

  static Options options() {
    auto all = options_of("v1");
    all["patch"] = file_;
    return all;
  }
  inline static const std::string file_ = ::testing::TempDir() + "mended-patch.xml";
  const std::string number_ = "990101240318000001";
  const std::string other_ = "<set field=\"ASID\" value=\"ST100\"/>";
  const Call call_ = call_of("m1/province", 5s);
  FakeContext host_ = context_of("submitter", options());
};

TEST_F(MendedPatch, WhatThePlatformRefusedIsMadeAnewWhenItIsTakenUpAgain) {
  ASSERT_EQ(send(), number_);
  reject();
  EXPECT_EQ(confirm().error().code, kCodeRejected);
  EXPECT_EQ(confirm().error().code, kCodeRejected) << "nothing was mended yet";
  is(other_);
  ASSERT_EQ(confirm().value().state, Confirmation::State::kAbsent);
  ASSERT_EQ(send(), number_) << "before the log of its day";
  ASSERT_EQ(folder_.puts().size(), 2U);
  EXPECT_EQ(folder_.puts()[0].find("ST100"), std::string::npos);
  EXPECT_NE(folder_.puts()[1].find("ST100"), std::string::npos);
  const auto early = confirm();
  ASSERT_TRUE(early) << early.error().message;
  EXPECT_EQ(early.value().state, Confirmation::State::kInProgress) << "its own verdict is open";
  reject();
  EXPECT_EQ(confirm().error().code, kCodeRejected) << "the mended one is refused, too";
  folder_.respond(number_, "1", "0000", "成功");
  EXPECT_EQ(confirm().value().state, Confirmation::State::kPresent);
}

TEST_F(MendedPatch, ARejectionThatNobodyWasToldOfIsTold) {
  ASSERT_EQ(send(), number_);
  reject();
  is(other_);
  EXPECT_EQ(confirm().error().code, kCodeRejected);
  EXPECT_EQ(confirm().value().state, Confirmation::State::kAbsent);
}

TEST_F(MendedPatch, WhatIsRejectedLateIsMadeAnewAfterARestart) {
  ASSERT_EQ(send(), number_);
  folder_.respond(number_, "1", "0000", "成功");
  ASSERT_TRUE(confirm());
  reject();
  EXPECT_EQ(make_submitter(host_).value()->confirm(booking("4000101"), call_).error().code,
            kCodeRejected);
  host_.memory().forget(call_.step_key);  // nothing of the look is kept by the host
  is(other_);
  EXPECT_EQ(confirm().value().state, Confirmation::State::kAbsent);
  EXPECT_EQ(send(), number_);
  EXPECT_NE(folder_.puts().back().find("ST100"), std::string::npos);
}

TEST_F(MendedPatch, WhatMayHaveArrivedIsNotMadeAnew) {
  ASSERT_EQ(send(), number_);
  is(other_);
  EXPECT_EQ(confirm().value().state, Confirmation::State::kInProgress);
  EXPECT_EQ(send(), number_);
  EXPECT_EQ(folder_.puts().at(0), folder_.puts().at(1));
}

TEST_F(MendedPatch, AMessageThatCanNoLongerBeMadeStaysRefused) {
  ASSERT_EQ(send(), number_);
  reject();
  EXPECT_FALSE(confirm());
  is("<attribute table=\"QLF_QL_ZXDJ\" name=\"SYWH\" required=\"yes\" type=\"integer\"/>");
  EXPECT_EQ(confirm().error().code, kCodeRejected);
}

TEST_F(SubmitterTest, NumbersHaveNoGapsAndBeginAnewEachDay) {
  Message broken = booking("2000402");
  broken.body = content_of("<no/>");
  ASSERT_FALSE(sink().send(broken, call_of("m0/province", 5s)));
  ASSERT_TRUE(sink().send(booking("2000402"), call_of("m1/province", 5s)));
  ASSERT_TRUE(sink().send(booking("4000101", "C2"), call_of("m2/province", 5s)));
  context_.mutable_clock().set(parse_message_time("2024-03-18T16:00:00Z").value());
  ASSERT_TRUE(sink().send(booking("8000101", "C3"), call_of("m3/province", 5s)));
  EXPECT_EQ(folder_.names(), (std::vector<std::string>{"990101/BizMsg/Biz990101240318000001.xml",
                                                       "990101/BizMsg/Biz990101240318000002.xml",
                                                       "990101/BizMsg/Biz990101240319000001.xml"}));
}

TEST_F(SubmitterTest, ANumberThatWasTakenBeforeACrashIsTheStepsOnTheNextDayToo) {
  Memory& memory = context_.memory();
  const Timestamp evening = context_.clock().now();
  EXPECT_EQ(next_number(memory, "m1/province", "990101", evening).value(), "990101240318000001");
  const Timestamp morning = evening + std::chrono::hours(20);
  EXPECT_EQ(next_number(memory, "m1/province", "990101", morning).value(), "990101240318000001");
  EXPECT_EQ(next_number(memory, "m2/province", "990101", morning).value(), "990101240319000001");
}

TEST_F(SubmitterTest, WhatIsSentAgainInAnotherMeaningHasASuffix) {
  Message message = booking("2000402");
  message.headers["resend-of"] = "990101240317000042";
  const std::vector<std::pair<std::string, std::string>> meanings{
      {"late", "BBXZ"}, {"again", "CBXZ"}, {"update", "BL"}};
  for (const auto& [meaning, suffix] : meanings) {
    message.headers["resend-as"] = meaning;
    const auto receipt = sink().send(message, call_of("m/" + meaning, 5s));
    ASSERT_TRUE(receipt) << receipt.error().message;
    EXPECT_EQ(receipt.value().remote_id, "990101240317000042" + suffix);
  }
  message.headers["resend-of"] = "990102240317000042";
  const auto of_another_area = sink().send(message, call_of("m/area", 5s));
  EXPECT_EQ(of_another_area.error().code, "provincial.resend");
  EXPECT_NE(of_another_area.error().message.find("another area"), std::string::npos);
  message.headers["resend-of"] = "990101240317000042";
  message.headers["resend-as"] = "maybe";
  EXPECT_EQ(sink().send(message, call_of("m/x", 5s)).error().code, "provincial.resend");
}

TEST_F(SubmitterTest, TheVerdictIsTheResponseOfTheExactName) {
  const Call call = call_of("m1/province", 5s);
  EXPECT_EQ(sink().confirm(booking("2000402"), call).value().state, Confirmation::State::kAbsent);
  ASSERT_TRUE(sink().send(booking("2000402"), call));
  const auto waiting = sink().confirm(booking("2000402"), call);
  ASSERT_TRUE(waiting);
  EXPECT_EQ(waiting.value().receipt->state, Receipt::State::kOpen);
  folder_.take("990101/BizMsg/Biz990101240318000001.xml");
  EXPECT_EQ(sink().confirm(booking("2000402"), call).value().state,
            Confirmation::State::kInProgress);
  folder_.respond("990101240318000001", "1", "0000", "成功");
  const auto accepted = sink().confirm(booking("2000402"), call);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted.value().state, Confirmation::State::kPresent);
  EXPECT_EQ(accepted.value().receipt->state, Receipt::State::kSettled);
}

TEST_F(SubmitterTest, ARejectionHasItsCodeAndWordsWithoutLongNumbers) {
  const Call call = call_of("m1/province", 5s);
  ASSERT_TRUE(sink().send(booking("2000402"), call));
  folder_.respond("990101240318000001", "2", "1000", "证件号990101199001010018赋值非法");
  const auto rejected = sink().confirm(booking("2000402"), call);
  ASSERT_FALSE(rejected);
  EXPECT_EQ(rejected.error().code, kCodeRejected);
  EXPECT_EQ(rejected.error().severity, Severity::kPermanent);
  EXPECT_NE(rejected.error().message.find("1000"), std::string::npos);
  EXPECT_NE(rejected.error().message.find("***赋值非法"), std::string::npos);
  EXPECT_EQ(rejected.error().message.find("19900101"), std::string::npos);
  context_.expect_declared(rejected.error());
}

TEST_F(SubmitterTest, AResponseThatIsNoneIsAskedForAgain) {
  const Call call = call_of("m1/province", 5s);
  ASSERT_TRUE(sink().send(booking("2000402"), call));
  for (const char* text :
       {"", "half a file <resp", "<respond/>",
        "<respond><BizMsgID>1</BizMsgID><SuccessFlag>1</SuccessFlag></respond>"}) {
    folder_.put_response("990101240318000001", text);
    const auto answer = sink().confirm(booking("2000402"), call);
    ASSERT_FALSE(answer) << text;
    EXPECT_EQ(answer.error().code, "provincial.response");
    EXPECT_EQ(answer.error().severity, Severity::kRetryable);
  }
}

TEST_F(SubmitterTest, OnceTheHostDroppedItsBytesAMessageIsNotSentAgain) {
  const Call call = call_of("m1/province", 5s);
  ASSERT_TRUE(sink().send(booking("2000402"), call));
  Memory& memory = context_.memory();
  ASSERT_TRUE(memory.put(call.step_key, certbridge::of_delivery(call.step_key), "bytes", ""));
  ASSERT_TRUE(memory.flush(call.step_key));
  const auto again = sink().send(booking("2000402"), call);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "provincial.dropped");
  EXPECT_NE(again.error().message.find("990101240318000001"), std::string::npos);
  context_.expect_declared(again.error());
  EXPECT_EQ(sink().confirm(booking("2000402"), call).value().state,
            Confirmation::State::kInProgress);
  folder_.respond("990101240318000001", "2", "1000", "部级校验不通过");
  EXPECT_EQ(sink().confirm(booking("2000402"), call).error().code, kCodeRejected);
}

TEST_F(SubmitterTest, NothingOfTheFactsIsLogged) {
  ASSERT_TRUE(sink().send(booking("2000402"), call_of("m1/province", 5s)));
  EXPECT_EQ(context_.logger().all_text().find("样"), std::string::npos);
}

class SubmitterContract : public SubmitterTest, public ::testing::WithParamInterface<Through> {};

TEST_P(SubmitterContract, KeepsWhatASinkOwes) {
  const auto plugin = load_plugin(PROVINCIAL_PLATFORM_LIBRARY);
  auto options = options_of("v1");
  options["patch"] = plugin_file("profiles/example-patch.xml");
  FakeContext context = context_of("submitter", options);
  prepare(context);
  check_sink_contract(
      {*plugin, context, "submitter"}, booking("4000101"),
      [&] { return static_cast<int>(folder_.names().size()); }, GetParam());
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, SubmitterContract,
                         ::testing::Values(Through::kPlain, Through::kWire));

}  // namespace
}  // namespace certbridge::provincial_platform
