// What a component asks of the host, plain and through the wire, and the refusals of the fakes.
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include "certbridge/testing/fake_context.h"
#include "certbridge/testing/memory_content.h"
#include "certbridge/testing/wire.h"

namespace certbridge::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string kManifest = std::string(CERTBRIDGE_SOURCE_DIR) + "/tests/sdk/wire_plugin.xml";
const OrderKey kCase{"case", "C1"};

class WireContextTest : public ::testing::TestWithParam<Through> {
 protected:
  WireContextTest() {
    if (GetParam() == Through::kWire) wire_ = through_wire_context(fake_);
  }
  Context& context() { return wire_ ? *wire_ : static_cast<Context&>(fake_); }

  FakeContext fake_{
      kManifest, "all", {{"address", "http://127.0.0.1:1/"}, {"token", "secret:library"}}};
  std::unique_ptr<Context> wire_{};
};

TEST_P(WireContextTest, EveryTypeOfOptionIsRead) {
  fake_.set_secret("library", "s3cret");
  const Config& config = context().config();
  EXPECT_EQ(config.text("address").value(), "http://127.0.0.1:1/");
  EXPECT_EQ(config.integer("attempts").value(), 3);
  EXPECT_TRUE(config.boolean("strict").value());
  EXPECT_EQ(config.duration("pause").value(), milliseconds(250));
  EXPECT_EQ(config.size("largest").value(), 4'000'000U);
  EXPECT_EQ(config.secret("token").value(), "s3cret");
  EXPECT_TRUE(config.has("table"));
  EXPECT_EQ(config.file("table").value(), kManifest);
  fake_.expect_all_options_read();
}

TEST_P(WireContextTest, ASecretThatDoesNotExistIsRefusedWithoutItsName) {
  const auto missing = context().config().secret("token");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, "config.secret");
}

TEST_P(WireContextTest, MemoryShowsAPutToOthersOnlyOnceItIsDurable) {
  Memory& memory = context().memory();
  ASSERT_TRUE(memory.put("s1", kCase, "version", "").ok());
  EXPECT_EQ(memory.get("s1", kCase, "version").value(), std::optional<std::string>(""));
  EXPECT_EQ(memory.get("s2", kCase, "version").value(), std::nullopt);
  ASSERT_TRUE(memory.flush("s1").ok());
  EXPECT_EQ(memory.get("s2", kCase, "version").value(), std::optional<std::string>(""));
  EXPECT_EQ(fake_.memory().flushes(), 1);
  ASSERT_TRUE(memory.put("s3", kCase, "version", "v").ok());
  fake_.memory().forget("s3");
  EXPECT_EQ(memory.get("s3", kCase, "version").value(), std::optional<std::string>(""));
  EXPECT_EQ(memory.get("s3", {}, "version").value(), std::nullopt) << "another order key";
}

TEST_P(WireContextTest, CountersHaveNoGapAndKeepTheirNumberForAStep) {
  Memory& memory = context().memory();
  EXPECT_EQ(memory.next("s1", "serial").value(), 1U);
  EXPECT_EQ(memory.next("s1", "serial").value(), 1U);
  EXPECT_EQ(memory.next("s2", "serial").value(), 2U);
  fake_.memory().commit("s1");
  fake_.memory().forget("s2");
  EXPECT_EQ(memory.next("s3", "serial").value(), 2U) << "a number never committed is given again";
  EXPECT_EQ(memory.next("s1", "serial").value(), 1U) << "a committed one stays its step's";
  EXPECT_EQ(memory.next("s1", "other").value(), 1U);
}

TEST_P(WireContextTest, FactsAreNarrowedByEachMemberOfTheQuery) {
  const auto known = [this](const std::string& id, const std::string& endpoint, int second) {
    KnownDelivery delivery;
    delivery.fact = {id, endpoint, "certificate.issue", "delivered", "r" + id, {{"h", "值"}}};
    delivery.order_keys = {{"case", id}};
    delivery.area = "41130" + id;
    delivery.accepted = Timestamp(seconds(second));
    fake_.mutable_facts().add(delivery);
  };
  known("1", "library", 10);
  known("2", "library", 20);
  known("3", "registry", 30);
  const Facts& facts = context().facts();
  const auto count = [&facts](const FactsQuery& query) { return facts.count(query).value(); };
  EXPECT_EQ(count({}), 3U);
  EXPECT_EQ(count({.endpoint = "library"}), 2U);
  EXPECT_EQ(count({.order_key = OrderKey{"case", "3"}}), 1U);
  EXPECT_EQ(count({.area = "411302"}), 1U);
  EXPECT_EQ(count({.type = "other"}), 0U);
  EXPECT_EQ(count({.accepted_from = Timestamp(seconds(20))}), 2U);
  EXPECT_EQ(count({.accepted_before = Timestamp(seconds(20))}), 1U);
  const auto listed = facts.list({.endpoint = "library"}, 1).value();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].message_id + listed[0].endpoint + listed[0].type + listed[0].state +
                listed[0].remote_id + listed[0].headers.at("h"),
            "1librarycertificate.issuedeliveredr1值");
}

