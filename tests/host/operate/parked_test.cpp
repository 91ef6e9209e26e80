#include "certbridge/record.h"
#include "engine/reading.h"
#include "operate_fixture.h"

namespace certbridge::host {
namespace {

using testing::HasSubstr;
using testing::Not;

// A case whose reader answers one certificate with the holder's name, and refuses it where wanted.
class ParkedTest : public OperateTest {
 protected:
  ParkedTest() {
    ScriptedProcessor& reader = add_processor("reader");
    reader.on_process = [this](const Message& message, const Call&) { return read(message); };
    endpoint("reader").repairable = {"event-type"};
    ScriptedProcessor& checker = add_processor("checker");
    checker.on_process = [this](const Message& message, const Call&) { return checked(message); };
    add_sink("library");
    add_sink("reporter");
    RouteConfig& route = add_route("issue", "SHANZHENG",
                                   {process("reader"), process("checker"), deliver("library")});
    route.report_refusal = "reporter";
  }
  Result<std::vector<Message>> read(Message message) {
    message.type = "certificate.issue";
    message.headers["holder"] = holder_;
    message.body = content_of("<certificate><holder><name>" + holder_ + "</name><code>411302" +
                              "</code></holder></certificate>");
    return std::vector<Message>{message};
  }
  Result<std::vector<Message>> checked(const Message& message) {
    if (good_) return std::vector<Message>{message};
    return Error::permanent("validation.holder_name", "holder/name: is too short");
  }
  std::string park(const std::string& key, const std::string& case_no) {
    const std::string id = accept(event(key, "SHANZHENG", case_no)).id;
    EXPECT_TRUE(message_becomes(id, MessageState::kParked));
    return id;
  }

