// From rows to a certificate and back, on the tables and with the files that are shipped. The rows
// are those of docs/guides/registration-vendors.md.
#include <gmock/gmock.h>

#include "completeness.h"
#include "flow_world.h"
#include "recheck.h"
#include "reporter.h"

namespace certbridge::registration {
namespace {

using sql::Backend;
using ::testing::AllOf;
using ::testing::HasSubstr;

class RegistrationFlow : public ::testing::TestWithParam<Backend>, public testing::FlowWorld {
 protected:
  RegistrationFlow() : FlowWorld(GetParam(), testing::intermediate_files()) {}
};

TEST_P(RegistrationFlow, TheGuidesCaseBecomesOneCertificate) {
  auto made = read(event());
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made.value().size(), 1U);
  const Certificate certificate =
      parse_certificate(read_all(*made.value()[0].body, 100'000).value()).value();
  EXPECT_EQ(certificate.number.raw(), "豫（2026）镇平县不动产权第0000123号");
  EXPECT_EQ(certificate.identifier.serial(), "41132420260000123");
  EXPECT_EQ(certificate.holding, Holding::kJoint);
  ASSERT_EQ(certificate.holders.size(), 2U);
  EXPECT_EQ(certificate.holders[1].name, "测试乙");
  EXPECT_EQ(certificate.face_value("KZ_FJ"), "") << "无 is a filler";
  EXPECT_THAT(certificate.face_value("KZ_QLQTZK"), HasSubstr("82.36㎡"));
  EXPECT_THAT(certificate.face_value("KZ_SYQX"), HasSubstr("2082年04月30日止"));
  EXPECT_EQ(made.value()[0].headers.at("certificate-number-normalised"),
            "豫(2026)镇平县不动产权第0000123号");
}

TEST_P(RegistrationFlow, HeldSeparatelyGivesOneMessageForEachCertificate) {
  run("INSERT INTO mw_case_cert (cert_id, case_no, cert_kind, cert_no, szsj) VALUES ('Z2', "
      "'20261124000001', '1', "
      "'豫（2026）镇平县不动产权第0000124号', '2026-11-24 09:30:00')");
  run("INSERT INTO mw_cert_item (cert_id, case_id) VALUES ('Z2', 'X1')");
  run("UPDATE mw_case_party SET cert_id = 'Z' || sxh");
  auto made = read(event());
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made.value().size(), 2U);
  const auto second = parse_certificate(read_all(*made.value()[1].body, 100'000).value()).value();
  EXPECT_TRUE(second.held_separately);
  ASSERT_EQ(second.holders.size(), 1U);
  EXPECT_EQ(second.holders[0].name, "测试乙");
}

struct Spoilt {
  const char* statement;
  const char* code;
  Severity severity;
  const char* place;  // that the message names; empty where no single field is wrong
};

class Refusals : public ::testing::TestWithParam<std::tuple<Backend, Spoilt>>,
                 public testing::FlowWorld {
 protected:
  Refusals() : FlowWorld(std::get<0>(GetParam()), testing::intermediate_files()) {}
};

TEST_P(Refusals, NameThePlaceAndNeverTheValue) {
  const Message message = event();
  const Spoilt spoilt = std::get<1>(GetParam());
  run(spoilt.statement);
  auto made = read(message);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, spoilt.code) << made.error().message;
  EXPECT_EQ(made.error().severity, spoilt.severity);
  EXPECT_THAT(made.error().message, ::testing::Not(HasSubstr("4113241990")));
  const std::string place = std::string(spoilt.place);
  EXPECT_THAT(made.error().message, HasSubstr(place));  // an empty place stands everywhere
}

constexpr auto kPermanent = Severity::kPermanent;
constexpr auto kRetryable = Severity::kRetryable;
const Spoilt kSpoilt[] = {
    {"UPDATE mw_case_party SET zjh = '411324199001010011' WHERE sxh = 1", "citizen_id.check_digit",
     kPermanent, "mw_case_party row 1, column zjh"},
    {"UPDATE mw_case_party SET zjh = NULL WHERE sxh = 1", "holder_code.empty", kPermanent,
     "mw_case_party row 1, column zjh"},
    {"UPDATE mw_case_party SET zjzl = '77' WHERE sxh = 2", "registration.unmapped_code", kPermanent,
     "mw_case_party row 2, column zjzl"},
    {"UPDATE mw_case_party SET xm = '/' WHERE sxh = 1", "registration.holder_name", kPermanent,
     "mw_case_party row 1, column xm"},
    {"UPDATE mw_case_party SET gyfs = '2', qlbl = '一半'", "share.shape", kPermanent,
     "mw_case_party row 1, column qlbl"},
    {"UPDATE mw_case_party SET gyfs = '2', qlbl = '3/2'", "share.range", kPermanent,
     "mw_case_party row 1, column qlbl"},
    {"UPDATE mw_case_right SET unit_no = '411324001001GB00001F0001000'", "unit_code.length",
     kPermanent, "mw_case_right row 1, column unit_no"},
    {"UPDATE mw_case_right SET unit_no = '411324001001GA00001F00010002'", "unit_code.ownership",
     kPermanent, "mw_case_right row 1, column unit_no"},
    {"UPDATE mw_case_right SET djsj = '0001-01-01 00:00:00'", "registration.date", kPermanent,
     "mw_case_right row 1, column djsj"},
    {"UPDATE mw_case_right SET djsj = NULL", "registration.date", kPermanent,
     "mw_case_right row 1, column djsj"},
    {"UPDATE mw_case_right SET syqx_js = '0001-01-01 00:00:00'", "registration.date", kPermanent,
     "mw_case_right row 1, column syqx_js"},
    {"UPDATE mw_case_right SET right_type = '88'", "registration.unmapped_code", kPermanent,
     "mw_case_right row 1, column right_type"},
    {"UPDATE mw_case_right SET djjg = '镇平县不存在局'", "registration.issuer_unknown", kPermanent,
     "mw_case_right row 1, column djjg"},
    {"UPDATE mw_case_cert SET cert_no = '宛房权证0001'", "certificate_number.shape", kPermanent,
     "mw_case_cert row 1, column cert_no"},
    {"UPDATE mw_case_cert SET cert_kind = '2'", "registration.certificate_kind", kPermanent,
     "mw_case_cert row 1, column cert_kind"},
    {"UPDATE mw_case_cert SET status = 0", kCodeWithdrawn, kPermanent, ""},
    {"DELETE FROM mw_cert_item", "registration.incomplete", kRetryable, ""},
    {"DELETE FROM mw_case_right", "registration.incomplete", kRetryable,
     "mw_cert_item row 1, column case_id"},
    {"UPDATE mw_case_cert SET szsj = NULL", "registration.incomplete", kRetryable,
     "mw_case_cert row 1, column szsj"},
    {"DELETE FROM mw_case_cert", "registration.incomplete", kRetryable, ""}};

// PostgreSQL takes no such bytes itself.
TEST(Gb18030WhereUtf8WasPromised, IsRefusedWithItsPlace) {
  testing::FlowWorld world(Backend::kSqlite, testing::intermediate_files());
  const Message message = world.event();
  world.run("UPDATE mw_case_party SET xm = CAST(X'B2E2CAD4D2D2' AS TEXT) WHERE sxh = 2");
  auto made = world.read(message);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "registration.records_refused");
  EXPECT_EQ(made.error().severity, kPermanent);
  EXPECT_THAT(made.error().message, HasSubstr("mw_case_party row 2, column xm: byte 1"));
  Message refused = message;
  refused.type = "registration.refusal";
  refused.headers["refusal-code"] = made.error().code;
  refused.headers["refusal-message"] = made.error().message;
  ASSERT_TRUE(world.report(refused));
  EXPECT_THAT(world.value("SELECT sentence FROM mw_cert_result"),
              AllOf(HasSubstr("mw_case_party.xm，第2行"), HasSubstr("UTF-8")));
}

std::string backend_name(Backend backend) {
  return backend == Backend::kSqlite ? "Sqlite" : "Postgresql";
}

INSTANTIATE_TEST_SUITE_P(Rows, Refusals,
                         ::testing::Combine(::testing::Values(Backend::kSqlite,
                                                              Backend::kPostgresql),
                                            ::testing::ValuesIn(kSpoilt)));
INSTANTIATE_TEST_SUITE_P(Databases, RegistrationFlow,
                         ::testing::Values(Backend::kSqlite, Backend::kPostgresql),
                         [](const auto& backend) { return backend_name(backend.param); });

TEST_P(RegistrationFlow, AnUnmappedEventIsNotGuessed) {
  Message message = event();
  message.headers["registration-type"] = "800";
  auto made = read(message);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "registration.unmapped_event");
}

TEST_P(RegistrationFlow, VersionsFollowTheContentAndTheStep) {
  const Message message = event();
  const auto version = [&] { return read(message).value().at(0).headers.at("version"); };
  EXPECT_EQ(version(), "1");
  run("UPDATE mw_case_right SET fj = '更正'");
  EXPECT_EQ(version(), "1") << "the same step again: what it made before never left";
  memory_.commit("m1/read");
  call_.step_key = "m2/read";
  EXPECT_EQ(version(), "1") << "the same content under another event";
  memory_.commit("m2/read");
  call_.step_key = "m3/read";
  run("UPDATE mw_case_right SET fj = '再更正'");
  EXPECT_EQ(version(), "2");
}

TEST_P(RegistrationFlow, WhatTheLibraryHasIsNotMadeAgainUnlessItWasVoided) {
  const Message message = event();
  const Message made = read(message).value().at(0);
  memory_.commit("m1/read");
  call_.step_key = "m2/read";
  const auto library_has = [&](const char* type, const char* state, const char* word = "") {
    certbridge::testing::KnownDelivery known;
    known.fact = {"m1/0", "library", type, state, "L1", {{"version", "1"}}};
    if (known.fact.type == "certificate.status") known.fact.headers["status-word"] = word;
    known.order_keys = made.order_keys;
    facts_.add(known);
  };
  library_has("certificate.issue", "parked");
  EXPECT_EQ(read(message).value().at(0).headers.at("version"), "1") << "it never got there";
  memory_.forget("m2/read");
  library_has("certificate.issue", "unknown");
  EXPECT_TRUE(read(message).value().empty()) << "on its way";
  library_has("certificate.issue", "delivered");
  EXPECT_TRUE(read(message).value().empty());
  run("INSERT INTO mw_cert_image (cert_id, sxh, media_type, content) VALUES ('Z1', 1, 'image/png', "
      "'iVBORw0KGgpwbGFu')");
  EXPECT_EQ(read(message).value().at(0).headers.at("version"), "2") << "a plan is content";
  memory_.forget("m2/read");
  run("DELETE FROM mw_cert_image");
  library_has("certificate.status", "delivered", "suspended");
  EXPECT_TRUE(read(message).value().empty()) << "seized, and there";
  library_has("certificate.status", "delivered", "voided");
  EXPECT_EQ(read(message).value().at(0).headers.at("version"), "2")
      << "an identifier is not reused";
}

TEST_P(RegistrationFlow, TheEventTableTellsSubTypesApartAndTheFirstRowCounts) {
  const std::string files = testing::read_source(vendor_.mapping);
  const std::string row = R"(<event type="SHANZHENG" registration="200" action="title"/>)";
  const std::string rows =
      R"(<event type="SHANZHENG" registration="200" sub-type="2009999" action="none"/>
    <event type="SHANZHENG" registration="200" sub-type="2000402" action="title"/>)";
  const auto at = files.find(row);
  ASSERT_NE(at, std::string::npos);
  const Mapping mapping =
      parse_mapping(std::string(files).replace(at, row.size(), rows), "m.xml").value();
  EXPECT_EQ(mapping.action("SHANZHENG", "200", "2000402", "4"), EventAction::kTitle);
  EXPECT_EQ(mapping.action("SHANZHENG", "200", "2009999", "4"), EventAction::kNone);
  EXPECT_EQ(mapping.action("SHANZHENG", "200", "2000001", "4"), std::nullopt);
  EXPECT_EQ(mapping.action("SHANZHENG", "200", "2009999", "37"), EventAction::kProof)
      << "the row above it";
}