TEST_P(WireContextTest, TheSpoolGivesSizeAndDigestAndRefusesTooMuch) {
  const std::string bytes(600'000, 'b');
  auto writer = context().spool();
  ASSERT_TRUE(writer.ok());
  const auto stored = store(*writer.value(), bytes);
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ(stored.value().size, bytes.size());
  EXPECT_EQ(stored.value().digest, sm3_of(bytes));
  EXPECT_EQ(read_all(*stored.value().content, 1 << 20).value(), bytes);
  auto full = context().spool();
  ASSERT_TRUE(full.ok());
  const std::string large(33UL * 1024 * 1024, 'x');
  ASSERT_TRUE(full.value()->write(std::as_bytes(std::span(large))).ok());
  const auto refused = full.value()->write(std::as_bytes(std::span(large)));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "content.too_large");
}

TEST_P(WireContextTest, LentEndpointsAreReachedUnderTheirRole) {
  FakeSink archive;
  FakeResponder library;
  fake_.lend("archive", archive);
  fake_.lend("library", library);
  library.will_answer(message_of("answer", "text/plain", "yes"));
  const Call call = call_of("m1/s", seconds(5));
  const Message message = message_of("question", "text/plain", "?");
  ASSERT_TRUE(context().sink("archive").ok());
  EXPECT_EQ(context().sink("archive").value()->send(message, call).value().remote_id, "fake-1");
  EXPECT_EQ(context().sink("archive").value(), context().sink("archive").value());
  const auto answer = context().responder("library").value()->answer(message, call);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(body_of(answer.value()), "yes");
  EXPECT_EQ(body_of(archive.sent().at(0)), "?");
}

TEST_P(WireContextTest, ARoleThatNobodyLendsIsRefused) {
  EXPECT_EQ(context().sink("archive").error().code, "context.no_such_role");
  EXPECT_EQ(context().responder("library").error().code, "context.no_such_role");
}

TEST_P(WireContextTest, LogMetricsAndClockArrive) {
  context().logger().log(LogLevel::kWarning, "wire.event", {{"count", "1"}, {"empty", ""}});
  ASSERT_EQ(fake_.logger().entries().size(), 1U);
  EXPECT_EQ(fake_.logger().entries()[0].level, LogLevel::kWarning);
  EXPECT_EQ(fake_.logger().all_text(), "wire.event count=1 empty=\n");
  Metrics& metrics = context().metrics();
  metrics.count("sent", {{"kind", "a"}}, 0.1);
  metrics.count("sent", {{"kind", "b"}}, 1e-9);
  metrics.gauge("open", {}, 7);
  metrics.observe("seconds", {}, 0.25);
  EXPECT_EQ(fake_.metrics().value("sent"), 0.1 + 1e-9) << "no digit is lost on the way";
  EXPECT_EQ(fake_.metrics().value("open"), 7);
  EXPECT_EQ(fake_.metrics().value("seconds"), 1);
  fake_.mutable_clock().advance(milliseconds(1234));
  EXPECT_EQ(context().clock().now(), fake_.clock().now());
  EXPECT_EQ(context().clock().steady(), fake_.clock().steady());
}

