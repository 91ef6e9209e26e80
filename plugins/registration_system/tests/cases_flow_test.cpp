// How a case stands, as the shipped queries tell it on both databases.
#include "cases.h"

#include <gmock/gmock.h>

#include <functional>

#include "case_facts.h"
#include "certbridge/query.h"
#include "flow_world.h"

namespace certbridge::registration {
namespace {

using sql::Backend;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kCase = "20261124000001";  // the guide's
constexpr const char* kProvisional = "YSL20261123000001";
constexpr const char* kCard = "11100000000013127D001";

class CasesFlow : public ::testing::TestWithParam<Backend>, public testing::FlowWorld {
 protected:
  CasesFlow() : FlowWorld(GetParam(), testing::intermediate_files()) {}

  static Message message(const CaseQuestion& question) {
    Message asked;
    asked.type = kCaseQuestion;
    asked.media_type = kQueryMediaType;
    asked.body = content_of(write_case_question(question));
    return asked;
  }
  Result<Message> answer(const Message& question) {
    return Cases(mapping(), *records_, items_).answer(question, call_);
  }
  CaseFacts ask(const CaseQuestion& question) {
    const auto answered = answer(message(question));
    EXPECT_TRUE(answered) << answered.error().message;
    if (!answered) return {};
    EXPECT_EQ(answered.value().type, kCaseQuestion);
    EXPECT_EQ(answered.value().media_type, kQueryMediaType);
    return parse_case_facts(read_all(*answered.value().body, 1'000'000).value()).value();
  }
  std::string refusal(const CaseQuestion& question) {
    const auto answered = answer(message(question));
    return answered ? "answered" : answered.error().code;
  }
  // Another case, not accepted yet, whose number is known only provisionally.
  void enquire(const std::string& number) {
    run("INSERT INTO mw_case (case_key, provisional_no, state, started_at, area_code, unit_code, "
        "item_code) VALUES ('K', '" +
        number + "', '0', '2026-11-25 08:00:00', '411324', '11411324MB1T00009R', 'BDC-2000402')");
    run("INSERT INTO mw_case_person (case_key, sxh, role, xm, zjzl, zjh) VALUES ('K', 1, '0', "
        "'测试丙', '1', '411324199001010012')");
  }

