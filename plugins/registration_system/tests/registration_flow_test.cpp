// From rows to a certificate and back, on the tables and with the files that are shipped. The rows
// are those of docs/guides/registration-vendors.md.
#include <gmock/gmock.h>

#include "completeness.h"
#include "flow_world.h"
#include "recheck.h"

namespace certbridge::registration {
namespace {

using sql::Backend;
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
}

constexpr auto kPermanent = Severity::kPermanent;
constexpr auto kRetryable = Severity::kRetryable;
const Spoilt kSpoilt[] = {
    {"UPDATE mw_case_party SET zjh = '411324199001010011' WHERE sxh = 1", "citizen_id.check_digit",
     kPermanent},
    {"UPDATE mw_case_party SET zjh = NULL WHERE sxh = 1", "holder_code.empty", kPermanent},
    {"UPDATE mw_case_party SET zjzl = '77' WHERE sxh = 1", "registration.unmapped_code",
     kPermanent},
    {"UPDATE mw_case_party SET xm = '/' WHERE sxh = 1", "registration.holder_name", kPermanent},
    {"UPDATE mw_case_party SET gyfs = '2', qlbl = '一半'", "share.shape", kPermanent},
    {"UPDATE mw_case_party SET gyfs = '2', qlbl = '3/2'", "share.range", kPermanent},
    {"UPDATE mw_case_right SET unit_no = '411324001001GB00001F0001000'", "unit_code.length",
     kPermanent},
    {"UPDATE mw_case_right SET djsj = '0001-01-01 00:00:00'", "registration.date", kPermanent},
    {"UPDATE mw_case_right SET djsj = NULL", "registration.date", kPermanent},
    {"UPDATE mw_case_right SET syqx_js = '0001-01-01 00:00:00'", "registration.date", kPermanent},
    {"UPDATE mw_case_right SET right_type = '88'", "registration.unmapped_code", kPermanent},
    {"UPDATE mw_case_right SET djjg = '镇平县不存在局'", "registration.issuer_unknown", kPermanent},
    {"UPDATE mw_case_cert SET cert_no = '宛房权证0001'", "certificate_number.shape", kPermanent},
    {"UPDATE mw_case_cert SET cert_kind = '2'", "registration.certificate_kind", kPermanent},
    {"UPDATE mw_case_cert SET status = 0", kCodeWithdrawn, kPermanent},
    {"DELETE FROM mw_cert_item", "registration.incomplete", kRetryable},
    {"DELETE FROM mw_case_right", "registration.incomplete", kRetryable},
    {"UPDATE mw_case_cert SET szsj = NULL", "registration.incomplete", kRetryable},
    {"DELETE FROM mw_case_cert", "registration.incomplete", kRetryable}};

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
  run("UPDATE mw_case_right SET fj = '再更正'");
  EXPECT_EQ(version(), "2");
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

TEST_P(RegistrationFlow, ARefusalTellsTheClerkWhatToDo) {
  Message refused = event();
  refused.type = "registration.refusal";
  refused.headers["refusal-code"] = "citizen_id.check_digit";
  ASSERT_TRUE(report(refused));
  EXPECT_THAT(value("SELECT sentence FROM mw_cert_result WHERE stage = 'refused'"),
              HasSubstr("请核对证件原件"));
  EXPECT_EQ(value("SELECT code FROM mw_cert_result"), "citizen_id.check_digit");
}

}  // namespace
}  // namespace certbridge::registration