TEST_P(RegistrationFlow, TheRecheckStopsWhatIsOutdated) {
  const Message made = read(event()).value().at(0);
  Recheck recheck(mapping(), *records_);
  EXPECT_TRUE(recheck.process(made, call_));
  run("UPDATE mw_case_right SET fj = '更正'");
  EXPECT_EQ(recheck.process(made, call_).error().code, "registration.record_changed");
  run("INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, area_code, djlx, "
      "qllx, occurred_at) "
      "VALUES (2, 'TUIHUI:1', 'TUIHUI', '20261124000001', 'X1', '411324', '200', '4', '2026-11-24 "
      "10:00:00')");
  EXPECT_EQ(recheck.process(made, call_).error().code, kCodeWithdrawn);
}

TEST_P(RegistrationFlow, ACaseIsCompleteOnceEveryCertificateIsDelivered) {
  const Message message = event();
  certbridge::testing::FakeFacts facts;
  Completeness completeness(mapping(), *records_, facts, "library");
  EXPECT_EQ(completeness.process(message, call_).error().code, "registration.case_not_collected");
  certbridge::testing::KnownDelivery known;
  known.fact = {"m1/0",      "library", "certificate.issue",
                "delivered", "L1",      {{"certificate-id", "Z1"}}};
  known.order_keys = {{"case", "20261124000001"}};
  facts.add(known);
  EXPECT_TRUE(completeness.process(message, call_));
}