  std::optional<ItemDirectory> items_{};
};

TEST_P(CasesFlow, TheGuidesCaseIsOpenAndHasItsPartiesAndMaterials) {
  const CaseFacts facts = ask({kCase, false});
  EXPECT_TRUE(facts.known);
  EXPECT_TRUE(facts.open);
  EXPECT_FALSE(facts.provisional);
  EXPECT_EQ(facts.case_no, kCase);
  EXPECT_EQ(facts.provisional_no, kProvisional);
  EXPECT_EQ(facts.started, parse_message_time("2026-11-23T07:20:00Z"));
  EXPECT_EQ(facts.area, "411324");
  EXPECT_EQ(facts.unit, "11411324MB1T00009R");
  EXPECT_EQ(facts.item, "BDC-2000402");
  EXPECT_THAT(facts.handlers, ElementsAre("clerk-07"));
  EXPECT_THAT(facts.materials, ElementsAre(kCard, kTitleTypeCode));
  EXPECT_THAT(facts.parties,
              ElementsAre(CaseParty{PartyRole::kHolder, {"测试甲", "111", "411324199001010012"}},
                          CaseParty{PartyRole::kHolder, {"测试乙", "111", "411324199202020022"}},
                          CaseParty{PartyRole::kAgent, {"测试丁", "111", "411324198803030010"}}));
}

TEST_P(CasesFlow, ACaseThatIsNotThereIsNotKnown) {
  EXPECT_EQ(ask({"20261124000002", false}), CaseFacts{});
  EXPECT_EQ(ask({kProvisional, false}), CaseFacts{}) << "a provisional number is no case number";
  EXPECT_EQ(ask({kCase, true}), CaseFacts{}) << "nor the other way round";
  EXPECT_EQ(ask({"' OR '1'='1", false}), CaseFacts{});
}

TEST_P(CasesFlow, AProvisionalNumberMayHaveBecomeACase) {
  CaseFacts facts = ask({kProvisional, true});
  EXPECT_EQ(facts.case_no, kCase);
  EXPECT_EQ(facts.provisional_no, kProvisional);
  EXPECT_FALSE(facts.provisional);
  EXPECT_TRUE(facts.open);
  enquire("YSL1");
  facts = ask({"YSL1", true});
  EXPECT_TRUE(facts.known);
  EXPECT_TRUE(facts.provisional);
  EXPECT_TRUE(facts.open);
  EXPECT_EQ(facts.case_no, "");
  EXPECT_EQ(facts.provisional_no, "YSL1");
  EXPECT_EQ(facts.parties.at(0).role, PartyRole::kApplicant);
  run("UPDATE mw_case SET case_no = '20261125000001', state = '1' WHERE case_key = 'K'");
  facts = ask({"YSL1", true});
  EXPECT_EQ(facts.case_no, "20261125000001");
  EXPECT_EQ(facts.provisional_no, "YSL1");
  EXPECT_FALSE(facts.provisional);
}

TEST_P(CasesFlow, WhichStatesAreOpenSaysTheMapping) {
  for (const auto& [state, open] :
       std::vector<std::pair<std::string, bool>>{{"0", true},   // 预受理
                                                 {"1", true},   // 在办
                                                 {"2", false},  // 已办
                                                 {"3", true},   // 暂停
                                                 {"4", false},  // 不予登记
                                                 {"5", false},  // 用户撤回
                                                 {" ", false}}) {
    run("UPDATE mw_case SET state = '" + state + "'");
    EXPECT_EQ(ask({kCase, false}).open, open) << state;
  }
  run("UPDATE mw_case SET state = '7'");
  EXPECT_EQ(refusal({kCase, false}), "registration.unmapped_code");
}

TEST_P(CasesFlow, EachRoleHasItsWordAndOthersAreNoParties) {
  run("DELETE FROM mw_case_person");
  for (const char* role : {"0", "1", "2", "3", "4", "5", "6", "9"}) {
    run("INSERT INTO mw_case_person (case_key, sxh, role, xm, zjzl, zjh) VALUES ('" +
        std::string(kCase) + "', " + role + "1, '" + role +
        "', '甲', '8', '９１４１１３００ma9 Y1')");
  }
  run("INSERT INTO mw_case_person (case_key, sxh, role, xm) VALUES ('" + std::string(kCase) +
      "', 99, '1', '/')");
  std::vector<std::string> words;
  for (const CaseParty& one : ask({kCase, false}).parties) {
    words.push_back(to_word(one.role));
    EXPECT_EQ(one.who.code_type, "001");
    EXPECT_EQ(one.who.code, "91411300ma9Y1") << "what is no credit code stays, without blanks";
  }
  EXPECT_THAT(words, ElementsAre("applicant", "holder", "obligor", "agent", "guardian", "spouse",
                                 "legal-representative"));
  run("UPDATE mw_case_person SET role = '8'");
  EXPECT_EQ(refusal({kCase, false}), "registration.unmapped_code");
}

TEST_P(CasesFlow, CodesAreInTheFormOfCertificates) {
  run("UPDATE mw_case_person SET zjh = ' 11010119440102005x'");
  EXPECT_EQ(ask({kCase, false}).parties.at(0).who.code, "11010119440102005X");
}

TEST_P(CasesFlow, MaterialsMayComeOfTheFileOfItems) {
  items_ =
      ItemDirectory({{"BDC-2000402", "", {{"申请书", "", false}, {"居民身份证", kCard, true}}}});
  EXPECT_THAT(ask({kCase, false}).materials, ElementsAre(kCard));
  run("UPDATE mw_case SET item_code = 'BDC-0'");
  EXPECT_THAT(ask({kCase, false}).materials, IsEmpty());
}

TEST_P(CasesFlow, MorePartiesThanCanBeToldAreRefused) {
  run("DELETE FROM mw_case_person");
  run("INSERT INTO mw_case_person (case_key, sxh, role, xm, zjzl, zjh) WITH RECURSIVE n(i) AS "
      "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT '" +
      std::string(kCase) + "', i, '1', '甲', '99', 'P' FROM n");
  EXPECT_EQ(ask({kCase, false}).parties.size(), 1000U);
  run("INSERT INTO mw_case_person (case_key, sxh, role, xm, zjzl, zjh) VALUES ('" +
      std::string(kCase) + "', 1001, '1', '甲', '99', 'P')");
  EXPECT_EQ(refusal({kCase, false}), "registration.records_refused");
}

TEST_P(CasesFlow, AClassifiedCaseIsNotKnown) {
  run("UPDATE mw_case SET classified = 1");
  EXPECT_EQ(ask({kCase, false}), CaseFacts{});
}

TEST_P(CasesFlow, DatabaseTroubleMayPass) {
  run("ALTER TABLE mw_case RENAME TO mw_case_away");
  const auto broken = answer(message({kCase, false}));
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().code, HasSubstr("registration.records_"));
  certbridge::testing::FakeResponder down;
  down.will_answer(Error::retryable("sql.connection", "no connection"));
  const auto trouble = Cases(mapping(), down, {}).answer(message({kCase, false}), call_);
  ASSERT_FALSE(trouble);
  EXPECT_EQ(trouble.error().code, "registration.records_unavailable");
  EXPECT_EQ(trouble.error().severity, Severity::kRetryable);
}

TEST_P(CasesFlow, WhatIsNoQuestionIsRefused) {
  const std::vector<std::function<void(Message&)>> changes = {
      [](Message& it) { it.type = "certificates.find"; },
      [](Message& it) { it.media_type = "application/xml"; }, [](Message& it) { it.body = {}; },
      [](Message& it) { it.body = content_of("<case/>"); },
      [](Message& it) { it.body = content_of(std::string(70'000, ' ')); }};
  for (const auto& change : changes) {
    Message question = message({kCase, false});
    change(question);
    const auto answered = answer(question);
    ASSERT_FALSE(answered);
    EXPECT_EQ(answered.error().code, "registration.question");
  }
}

INSTANTIATE_TEST_SUITE_P(Databases, CasesFlow,
                         ::testing::Values(Backend::kSqlite, Backend::kPostgresql));

// Rows as a vendor's own queries may give them.
class CaseFactsOfRows : public ::testing::Test {
 protected:
  CaseFactsOfRows() {
    const std::string file = testing::intermediate_files().mapping;
    mapping_ = parse_mapping(testing::read_source(file), file).value();
    mapping_.sets = mapping_.cases_sets;
    for (const SetMapping& set : mapping_.sets) answer_.push_back({set.query, {}});
    add("A", "2026-11-24 09:00:00");
  }
  void add(const std::string& number, const std::string& started) {
    Record row;
    row.set("case_no", number);
    row.set("state", "1");
    row.set("started_at", started);
    answer_[0].records.push_back(row);
  }
  std::string code_of(const CaseQuestion& question) {
    const auto facts = facts_of(map_rows(answer_, mapping_).value(), question, nullptr);
    return facts ? "facts" : facts.error().code;
  }
  Mapping mapping_{};
  std::vector<RecordSet> answer_{};
};

TEST_F(CaseFactsOfRows, AnotherCaseThanTheOneAskedForIsRefused) {
  EXPECT_EQ(code_of({"A", false}), "facts");
  EXPECT_EQ(code_of({"B", false}), "registration.records_refused");
  EXPECT_EQ(code_of({"A", true}), "registration.records_refused");
}

TEST_F(CaseFactsOfRows, SeveralCasesOfOneNumberAreRefused) {
  add("A", "2026-11-24 09:00:00");
  EXPECT_EQ(code_of({"A", false}), "registration.records_refused");
}

TEST_F(CaseFactsOfRows, ADayAloneBeginsAtItsMidnight) {
  answer_[0].records[0].set("started_at", "2026/11/24");
  const auto facts = facts_of(map_rows(answer_, mapping_).value(), {"A", false}, nullptr);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts.value().started, parse_message_time("2026-11-23T16:00:00Z"));
}

TEST_F(CaseFactsOfRows, ACaseWithoutATimeIsRefused) {
  answer_[0].records[0].set("started_at", std::nullopt);
  EXPECT_EQ(code_of({"A", false}), "registration.date");
  answer_[0].records[0].set("started_at", "yesterday at nine o'clock");
  EXPECT_EQ(code_of({"A", false}), "registration.date");
}

}  // namespace
}  // namespace certbridge::registration
