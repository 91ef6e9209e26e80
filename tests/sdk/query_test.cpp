#include "certbridge/query.h"

#include <gtest/gtest.h>

#include "certbridge/life.h"

namespace certbridge {
namespace {

using namespace std::chrono;

constexpr const char* kOpen = " xmlns=\"urn:certbridge:query:1\"";
constexpr const char* kAskedFor = "<asked-for purpose=\"case\"/>";

AskedFor asked_for() {
  return {"transfer", "114113-<2>", "20264113240000001", "91411300MA9", "clerk \"07\""};
}
QueriedHolder holder() { return {"王&小明", "111", "41132419800101001X"}; }

FoundCertificate certificate() {
  FoundCertificate it;
  it.type_code = "11100000000014349X001";
  it.type_name = "营业执照";
  it.number = "（2026）第1号";
  it.identifier = "1.2.156.3005.2.1";
  it.version = "3";
  it.issuer_code = "11411300005927125Q";
  it.issuer_name = "市场监督管理局";
  it.holders = {holder(), {"乙", "", ""}};
  it.issued_on = "2026-01-02";
  it.effective_from = "2026-01-03";
  it.expires_on = "2036-01-02";
  it.status = "mortgaged";
  it.said = "正常";
  it.file = "f?1&2";
  it.fields = {{"经营范围", "一行\n二行\t\r\n <三>  "}, {"KZ_ZL", ""}, {"KZ_ZL", "again"}};
  return it;
}

CaseFacts case_facts() {
  CaseFacts it;
  it.known = true;
  it.case_no = "20264113240000001";
  it.provisional_no = "YSL1";
  it.provisional = true;
  it.open = true;
  it.started = Timestamp(milliseconds(1'764'000'000'123));
  it.area = "411324";
  it.unit = "11411324005927125Q";
  it.item = "transfer-of-ownership";
  it.handlers = {"clerk-07", "clerk-08"};
  it.materials = {"11100000000014349X001", "11100000000014350X001"};
  for (int role = 1; role <= 7; ++role) {
    it.parties.push_back({static_cast<PartyRole>(role), holder()});
  }
  return it;
}

template <class Parsed>
std::string code_of(const Parsed& parsed) {
  return parsed.ok() ? "accepted" : parsed.error().code;
}

TEST(Query, AFindQuestionIsReadAsItWasWritten) {
  FindQuestion question{holder(), "", "", {"a", "b"}, asked_for()};
  auto read = parse_find_question(write_find_question(question));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value(), question);
  question = {{}, "1.2.156.3005.2.1", "", {}, asked_for()};
  EXPECT_EQ(parse_find_question(write_find_question(question)).value(), question);
  question = {{}, "", "豫（2026）南召县不动产权第0000001号", {}, {}};
  EXPECT_EQ(parse_find_question(write_find_question(question)).value(), question);
}

TEST(Query, QuestionsForAFileAndAVerdictAreReadAsTheyWereWritten) {
  const FileQuestion file{"f?1&2", "1.2.156.3005.2.1", asked_for()};
  EXPECT_EQ(parse_file_question(write_file_question(file)).value(), file);
  const VerifyQuestion verify{asked_for()};
  EXPECT_EQ(parse_verify_question(write_verify_question(verify)).value(), verify);
}

TEST(Query, AQuestionForACopyIsReadAsItWasWritten) {
  const CopyQuestion copy{"某登记中心 & 某窗口", "不动产登记 20261124000001",
                          Timestamp(milliseconds(1'764'000'000'123)),
                          Timestamp(milliseconds(1'766'592'000'123))};
  EXPECT_EQ(parse_copy_question(write_copy_question(copy)).value(), copy);
  CopyQuestion wrong = copy;
  wrong.expires = wrong.made;
  EXPECT_EQ(code_of(parse_copy_question(write_copy_question(wrong))), "query.value");
  wrong = copy;
  wrong.cause.clear();
  EXPECT_EQ(code_of(parse_copy_question(write_copy_question(wrong))), "query.shape");
}

TEST(Query, AnAnswerIsReadAsItWasWritten) {
  FindAnswer answer{{certificate(), FoundCertificate{}},
                    Timestamp(milliseconds(1'764'000'000'123))};
  auto read = parse_find_answer(write_find_answer(answer));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().found, answer.found);
  EXPECT_EQ(read.value().as_of, answer.as_of);
  read = parse_find_answer(write_find_answer({}));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_TRUE(read.value().found.empty());
  EXPECT_FALSE(read.value().as_of);
}

TEST(Query, AVerdictIsReadAsItWasWritten) {
  for (int verdict = 1; verdict <= 3; ++verdict) {
    const VerifyAnswer answer{static_cast<VerifyAnswer::Verdict>(verdict), "seal", "1.2.3", "lost"};
    EXPECT_EQ(parse_verify_answer(write_verify_answer(answer)).value(), answer);
  }
}