  std::atomic<bool> good_{false};
  std::string holder_{"李晓"};  // changed only while nothing runs
};

TEST_F(ParkedTest, IsListedAndShownWithReasonHistoryAndMaskedValues) {
  start();
  const std::string id = park("k1", "C1");
  const OperationAnswer list = done(kAuditorKey, "parked list");
  ASSERT_EQ(rows_of(list, "parked"), 1U);
  EXPECT_EQ(cell_of(list, "parked", 0, "message"), id);
  EXPECT_EQ(cell_of(list, "parked", 0, "kind"), "message");
  EXPECT_EQ(cell_of(list, "parked", 0, "case"), "C1");
  EXPECT_EQ(cell_of(list, "parked", 0, "code"), "validation.holder_name");
  EXPECT_EQ(rows_of(done(kAuditorKey, "parked list", {{"code", "other"}}), "parked"), 0U);
  EXPECT_EQ(rows_of(done(kAuditorKey, "parked list", {{"endpoint", "library"}}), "parked"), 0U);
  const OperationResponse slip = ask(kAuditorKey, "parked list", {{"endpoint", "libary"}});
  EXPECT_EQ(slip.status, 400);
  EXPECT_THAT(slip.body, HasSubstr("did you mean `library`?"));
  const OperationResponse shown = ask(kAuditorKey, "parked show", {{"message", id}});
  const OperationAnswer answer = read_answer(shown.body).value();
  EXPECT_EQ(value_of(answer, "state"), "parked");
  EXPECT_EQ(value_of(answer, "reason"), "holder/name: is too short");
  EXPECT_THAT(value_of(answer, "may be done"), HasSubstr("refetch"));
  EXPECT_GE(rows_of(answer, "history"), 2U);
  EXPECT_THAT(shown.body, Not(HasSubstr("李")));
}

TEST_F(ParkedTest, ARefetchReadsTheRecordAgainAndShowsWhatIsDifferentWithoutItsValues) {
  start();
  const std::string id = park("k1", "C1");
  holder_ = "李晓明";
  good_ = true;
  const OperationResponse response =
      ask(kOperatorKey, "parked refetch", {{"message", id}, {"reason", "corrected"}});
  const OperationAnswer answer = read_answer(response.body).value();
  EXPECT_EQ(value_of(answer, "read again"), "changed");
  EXPECT_EQ(value_of(answer, "difference"),
            "header holder: 字字 -> 字字字; holder/name: 字字 -> 字字字");
  EXPECT_THAT(response.body, Not(HasSubstr("李")));
  EXPECT_TRUE(delivery_becomes(id + "/0", "library", DeliveryState::kDelivered));
  const OperationAnswer actions = done(kAuditorKey, "actions list", {{"target", id}});
  ASSERT_EQ(rows_of(actions, "actions"), 1U);
  EXPECT_EQ(cell_of(actions, "actions", 0, "person"), "wang");
  EXPECT_EQ(cell_of(actions, "actions", 0, "role"), "operator");
  EXPECT_EQ(cell_of(actions, "actions", 0, "operation"), "parked refetch");
  EXPECT_EQ(cell_of(actions, "actions", 0, "reason"), "corrected");
  EXPECT_EQ(refused(409, kOperatorKey, "parked refetch", {{"message", id}, {"reason", "x"}}),
            "parked.not_parked");
}

// The second refusal is reported like the first; what was read is the same and that is said.
TEST_F(ParkedTest, ARecordThatIsStillWrongIsParkedAndReportedAgain) {
  start();
  const std::string id = park("k1", "C1");
  const OperationAnswer answer =
      done(kOperatorKey, "parked remap", {{"message", id}, {"reason", "table mended"}});
  EXPECT_EQ(value_of(answer, "state"), "parked");
  EXPECT_EQ(value_of(answer, "read again"), "same");
  EXPECT_TRUE(delivery_becomes(id + "/refusal", "report-refusal", DeliveryState::kDelivered));
  EXPECT_TRUE(delivery_becomes(id + "/refusal-2", "report-refusal", DeliveryState::kDelivered));
}

// The time that a message was parked does not count against what it is still waiting for.
TEST_F(ParkedTest, AMessageThatRunsAnewHasItsWholeTimeToBecomeComplete) {
  configuration_.routes.back().incomplete_limit = std::chrono::milliseconds(1500);
  start();
  const std::string id = park("k1", "C1");
  const Timestamp accepted = message(id).message.created;
  ASSERT_TRUE(
      eventually([&] { return clock_.now() - accepted > std::chrono::milliseconds(1600); }));
  std::atomic<int> asked{0};
  endpoints_.processors["checker"].on_process = [&](const Message& message, const Call&) {
    if (++asked > 3) return Result<std::vector<Message>>(std::vector<Message>{message});
    return Result<std::vector<Message>>(Error::retryable("seal.busy", "later"));
  };
  done(kOperatorKey, "parked refetch", {{"message", id}, {"reason", "corrected"}});
  EXPECT_TRUE(delivery_becomes(id + "/0", "library", DeliveryState::kDelivered));
}

TEST_F(ParkedTest, OnlyRoutingHeadersOfAManifestAreRepaired) {
  good_ = true;
  start();
  const std::string id = accept(event("k1", "SHANZHEN", "C1")).id;
  ASSERT_TRUE(message_becomes(id, MessageState::kParked));
  ParameterValues repair{
      {"message", id}, {"header", "case-no"}, {"value", "C2"}, {"reason", "typing error"}};
  EXPECT_EQ(refused(409, kOperatorKey, "parked repair", repair), "parked.not_repairable");
  EXPECT_EQ(message(id).message.headers.at("case-no"), "C1");
  repair["header"] = "event-type";
  repair["value"] = "SHANZHENG";
  done(kOperatorKey, "parked repair", repair);
  EXPECT_TRUE(delivery_becomes(id + "/0", "library", DeliveryState::kDelivered));
  EXPECT_EQ(message(id).message.headers.at("event-type"), "SHANZHENG");
  const OperationAnswer actions = done(kAuditorKey, "actions list");
  EXPECT_EQ(cell_of(actions, "actions", 0, "detail"), "event-type = SHANZHENG");
  // The source hands it over once more as it was: it is still the same message.
  EXPECT_EQ(accept(event("k1", "SHANZHEN", "C1")).verdict, Acceptance::Verdict::kSame);
}

TEST_F(ParkedTest, WhatItsSourceRefusedGoesOnOnlyWhereSomebodyAnswersForIt) {
  good_ = true;
  start();
  Message wrong = event("k1", "SHANZHENG", "C1");
  wrong.headers["intake-error-code"] = "file.charset";
  wrong.headers["intake-error"] = "not of the charset utf-8";
  const std::string id = accept(std::move(wrong)).id;
  ASSERT_EQ(message(id).state, MessageState::kParked);
  const OperationAnswer shown = done(kAuditorKey, "parked show", {{"message", id}});
  EXPECT_THAT(value_of(shown, "may be done"), HasSubstr("unchecked=yes"));
  ParameterValues wish{{"message", id}, {"reason", "the option was wrong"}};
  EXPECT_EQ(refused(409, kOperatorKey, "parked refetch", wish), "parked.unchecked");
  EXPECT_EQ(refused(409, kOperatorKey, "parked remap", wish), "parked.unchecked");
  EXPECT_EQ(message(id).state, MessageState::kParked);
  wish["unchecked"] = "yes";
  done(kOperatorKey, "parked refetch", wish);
  EXPECT_TRUE(delivery_becomes(id + "/0", "library", DeliveryState::kDelivered));
}

TEST_F(ParkedTest, WhatIsDiscardedIsNotParkedAnyMoreAndHoldsNobodyUp) {
  start();
  const std::string id = park("k1", "C1");
  done(kOperatorKey, "parked discard", {{"message", id}, {"reason", "the case was void"}});
  EXPECT_EQ(message(id).state, MessageState::kDiscarded);
  EXPECT_EQ(rows_of(done(kAuditorKey, "parked list"), "parked"), 0U);
  EXPECT_EQ(refused(409, kOperatorKey, "parked refetch", {{"message", id}, {"reason", "x"}}),
            "parked.not_parked");
}

TEST_F(ParkedTest, ADiscardedDeliveryLetsTheNextOneOfItsKeyGo) {
  good_ = true;
  endpoints_.sinks["library"].on_send = [](const Message& message, const Call&) {
    if (message.source_key == "k1") {
      return Result<Receipt>(Error::permanent("library.refused", "no"));
    }
    return Result<Receipt>(Receipt{});
  };
  start();
  const std::string first = accept(event("k1")).id + "/0";
  ASSERT_TRUE(delivery_becomes(first, "library", DeliveryState::kParked));
  const std::string second = accept(event("k2")).id + "/0";
  ASSERT_TRUE(delivery_becomes(second, "library", DeliveryState::kWaiting));
  EXPECT_EQ(refused(409, kOperatorKey, "parked refetch", {{"message", first}, {"reason", "x"}}),
            "parked.prepared");
  EXPECT_EQ(refused(409, kOperatorKey, "parked discard",
                    {{"message", first}, {"delivery", "other"}, {"reason", "x"}}),
            "parked.not_parked");
  done(kOperatorKey, "parked discard",
       {{"message", first}, {"delivery", "library"}, {"reason", "issued by hand"}});
  EXPECT_EQ(delivery(first, "library")->state, DeliveryState::kDiscarded);
  EXPECT_TRUE(delivery_becomes(second, "library", DeliveryState::kDelivered));
}

TEST(Masks, SayTheShapeAndNothingElse) {
  EXPECT_EQ(masked("李晓明"), "字字字");
  EXPECT_EQ(masked("41130219900101123X"), "99999999999999999X");
  EXPECT_EQ(masked("a-B 3\n"), "X-X 9 ");
  EXPECT_EQ(masked(std::string(50, '7')), std::string(40, '9') + "...");
  Message before, after;
  before.id = after.id = "m-1/0";
  before.body = content_of("<c><h>A1</h><h>B</h></c>");
  after.body = content_of("<c><h>C2</h><h>B</h><h>D</h></c>");
  EXPECT_EQ(in_words(differences({before}, {after})), "h: X9 -> another X9; h[3]: (nothing) -> X");
  EXPECT_EQ(in_words(differences({before}, {before})), "same");
  before.body = content_of("<c><f key=\"B\">B</f></c>");
  after.body = content_of("<c><f key=\"A\">1</f><f key=\"B\">B</f></c>");
  EXPECT_EQ(in_words(differences({before}, {after})),
            "f[A]: (nothing) -> 9; f[A]@key: (nothing) -> X");
  before.body = content_of(write_records({{"head", {Record{{{"djyy", "A"}, {"dbr", "B"}}}}}}));
  after.body = content_of(write_records({{"head", {Record{{{"djyy", "AB"}, {"dbr", "B"}}}}}}));
  EXPECT_EQ(in_words(differences({before}, {after})), "set[head]/row/field[djyy]: X -> XX");
}

}  // namespace
}  // namespace certbridge::host