TEST_P(WireContextTest, NameEnvironmentAndIssuersArrive) {
  EXPECT_EQ(context().endpoint_name(), "under-test");
  EXPECT_EQ(context().environment(), "sandbox");
  const Issuer issuer{"某市自然资源和规划局",
                      "CODE",
                      "411300",
                      "南阳市",
                      "豫",
                      "sandbox",
                      {{"E1", {"T1", "T2"}, "signer"}, {"E2", {}, ""}}};
  fake_.set_issuers(IssuerDirectory({issuer}));
  wire_ = GetParam() == Through::kWire ? through_wire_context(fake_) : nullptr;
  const Issuer* found = context().issuers().by_area("411300");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->name, issuer.name);
  EXPECT_EQ(found->code, issuer.code);
  EXPECT_EQ(found->number_word, issuer.number_word);
  EXPECT_EQ(found->province_word, issuer.province_word);
  EXPECT_EQ(found->environment, issuer.environment);
  ASSERT_EQ(found->seals.size(), 2U);
  EXPECT_EQ(found->seals[0].seal_id, "E1");
  EXPECT_EQ(found->seals[0].type_codes, issuer.seals[0].type_codes);
  EXPECT_EQ(found->seals[0].signer, "signer");
  EXPECT_EQ(context().issuers().by_code("none"), nullptr);
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, WireContextTest,
                         ::testing::Values(Through::kPlain, Through::kWire));

// A fake that would not fail a wrong plugin is worth nothing: here each of its refusals.
TEST(FakeContextRefuses, WhatTheManifestDoesNotDeclare) {
  FakeContext context(kManifest, "all", {});
  EXPECT_NONFATAL_FAILURE((void)context.config().text("colour"), "not declared with this type");
  EXPECT_NONFATAL_FAILURE((void)context.config().text("attempts"), "not declared with this type");
  EXPECT_NONFATAL_FAILURE((void)context.config().has("colour"), "undeclared option");
  EXPECT_NONFATAL_FAILURE((void)context.sink("other"), "is not in plugin.xml");
  EXPECT_NONFATAL_FAILURE((void)context.responder("other"), "is not in plugin.xml");
  EXPECT_NONFATAL_FAILURE(context.expect_declared(Error::fault("wire.other", "")),
                          "does not declare error");
  EXPECT_NONFATAL_FAILURE(context.expect_declared(Error::fault("wire.refused", "")),
                          "another severity");
  context.expect_declared(Error::permanent("wire.refused", ""));
  context.expect_declared(Error::permanent(kCodeSuperseded, ""));
  context.expect_declared(Error::permanent(kCodeNotHeld, ""));
}

TEST(FakeContextRefuses, OptionsThatATestGivesWrongly) {
  EXPECT_NONFATAL_FAILURE(FakeContext(kManifest, "all", {{"colour", "red"}}), "plugin.xml lacks");
  EXPECT_NONFATAL_FAILURE(FakeContext(kManifest, "nothing", {}), "makes nothing of kind");
  FakeContext context(kManifest, "all", {{"pause", "soon"}, {"strict", "perhaps"}});
  EXPECT_EQ(context.config().duration("pause").error().code, "config.value");
  EXPECT_EQ(context.config().boolean("strict").error().code, "config.value");
  EXPECT_EQ(context.config().text("address").error().code, "config.missing");
}

TEST(FakeContextRefuses, AnOptionThatIsNeverRead) {
  FakeContext context(kManifest, "all", {});
  for (const char* name : {"address", "attempts", "strict", "pause", "largest", "token"}) {
    (void)context.config().has(name);
  }
  EXPECT_NONFATAL_FAILURE(context.expect_all_options_read(), "\"table\" is declared");
}

TEST(FakesRefuse, AQuestionNobodyScriptedAndAnEmptyHandOver) {
  FakeResponder responder;
  const Call call = call_of("s", seconds(1));
  EXPECT_NONFATAL_FAILURE((void)responder.answer(Message{}, call), "does not expect");
  FakeReceiver receiver;
  EXPECT_NONFATAL_FAILURE((void)receiver.accept({}), "1 to 256 messages");
  EXPECT_FALSE(receiver.wait_for(1, milliseconds(1)));
}

TEST(FakesRefuse, ASourceKeyWithOtherContentIsAConflict) {
  FakeReceiver receiver;
  Message message = message_of("t", "text/plain", "a");
  message.source_key = "k";
  EXPECT_EQ(receiver.accept({message}).at(0).verdict, Acceptance::Verdict::kAccepted);
  EXPECT_EQ(receiver.accept({message}).at(0).verdict, Acceptance::Verdict::kSame);
  message.area = "1";
  EXPECT_EQ(receiver.accept({message}).at(0).verdict, Acceptance::Verdict::kConflict);
}

}  // namespace
}  // namespace certbridge::testing