TEST(Query, ACaseIsReadAsItWasWritten) {
  for (const bool provisional : {false, true}) {
    const CaseQuestion question{"20264113240000001", provisional};
    EXPECT_EQ(parse_case_question(write_case_question(question)).value(), question);
  }
  const auto read = parse_case_facts(write_case_facts(case_facts()));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value(), case_facts());
  EXPECT_EQ(parse_case_facts(write_case_facts({})).value(), CaseFacts{});
}

TEST(Query, EqualValuesAreEqualBytes) {
  const std::string written = write_find_answer({{certificate()}, {}});
  EXPECT_EQ(write_find_answer(parse_find_answer(written).value()), written);
  const std::string facts = write_case_facts(case_facts());
  EXPECT_EQ(write_case_facts(parse_case_facts(facts).value()), facts);
}

TEST(Query, RolesHaveWords) {
  EXPECT_EQ(to_word(PartyRole::kLegalRepresentative), "legal-representative");
  for (int role = 1; role <= 7; ++role) {
    EXPECT_EQ(party_role(to_word(static_cast<PartyRole>(role))), static_cast<PartyRole>(role));
  }
  EXPECT_FALSE(party_role("neighbour"));
}

TEST(Query, EachWordOfAStatusIsTaken) {
  FoundCertificate it;
  for (const auto base : {Status::Base::kIssued, Status::Base::kValid, Status::Base::kLost}) {
    it.status = to_word(base);
    EXPECT_TRUE(parse_find_answer(write_find_answer({{it}, {}})).ok());
  }
  for (const char* word : {"suspended", "mortgaged"}) {
    it.status = word;
    EXPECT_TRUE(parse_find_answer(write_find_answer({{it}, {}})).ok());
  }
}

TEST(Query, RefusedFindQuestions) {
  const auto code = [](const std::string& attributes, const std::string& inside) {
    return code_of(parse_find_question("<find" + (kOpen + attributes) + ">" + inside + "</find>"));
  };
  const std::string asked = kAskedFor;
  EXPECT_EQ(code(" number=\"1\"", asked), "accepted");
  EXPECT_EQ(code(" number=\"1\"", " \n" + asked + "\n"), "accepted");
  EXPECT_EQ(code("", asked), "query.value");  // about nothing
  EXPECT_EQ(code(" number=\"1\" identifier=\"2\"", asked), "query.value");
  EXPECT_EQ(code(" number=\"1\"", "<holder code=\"1\"/>" + asked), "query.value");
  EXPECT_EQ(code("", "<holder code=\"1\"/><holder code=\"2\"/>" + asked), "query.value");
  EXPECT_EQ(code("", "<holder name=\"x\"/>" + asked), "query.shape");
  EXPECT_EQ(code("", "<holder code=\"\"/>" + asked), "query.value");
  EXPECT_EQ(code(" number=\"1\"", ""), "query.shape");
  EXPECT_EQ(code(" number=\"1\"", asked + asked), "query.shape");
  EXPECT_EQ(code(" number=\"1\"", "<asked-for reason=\"x\"/>"), "query.shape");
  EXPECT_EQ(code(" number=\"1\"", asked + "<type/>"), "query.shape");
  EXPECT_EQ(code(" number=\"1\"", asked + "<kind code=\"1\"/>"), "query.shape");
  EXPECT_EQ(code(" number=\"1\"", asked + "x"), "query.shape");
  EXPECT_EQ(code(" number=\"1\"", "<asked-for xmlns=\"urn:other\"/>"), "query.shape");
  EXPECT_EQ(code(" number=\"1\" name=\"x\"", asked), "query.shape");
  EXPECT_EQ(code_of(parse_find_question("<find number=\"1\">" + asked + "</find>")), "query.shape");
  EXPECT_EQ(code_of(parse_find_question("<x" + std::string(kOpen) + "/>")), "query.shape");
  EXPECT_EQ(code_of(parse_find_question("<find")), "xml.malformed");
}

TEST(Query, RefusedQuestionsForFilesVerdictsAndCases) {
  const std::string open = kOpen;
  EXPECT_EQ(code_of(parse_file_question("<file" + open + ">" + kAskedFor + "</file>")),
            "query.shape");
  EXPECT_EQ(code_of(parse_file_question("<file" + open + " file=\"1\"/>")), "query.shape");
  EXPECT_EQ(code_of(parse_verify_question("<verify" + open + "/>")), "query.shape");
  EXPECT_EQ(code_of(parse_case_question("<case" + open + "/>")), "query.shape");
  EXPECT_EQ(code_of(parse_case_question("<case" + open + " case-no=\"\"/>")), "query.value");
  EXPECT_EQ(code_of(parse_case_question("<case" + open + " case-no=\"1\" provisional=\"no\"/>")),
            "query.value");
}