TEST_P(RegistrationFlow, ResultsAreWrittenBackOnce) {
  Message made = read(event()).value().at(0);
  made.id = "m1/0";
  ASSERT_TRUE(report(made));
  ASSERT_TRUE(report(made)) << "again changes nothing";
  EXPECT_EQ(value("SELECT CAST(count(*) AS TEXT) FROM mw_cert_result"), "2");
  call_.earlier = {{"library", "library", "delivered", "L1", {}, {}, clock_.now()}};
  ASSERT_TRUE(report(made));
  EXPECT_EQ(value("SELECT library_id FROM mw_cert_result WHERE stage = 'collected'"), "L1");
}

TEST_P(RegistrationFlow, OfADeliveryThatIsTakenUpOnceMoreNothingIsToldUntilItEnds) {
  Message made = read(event()).value().at(0);
  made.id = "m1/0";
  Reporter reporter(mapping(), *results_, "result", clock_);
  for (const char* state : {"waiting", "ready", "sending", "retry-at", "unknown"}) {
    call_.earlier = {{"library", "library", state, {}, {}, {}, clock_.now()}};
    EXPECT_EQ(reporter.send(made, call_).error().code, "registration.results_unavailable") << state;
    EXPECT_EQ(reporter.confirm(made, call_).error().severity, Severity::kRetryable) << state;
  }
  EXPECT_EQ(value("SELECT CAST(count(*) AS TEXT) FROM mw_cert_result"), "0");
  call_.earlier[0].state = "discarded";
  EXPECT_TRUE(reporter.send(made, call_));
  EXPECT_EQ(value("SELECT stage FROM mw_cert_result"), "withdrawn");
}

