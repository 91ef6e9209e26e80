// From rows to a certificate and back, on the tables and with the files that are shipped. The rows
// are those of docs/guides/registration-vendors.md.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "certbridge/certificate.h"
#include "certbridge/testing/fakes.h"
#include "completeness.h"
#include "outbox_source.h"
#include "queries.h"
#include "reader.h"
#include "recheck.h"
#include "reporter.h"
#include "statements.h"

namespace certbridge::registration {
namespace {

using ::testing::HasSubstr;

std::string read_source(const std::string& path) {
  std::ifstream file(std::string(CERTBRIDGE_SOURCE_DIR) + "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// What stands between ```sql and ```, statement by statement.
std::vector<std::string> statements_of_guide() {
  std::istringstream lines(read_source("docs/guides/registration-vendors.md"));
  std::string line;
  std::string sql;
  bool inside = false;
  while (std::getline(lines, line)) {
    if (line.starts_with("```"))
      inside = line == "```sql";
    else if (inside)
      sql += line + "\n";
  }
  std::vector<std::string> statements;
  std::istringstream all(sql);
  while (std::getline(all, line, ';')) {
    if (line.find_first_not_of(" \n") != std::string::npos) statements.push_back(line);
  }
  return statements;
}

class RegistrationFlow : public ::testing::Test {
 protected:
  RegistrationFlow() {
    std::string pattern = std::filesystem::temp_directory_path() / "certbridge-flow-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    settings_ = {sql::Backend::kSqlite, "db=" + folder_ + "/registration.db", {}};
    connection_ = sql::open_connection(settings_).value();
    create_tables();
    for (const std::string& statement : statements_of_guide()) {
      if (statement.find("INSERT") != std::string::npos) run(statement);
    }
    pool_ = std::make_unique<sql::ConnectionPool>(settings_, 2);
    records_ = std::make_unique<sql::QueriesResponder>(
        sql::QueriesSettings{
            sql::parse_queries(read_source("config/registration/queries.xml"), "queries.xml")
                .value(),
            1000},
        *pool_, clock_);
    results_ = std::make_unique<sql::StatementsSink>(
        sql::parse_statements(read_source("config/registration/results.xml"), "results.xml")
            .value(),
        *pool_, clock_);
    call_.step_key = "m1/read";
    call_.deadline = clock_.steady() + std::chrono::minutes(1);
  }
  ~RegistrationFlow() override { std::filesystem::remove_all(folder_); }

  void create_tables() {
    std::istringstream lines(read_source("config/registration/intermediate.sql"));
    std::string line;
    std::string sql;
    while (std::getline(lines, line)) sql += line.substr(0, line.find("--")) + "\n";
    std::istringstream all(sql);
    while (std::getline(all, line, ';')) {
      if (line.find_first_not_of(" \n") != std::string::npos) run(line);
    }
  }
  void run(const std::string& statement) {
    auto done = connection_->execute(statement, {});
    EXPECT_TRUE(done) << statement << (done ? "" : done.error().message);
  }
  std::string value(const std::string& statement) {
    auto rows = connection_->query(statement, {}, 100);
    if (!rows || rows.value().empty()) return "none";
    return rows.value()[0].fields[0].second.value_or("null");
  }
  Mapping mapping() {
    return parse_mapping(read_source("plugins/registration_system/mapping/intermediate.xml"),
                         "mapping")
        .value();
  }
  Message event() {
    sql::OutboxSettings outbox;
    outbox.outbox =
        sql::parse_outbox(read_source("config/registration/outbox.xml"), "outbox.xml").value();
    outbox.connection = settings_;
    certbridge::testing::FakeReceiver receiver;
    sql::OutboxSource source(outbox, clock_, logger_, metrics_, {});
    EXPECT_EQ(source.poll_once(receiver).value(), 1U);
    Message message = receiver.accepted().at(0);
    message.id = "m1";
    message.created = clock_.now() - std::chrono::hours(1);
    return message;
  }
  Result<std::vector<Message>> read(const Message& message) {
    Reader reader({mapping()}, *records_, memory_, issuers_, clock_,
                  []() -> Result<std::unique_ptr<ContentWriter>> {
                    return Error::retryable("spool.full", "no plans in this test");
                  });
    return reader.process(message, call_);
  }
  Result<Receipt> report(const Message& message) {
    return Reporter(mapping(), *results_, "result", clock_).send(message, call_);
  }

  std::string folder_{};
  sql::ConnectionSettings settings_{};
  std::unique_ptr<sql::Connection> connection_{};
  std::unique_ptr<sql::ConnectionPool> pool_{};
  std::unique_ptr<sql::QueriesResponder> records_{};
  std::unique_ptr<sql::StatementsSink> results_{};
  certbridge::testing::FakeClock clock_{};
  certbridge::testing::RecordingLogger logger_{};
  certbridge::testing::RecordingMetrics metrics_{};
  certbridge::testing::FakeMemory memory_{};
  IssuerDirectory issuers_ =
      parse_issuers(read_source("config/issuers.xml"), "issuers.xml").value();
  Call call_{};
};

TEST_F(RegistrationFlow, TheGuidesCaseBecomesOneCertificate) {
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

TEST_F(RegistrationFlow, HeldSeparatelyGivesOneMessageForEachCertificate) {
  run("INSERT INTO mw_case_cert (cert_id, case_no, cert_kind, cert_no, szsj) VALUES ('Z2', "
      "'20261124000001', '1', "
      "'豫（2026）镇平县不动产权第0000124号', '2026-11-24 09:30:00')");
  run("INSERT INTO mw_cert_item (cert_id, case_id) VALUES ('Z2', 'X1')");
  run("UPDATE mw_case_party SET cert_id = 'Z' || sxh");
  auto made = read(event());
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made.value().size(), 2U);
  const auto second = parse_certificate(read_all(*made.value()[1].body, 100'000).value()).value();
  ASSERT_EQ(second.holders.size(), 1U);
  EXPECT_EQ(second.holders[0].name, "测试乙");
}

struct Spoilt {
  const char* statement;
  const char* code;
  Severity severity;
};

class Refusals : public RegistrationFlow, public ::testing::WithParamInterface<Spoilt> {};

TEST_P(Refusals, NameThePlaceAndNeverTheValue) {
  const Message message = event();
  run(GetParam().statement);
  auto made = read(message);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, GetParam().code) << made.error().message;
  EXPECT_EQ(made.error().severity, GetParam().severity);
  EXPECT_THAT(made.error().message, ::testing::Not(HasSubstr("4113241990")));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Refusals,
    ::testing::Values(
        Spoilt{"UPDATE mw_case_party SET zjh = '411324199001010011' WHERE sxh = 1",
               "citizen_id.check_digit", Severity::kPermanent},
        Spoilt{"UPDATE mw_case_right SET unit_no = '411324001001GB00001F0001000'",
               "unit_code.length", Severity::kPermanent},
        Spoilt{"UPDATE mw_case_right SET djsj = '0001-01-01 00:00:00'", "registration.date",
               Severity::kPermanent},
        Spoilt{"UPDATE mw_case_right SET right_type = '88'", "registration.unmapped_code",
               Severity::kPermanent},
        Spoilt{"UPDATE mw_case_cert SET cert_no = '宛房权证0001'", "certificate_number.shape",
               Severity::kPermanent},
        Spoilt{"UPDATE mw_case_cert SET cert_kind = '2'", "registration.certificate_kind",
               Severity::kPermanent},
        Spoilt{"UPDATE mw_case_cert SET status = 0", kCodeWithdrawn, Severity::kPermanent},
        Spoilt{"DELETE FROM mw_cert_item", "registration.incomplete", Severity::kRetryable},
        Spoilt{"DELETE FROM mw_case_right", "registration.incomplete", Severity::kRetryable},
        Spoilt{"UPDATE mw_case_cert SET szsj = NULL", "registration.incomplete",
               Severity::kRetryable},
        Spoilt{"DELETE FROM mw_case_cert", "registration.incomplete", Severity::kRetryable}));

TEST_F(RegistrationFlow, AnUnmappedEventIsNotGuessed) {
  Message message = event();
  message.headers["registration-type"] = "800";
  auto made = read(message);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "registration.unmapped_event");
}

TEST_F(RegistrationFlow, VersionsFollowTheContentAndTheStep) {
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

TEST_F(RegistrationFlow, TheRecheckStopsWhatIsOutdated) {
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

TEST_F(RegistrationFlow, ACaseIsCompleteOnceEveryCertificateIsDelivered) {
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

TEST_F(RegistrationFlow, ResultsAreWrittenBackOnce) {
  Message made = read(event()).value().at(0);
  made.id = "m1/0";
  ASSERT_TRUE(report(made));
  ASSERT_TRUE(report(made)) << "again changes nothing";
  EXPECT_EQ(value("SELECT CAST(count(*) AS TEXT) FROM mw_cert_result"), "2");
  call_.earlier = {{"library", "library", "delivered", "L1", {}, {}, clock_.now()}};
  ASSERT_TRUE(report(made));
  EXPECT_EQ(value("SELECT library_id FROM mw_cert_result WHERE stage = 'collected'"), "L1");
}

TEST_F(RegistrationFlow, ARefusalTellsTheClerkWhatToDo) {
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