TEST(Query, RefusedAnswers) {
  const auto code = [](const std::string& attributes, const std::string& inside) {
    return code_of(parse_find_answer("<found" + std::string(kOpen) + "><certificate" + attributes +
                                     ">" + inside + "</certificate></found>"));
  };
  EXPECT_EQ(code("", "<holder/><field name=\"a\"/>"), "accepted");
  EXPECT_EQ(code(" status=\"fine\"", ""), "query.value");
  EXPECT_EQ(code(" issued-on=\"2026-02-30\"", ""), "query.value");
  EXPECT_EQ(code(" effective-from=\"2026\"", ""), "query.value");
  EXPECT_EQ(code(" expires-on=\"长期\"", ""), "query.value");
  EXPECT_EQ(code(" colour=\"red\"", ""), "query.shape");
  EXPECT_EQ(code("", "<field>x</field>"), "query.shape");
  EXPECT_EQ(code("", "<holder id=\"1\"/>"), "query.shape");
  EXPECT_EQ(code("", "<seal/>"), "query.shape");
  EXPECT_EQ(code("", "text"), "query.shape");
  EXPECT_EQ(code_of(parse_find_answer("<found" + std::string(kOpen) + " as-of=\"today\"/>")),
            "query.value");
  const std::string verdict = "<verdict" + std::string(kOpen);
  EXPECT_EQ(code_of(parse_verify_answer(verdict + "/>")), "query.shape");
  EXPECT_EQ(code_of(parse_verify_answer(verdict + " verdict=\"fine\"/>")), "query.value");
  EXPECT_EQ(code_of(parse_verify_answer(verdict + " verdict=\"genuine\" status=\"x\"/>")),
            "query.value");
}

TEST(Query, RefusedCaseFacts) {
  const auto code = [](const std::string& attributes, const std::string& inside) {
    return code_of(
        parse_case_facts("<case-facts" + (kOpen + attributes) + ">" + inside + "</case-facts>"));
  };
  const std::string started = " started=\"2026-11-24T01:02:03.456Z\"";
  EXPECT_EQ(code(started, ""), "accepted");
  EXPECT_EQ(code("", ""), "query.shape");
  EXPECT_EQ(code(" started=\"2026-11-24\"", ""), "query.value");
  EXPECT_EQ(code(started + " known=\"yes\"", ""), "query.value");  // under no number
  EXPECT_EQ(code(started + " known=\"true\"", ""), "query.value");
  EXPECT_EQ(code(started + " open=\"1\"", ""), "query.value");
  EXPECT_EQ(code(started + " provisional=\"\"", ""), "query.value");
  EXPECT_EQ(code(started + " closed=\"yes\"", ""), "query.shape");
  EXPECT_EQ(code(started, "<party code=\"1\"/>"), "query.shape");
  EXPECT_EQ(code(started, "<party role=\"neighbour\"/>"), "query.value");
  EXPECT_EQ(code(started, "<handler person=\"\"/>"), "query.value");
  EXPECT_EQ(code(started, "<material/>"), "query.shape");
}

TEST(Query, Limits) {
  FindAnswer answer;
  answer.found.resize(kMostFound);
  EXPECT_TRUE(parse_find_answer(write_find_answer(answer)).ok());
  answer.found.emplace_back();
  EXPECT_EQ(code_of(parse_find_answer(write_find_answer(answer))), "query.value");

  FoundCertificate one;
  one.fields.resize(kMostFoundFields, {"a", ""});
  EXPECT_TRUE(parse_find_answer(write_find_answer({{one}, {}})).ok());
  one.fields.push_back({"a", ""});
  EXPECT_EQ(code_of(parse_find_answer(write_find_answer({{one}, {}}))), "query.value");

  one.fields = {{"a", std::string(4096, 'x')}};
  one.number = std::string(4096, 'x');
  EXPECT_TRUE(parse_find_answer(write_find_answer({{one}, {}})).ok());
  one.number += "x";
  EXPECT_EQ(code_of(parse_find_answer(write_find_answer({{one}, {}}))), "query.value");
  one.number.clear();
  one.fields[0].value += "x";
  EXPECT_EQ(code_of(parse_find_answer(write_find_answer({{one}, {}}))), "query.value");
}

TEST(Query, ListsAreLimited) {
  CaseFacts facts;
  facts.materials.resize(1000, "a");
  facts.handlers.resize(1000, "a");
  facts.parties.resize(1000);
  EXPECT_TRUE(parse_case_facts(write_case_facts(facts)).ok());
  facts.parties.emplace_back();
  EXPECT_EQ(code_of(parse_case_facts(write_case_facts(facts))), "query.value");
  facts.parties.clear();
  facts.materials.emplace_back("a");
  EXPECT_EQ(code_of(parse_case_facts(write_case_facts(facts))), "query.value");
  FoundCertificate one;
  one.holders.resize(1001);
  EXPECT_EQ(code_of(parse_find_answer(write_find_answer({{one}, {}}))), "query.value");
}

TEST(Query, ARefusalRepeatsNothingOfTheDocument) {
  const std::string canary = "41132419800101001X";
  const auto read = parse_find_answer("<found" + std::string(kOpen) + "><certificate issued-on=\"" +
                                      canary + "\"/></found>");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().message.find(canary), std::string::npos);
  EXPECT_TRUE(read.error().message.starts_with("query:1:")) << read.error().message;
}

}  // namespace
}  // namespace certbridge