TEST_P(RegistrationFlow, ARefusalTellsTheClerkWhatToDo) {
  Message refused = event();
  refused.type = "registration.refusal";
  refused.headers["refusal-code"] = "citizen_id.check_digit";
  refused.headers["refusal-message"] = "mw_case_party row 2, column zjh: the check digit is wrong";
  ASSERT_TRUE(report(refused));
  EXPECT_THAT(value("SELECT sentence FROM mw_cert_result WHERE stage = 'refused'"),
              AllOf(HasSubstr("mw_case_party.zjh，第2行"), HasSubstr("请核对证件原件")));
  EXPECT_EQ(value("SELECT code FROM mw_cert_result"), "citizen_id.check_digit");
}

TEST_P(RegistrationFlow, WhatTheProvinceSaysOfABookingIsWrittenBack) {
  Message booked = event();
  booked.type = "registration.booked";
  booked.headers["booking"] = "X1";
  Reporter reporter(mapping(), *results_, "booked", clock_);
  const auto report_as = [&](const char* id, const char* state, const char* code) {
    booked.id = id;
    call_.earlier = {{"province", "province", state, "N1", code,
                      "the platform rejects the message: code 1000, {field} 重复", clock_.now()}};
    return reporter.send(booked, call_).ok();
  };
  ASSERT_TRUE(report_as("m1/0", "open", ""));
  ASSERT_TRUE(report_as("m1/0", "parked", "delivery.rejected"));
  ASSERT_TRUE(report_as("m2/0", "parked", "provincial.schema"));
  ASSERT_TRUE(report_as("m1/0-2", "delivered", ""));
  const auto in = [&](const std::string& column, const std::string& stage) {
    return value("SELECT " + column + " FROM mw_booked_result WHERE stage = '" + stage + "'");
  };
  EXPECT_EQ(in("number", "received"), "N1");
  EXPECT_EQ(in("case_id", "accepted"), "X1");
  EXPECT_EQ(in("code", "rejected"), "provincial.rejected");
  EXPECT_THAT(in("sentence", "rejected"), HasSubstr("退回了该登簿上报：code 1000, field 重复。"));
  EXPECT_EQ(in("code", "refused"), "provincial.schema");
}

TEST_P(RegistrationFlow, WhatIsAcceptedAgainAfterALateRejectionIsAcceptedLast) {
  Message booked = event();
  booked.type = "registration.booked";
  booked.id = "m1/0";
  Reporter reporter(mapping(), *results_, "booked", clock_);
  const auto last_after = [&](const char* state, const char* code) {
    clock_.advance(std::chrono::seconds(1));
    call_.earlier = {{"province", "province", state, "N1", code, "code 1000, 重复", clock_.now()}};
    const auto told = reporter.send(booked, call_);
    EXPECT_TRUE(told) << told.error().message;
    return value("SELECT stage FROM mw_booked_result ORDER BY happened_at DESC LIMIT 1");
  };
  EXPECT_EQ(last_after("delivered", ""), "accepted");
  EXPECT_EQ(last_after("repair", "delivery.rejected"), "rejected");
  EXPECT_EQ(last_after("delivered", ""), "accepted");
}

}  // namespace
}  // namespace certbridge::registration
