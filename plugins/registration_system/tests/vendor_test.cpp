// Another vendor's tables are another mapping file and other queries: the same code gives the same
// certificate. The mapping language is checked by its schema and by its reader.
#include <gmock/gmock.h>

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cases.h"
#include "certbridge/query.h"
#include "flow_world.h"
#include "recheck.h"

namespace certbridge::registration {
namespace {

using sql::Backend;
using testing::FlowWorld;
using ::testing::HasSubstr;
using testing::intermediate_files;
using testing::read_source;
using testing::vendor_a_files;

// Without the identities that each system has of its own.
std::string comparable(Certificate certificate) {
  certificate.certificate_id = "Z";
  certificate.case_id = "X";
  return write_certificate(certificate);
}

class Vendors : public ::testing::TestWithParam<Backend> {
 protected:
  void expect_same() {
    const auto ours = intermediate_.certificates();
    const auto theirs = vendor_a_.certificates();
    ASSERT_EQ(ours.size(), 1U);
    ASSERT_EQ(theirs.size(), 1U);
    EXPECT_EQ(comparable(ours[0]), comparable(theirs[0]));
  }
  FlowWorld intermediate_{GetParam(), intermediate_files()};
  FlowWorld vendor_a_{GetParam(), vendor_a_files()};
};

TEST_P(Vendors, TheSameTitleComesOfBoth) { expect_same(); }

TEST_P(Vendors, TheSameMortgageProofComesOfBoth) {
  const std::string number = "'豫（2026）镇平县不动产证明第0000045号'";
  const std::string before = "'豫（2020）镇平县不动产权第0000009号'";
  intermediate_.run("UPDATE mw_case_cert SET cert_kind = '2', cert_no = " + number);
  intermediate_.run(
      "UPDATE mw_case_right SET right_type = '37', djlx = '100', zmqlsx = '抵押权', "
      "dyfs = '1', bdbzqse = 500000, zwlxqx_qs = '2026-11-01 00:00:00', "
      "zwlxqx_js = '2046-10-31 00:00:00', prev_certs = " +
      before);
  intermediate_.run(
      "UPDATE mw_case_party SET gyfs = '0', role = CASE sxh WHEN 1 THEN '1' ELSE '2' END");
  intermediate_.run("UPDATE mw_case_outbox SET djlx = '100', qllx = '37'");
  vendor_a_.run("UPDATE bdc_zs SET zslx = '证明', bdcqzh = " + number);
  vendor_a_.run("UPDATE bdc_xm SET qllx = 'DYA', djlx = '首次登记', ycqzh = " + before);
  vendor_a_.run("DELETE FROM bdc_fdcq");
  vendor_a_.run(
      "INSERT INTO bdc_dyaq VALUES ('QL-2', 'XM-9001', '一般', 50, '2026/11/01', '2046/10/31')");
  vendor_a_.run(
      "UPDATE bdc_qlr SET gyfs = '单独所有', qlrlb = CASE sxh WHEN 1 THEN '权利人' ELSE '义务人' "
      "END");
  vendor_a_.run("UPDATE bdc_ts_sj SET qllx = 'DYA', djlx = '首次登记'");
  expect_same();
}

TEST_P(Vendors, ProgressGoesToTheVendorsOwnTable) {
  Message made = vendor_a_.read(vendor_a_.event()).value().at(0);
  made.id = "m1/0";
  ASSERT_TRUE(vendor_a_.report(made));
  ASSERT_TRUE(vendor_a_.report(made)) << "again changes nothing";
  EXPECT_EQ(vendor_a_.value("SELECT CAST(count(*) AS VARCHAR(9)) FROM bdc_dzzz_jg"), "2");
  EXPECT_EQ(vendor_a_.value("SELECT zsid FROM bdc_dzzz_jg WHERE jd = 'sealed'"), "ZS-77");
}

TEST_P(Vendors, ACaseStandsTheSameInBoth) {
  const auto facts_of = [](FlowWorld& world, const CaseQuestion& asked) {
    Message question;
    question.type = kCaseQuestion;
    question.media_type = kQueryMediaType;
    question.body = content_of(write_case_question(asked));
    // That vendor's tables have no materials: both take them from the file of items.
    const auto items = parse_items(read_source("config/guide/items.xml"), "items.xml").value();
    const auto answer =
        Cases(world.mapping(), *world.records_, items).answer(question, world.call_);
    EXPECT_TRUE(answer) << answer.error().message;
    return parse_case_facts(read_all(*answer.value().body, 100'000).value()).value();
  };
  for (const CaseQuestion& asked :
       {CaseQuestion{"20261124000001", false}, CaseQuestion{"YSL20261123000001", true}}) {
    const CaseFacts ours = facts_of(intermediate_, asked);
    EXPECT_TRUE(ours.open);
    EXPECT_EQ(ours.materials.size(), 7U);
    EXPECT_EQ(facts_of(vendor_a_, asked), ours);
  }
  vendor_a_.run("UPDATE bdc_sl SET zt = '办结'");
  EXPECT_FALSE(facts_of(vendor_a_, {"20261124000001", false}).open);
}

TEST_P(Vendors, TheVendorsWordForReturnedStopsSealing) {
  const Message made = vendor_a_.read(vendor_a_.event()).value().at(0);
  Recheck recheck(vendor_a_.mapping(), *vendor_a_.records_);
  EXPECT_TRUE(recheck.process(made, vendor_a_.call_));
  vendor_a_.run(
      "INSERT INTO bdc_ts_sj (xh, sjbh, sjlx, slbh, qxdm) VALUES (2, 'TH-1', 'TH', "
      "'20261124000001', '411324')");
  EXPECT_EQ(recheck.process(made, vendor_a_.call_).error().code, kCodeWithdrawn);
}

INSTANTIATE_TEST_SUITE_P(Databases, Vendors,
                         ::testing::Values(Backend::kSqlite, Backend::kPostgresql),
                         [](const auto& backend) {
                           return backend.param == Backend::kSqlite ? "Sqlite" : "Postgresql";
                         });

// What xmllint says of a mapping text by mapping.xsd.
bool fits_schema(const std::string& xml) {
  std::string path = std::filesystem::temp_directory_path() / "certbridge-mapping-XXXXXX";
  const int file = mkstemp(path.data());
  if (file < 0) return false;
  close(file);
  std::ofstream(path) << xml;
  const std::string command = "xmllint --noout --nonet --schema " CERTBRIDGE_SOURCE_DIR
                              "/plugins/registration_system/mapping/mapping.xsd " +
                              path + " 2>/dev/null";
  const int code = std::system(command.c_str());
  std::filesystem::remove(path);
  return code == 0;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

TEST(MappingFile, TheFilesFitTheSchema) {
  EXPECT_TRUE(fits_schema(read_source(intermediate_files().mapping)));
  EXPECT_TRUE(fits_schema(read_source(vendor_a_files().mapping)));
}

TEST(MappingFile, WhatIsWrongIsRefusedWithItsPlace) {
  const std::string good = read_source(vendor_a_files().mapping);
  const std::vector<std::array<std::string, 2>> changes = {
      {R"(action="proof")", R"(action="guess")"},
      {R"(set name="items")", R"(set name="thing")"},
      {R"(table="mortgage")", R"(table="nowhere")"},
      {R"(as="day")", R"(as="year")"},
      {R"(<face key="KZ_ZL" from="location"/>)", R"(<face key="KZ_ZL"><lines/></face>)"},
      {R"(<sentence code="*">)", "<sentence>"}};
  for (const auto& [what, with] : changes) {
    const std::string bad = replaced(good, what, with);
    EXPECT_FALSE(fits_schema(bad)) << with;
    auto mapping = parse_mapping(bad, "m.xml");
    ASSERT_FALSE(mapping) << with;
    EXPECT_EQ(mapping.error().code, "registration.mapping");
    EXPECT_THAT(mapping.error().message, HasSubstr("m.xml:"));
  }
}

TEST(MappingFile, WordsOfCasesAreNotGuessed) {
  const std::string good = read_source(intermediate_files().mapping);
  EXPECT_TRUE(parse_mapping(good, "m.xml"));
  const std::vector<std::array<std::string, 2>> changes = {
      {R"(means="provisional"/><code value="1" means="accepted")",
       R"(means="provisional"/><code value="1" means="open")"},
      {R"(means="spouse")", R"(means="neighbour")"},
      {R"(column="state" table="case-state")", R"(column="state")"},
      {R"(<field name="state" column="state" table="case-state"/>)", ""},
      {R"(column="role" table="case-role"/>)", R"(column="role" table="case-roles"/>)"},
      {R"(set name="asked-handlers")", R"(set name="asked-materials")"},
      {R"(<cases group="asked">)", R"(<cases>)"}};
  for (const auto& [what, with] : changes) {
    auto mapping = parse_mapping(replaced(good, what, with), "m.xml");
    ASSERT_FALSE(mapping) << what;
    EXPECT_EQ(mapping.error().code, "registration.mapping");
    EXPECT_THAT(mapping.error().message, HasSubstr("m.xml:"));
  }
}

TEST(MappingFile, SetsStandInTheirOwnPlace) {
  const std::string good = read_source(intermediate_files().mapping);
  EXPECT_FALSE(
      parse_mapping(replaced(good, R"(set name="events")", R"(set name="asked-case")"), "m"));
  EXPECT_FALSE(
      parse_mapping(replaced(good, R"(set name="asked-materials")", R"(set name="events")"), "m"));
}

TEST(MappingFile, WithoutALastSentenceItIsRefused) {
  const std::string good = read_source(vendor_a_files().mapping);
  EXPECT_FALSE(
      parse_mapping(replaced(good, R"(<sentence code="*">)", R"(<sentence code="x">)"), "m.xml"));
}

TEST(MappingFile, FieldsThatDoNotExistAreRefused) {
  const std::string good = read_source(vendor_a_files().mapping);
  EXPECT_FALSE(parse_mapping(replaced(good, R"(from="own-area")", R"(from="own-are")"), "m.xml"));
  EXPECT_FALSE(parse_mapping(replaced(good, R"(to="term-to" )", ""), "m.xml")) << "half a period";
  EXPECT_FALSE(
      parse_mapping(replaced(good, R"(label-from="land-right")", R"(label-from="x")"), "m"));
}

}  // namespace
}  // namespace certbridge::registration
