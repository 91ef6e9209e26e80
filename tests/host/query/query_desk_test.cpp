// The desk: nothing without a right to ask, nothing without a record, nothing beyond the list.
#include "desk_fixture.h"

namespace certbridge::host {
namespace {

TEST_F(DeskTest, AnswersWhatTheCaseNeedsAndRecordsItFirst) {
  first_.found = {title("N1", kZhangSan)};
  const QueryResponse response = ask(QueryKind::kFind, by_holder());
  ASSERT_EQ(code_of(response), "200 found") << response.body;
  const auto json = json_of(response);
  EXPECT_EQ(json.at("record").as_int64(), 1);
  const auto& certificate = json.at("certificates").as_array().at(0).as_object();
  EXPECT_EQ(certificate.at("source").as_string(), "first");
  EXPECT_EQ(certificate.at("status").as_string(), "valid");
  EXPECT_FALSE(certificate.at("cached").as_bool());
  EXPECT_EQ(certificate.at("asOf").as_string(), "2026-11-24T00:00:00.000Z");
  EXPECT_EQ(response.body.find("秘密"), std::string::npos) << "not on the purpose's list";
  EXPECT_EQ(response.body.find(kZhangSan), std::string::npos) << "nor is this";
  ASSERT_EQ(records().size(), 1u);
  const AccessRecord record = records()[0];
  EXPECT_EQ(record.kind, AccessKind::kQuery);
  EXPECT_EQ(record.decision, AccessDecision::kAllowed);
  EXPECT_EQ(record.system, "window");
  EXPECT_EQ(record.person, "clerk-7");
  EXPECT_EQ(record.role, "clerk");
  EXPECT_EQ(record.ground, "C1");
  EXPECT_EQ(record.holder, kZhangSan);
  EXPECT_EQ(record.certificate, "ID-N1");
  EXPECT_EQ(record.certificate_type, kTitleType);
  EXPECT_EQ(record.result, "found");
  EXPECT_EQ(record.sources, (std::vector<AskedSource>{{"first", "found"}}));
  EXPECT_EQ(record.disclosed_digest.size(), 32u);
  EXPECT_TRUE(parse_inputs(record.inputs).ok());
}

TEST_F(DeskTest, TellsTheSourceWhatForAndAsksOnlyTypesOfTheCase) {
  facts_.materials = {kCardType};
  ask(QueryKind::kFind, by_holder());
  const auto question =
      parse_find_question(read_all(*first_source_.question(0).body, 10'000).value());
  ASSERT_TRUE(question.ok());
  EXPECT_EQ(question.value().types, std::vector<std::string>{kCardType});
  EXPECT_EQ(question.value().asked_for, (AskedFor{"registration", "I-1", "C1", kUnit, "clerk-7"}));
}

TEST_F(DeskTest, EachCertificateOfAnAnswerHasARecord) {
  first_.found = {title("N1", kZhangSan), title("N2", kZhangSan)};
  ASSERT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "200 found");
  ASSERT_EQ(records().size(), 2u);
  EXPECT_EQ(records()[1].certificate, "ID-N2");
  EXPECT_EQ(records()[1].refers_to, 1u);
  EXPECT_EQ(records()[1].ground, "C1");
}

TEST_F(DeskTest, NoSourceIsAskedOnDeny) {
  facts_.open = false;
  first_.found = {title("N1", kZhangSan)};
  const QueryResponse response = ask(QueryKind::kFind, by_holder());
  EXPECT_EQ(response.status, 403) << response.body;
  EXPECT_EQ(json_of(response).at("record").as_int64(), 1);
  EXPECT_EQ(first_source_.asked() + second_source_.asked(), 0u);
  ASSERT_EQ(records().size(), 1u);
  EXPECT_EQ(records()[0].decision, AccessDecision::kDenied);
  EXPECT_EQ(records()[0].result, "refused");
}

TEST_F(DeskTest, WhateverCannotBeLearnedMeansDeny) {
  first_.found = {title("N1", kZhangSan)};
  case_fails_ = true;
  EXPECT_EQ(ask(QueryKind::kFind, by_holder()).status, 403);
  case_fails_ = false;
  uses_.known = false;
  EXPECT_EQ(ask(QueryKind::kFind, by_holder()).status, 403);
  uses_.known = true;
  uses_.uses = 3;
  EXPECT_EQ(ask(QueryKind::kFind, by_holder()).status, 403) << "used up";
  uses_.uses = 2;
  EXPECT_EQ(ask(QueryKind::kFind, by_holder()).status, 200);
  EXPECT_EQ(first_source_.asked(), 1u);
  EXPECT_EQ(records().size(), 4u);
}

TEST_F(DeskTest, AQueryWithoutACaseResponderIsDenied) {
  configuration_.routes[0].case_endpoint.clear();
  EXPECT_EQ(ask(QueryKind::kFind, by_holder()).status, 403);
  EXPECT_EQ(first_source_.asked(), 0u);
}

TEST_F(DeskTest, NothingIsAnsweredWithoutARecord) {
  first_.found = {title("N1", kZhangSan)};
  recorder_.refuse_with("access.full");
  const QueryResponse response = ask(QueryKind::kFind, by_holder());
  EXPECT_EQ(code_of(response), "503 access.full");
  EXPECT_EQ(response.body.find("N1"), std::string::npos);
  facts_.open = false;
  EXPECT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "503 access.full")
      << "also a denial is recorded";
}

TEST_F(DeskTest, WhoIsNotKnownIsToldNothingAndRecordedNowhere) {
  EXPECT_EQ(code_of(ask(QueryKind::kFind, by_holder(), "")), "401 caller.unknown");
  EXPECT_TRUE(records().empty());
  EXPECT_EQ(cases_.asked(), 0u);
}

TEST_F(DeskTest, AnExceptionEndsAQueryWithoutAnAnswer) {
  callers_.throws = true;
  EXPECT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "503 query.failed");
  callers_.throws = false;
  first_.found = {title("N1", kZhangSan)};
  EXPECT_EQ(ask(QueryKind::kFind, by_holder()).status, 200) << "and nothing else";
}

TEST_F(DeskTest, WhatBelongsToSomebodyElseIsAsIfItWereNotThere) {
  first_.found = {title("N1", "110101199003079999")};
  const QueryResponse response = ask(QueryKind::kFind, body_of(R"("number":"N1")"));
  EXPECT_EQ(code_of(response), "200 none-found");
  EXPECT_EQ(second_source_.asked(), 1u) << "the next source may have it";
  ASSERT_EQ(records().size(), 1u);
  EXPECT_EQ(records()[0].sources,
            (std::vector<AskedSource>{{"first", "absent"}, {"second", "absent"}}));
}

TEST_F(DeskTest, NothingFoundLetsTheWindowTakePaper) {
  const QueryResponse none = ask(QueryKind::kFind, by_holder());
  EXPECT_EQ(code_of(none), "200 none-found");
  EXPECT_TRUE(json_of(none).at("paperAllowed").as_bool());
  EXPECT_GT(json_of(none).at("tryAgainAfter").as_int64(), 0);
  first_fails_ = true;
  const QueryResponse unavailable = ask(QueryKind::kFind, by_holder());
  EXPECT_EQ(code_of(unavailable), "503 sources-unavailable");
  EXPECT_TRUE(json_of(unavailable).at("paperAllowed").as_bool());
  EXPECT_TRUE(unavailable.retry_after.has_value());
  EXPECT_EQ(records()[1].sources,
            (std::vector<AskedSource>{{"first", "unavailable"}, {"second", "absent"}}));
}

TEST_F(DeskTest, AnotherSourceAnswersForOneThatFails) {
  first_fails_ = true;
  second_.found = {title("N1", kZhangSan)};
  EXPECT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "200 found");
}

TEST_F(DeskTest, TheFileLeavesAsItIsWhereTheGroundAllowsIt) {
  first_.found = {title("N1", kZhangSan)};
  const std::string archive =
      R"({"purpose":"archive","ground":{"kind":"case","number":"C1"},"number":"N1","original":true})";
  const QueryResponse response = ask(QueryKind::kFile, archive);
  ASSERT_EQ(response.status, 200) << response.body;
  ASSERT_TRUE(response.file.has_value());
  EXPECT_EQ(read_all(*response.file->content, 10).value(), "ofd");
  EXPECT_EQ(response.headers.at("X-CB-Record"), "1");
  EXPECT_EQ(response.headers.at("X-CB-Source"), "first");
  EXPECT_EQ(response.headers.at("X-CB-Status"), "valid");
  ASSERT_EQ(records().size(), 1u);
  EXPECT_EQ(records()[0].kind, AccessKind::kFile);
  EXPECT_EQ(records()[0].disclosed, std::vector<std::string>{"file"});
}

// Some grounds want a holder named; the source is asked for the certificate all the same.
TEST_F(DeskTest, AFileIsThatOfTheHolderWhoIsNamed) {
  const std::string archive =
      std::string(R"({"purpose":"archive","original":true,"number":"N1",)") +
      R"("ground":{"kind":"case","number":"C1"},"holder":{"code":")" + kZhangSan + "\"}}";
  first_.found = {title("N1", kZhangSan)};
  EXPECT_EQ(ask(QueryKind::kFile, archive).status, 200);
  first_.found = {title("N1", "110101199003072345")};
  EXPECT_EQ(code_of(ask(QueryKind::kFile, archive)), "200 none-found");
}

TEST_F(DeskTest, AFileThatIsNotOnThePurposesListStays) {
  first_.found = {title("N1", kZhangSan)};
  const std::string review =
      R"({"purpose":"review","ground":{"kind":"case","number":"C1"},"number":"N1","original":true})";
  const QueryResponse response = ask(QueryKind::kFile, review);
  EXPECT_EQ(code_of(response), "403 file.not_on_list");
  EXPECT_FALSE(response.file.has_value());
  ASSERT_EQ(records().size(), 1u);
  EXPECT_EQ(records()[0].result, "file.not_on_list");
  EXPECT_TRUE(records()[0].disclosed.empty());
}

TEST_F(DeskTest, WithoutAnybodyWhoMakesCopiesNoSourceIsAsked) {
  first_.found = {title("N1", kZhangSan)};
  EXPECT_EQ(code_of(ask(QueryKind::kFile, body_of(R"("number":"N1")"))),
            "403 file.original_not_allowed");
  EXPECT_EQ(first_source_.asked(), 0u);
  EXPECT_EQ(records().size(), 1u);
}

TEST_F(DeskTest, ACopyLeavesWhereTheOriginalMayNot) {
  make_copies();
  first_.found = {title("N1", kZhangSan)};
  const QueryResponse response = ask(QueryKind::kFile, body_of(R"("number":"N1")"));
  ASSERT_EQ(response.status, 200) << response.body;
  ASSERT_TRUE(response.file.has_value());
  EXPECT_EQ(read_all(*response.file->content, 10).value(), "copy");
  EXPECT_EQ(response.headers.at("X-CB-Copy"), "annotated");
  EXPECT_EQ(response.headers.at("X-CB-Copy-Expires"), "2026-11-26T00:00:00.000Z");
  const Sm3Digest digest = response.file->digest;
  EXPECT_EQ(response.headers.at("X-CB-Digest"), "sm3:" + to_hex(digest));
  ASSERT_EQ(copier_.asked(), 1u);
  const Message question = copier_.question(0);
  EXPECT_EQ(read_all(*question.attachments.at(0).content, 10).value(), "ofd");
  const std::string body = read_all(*question.body, 10'000).value();
  const CopyQuestion copy = parse_copy_question(body).value();
  EXPECT_EQ(copy.unit, "某中心");
  EXPECT_EQ(copy.cause, "不动产登记 C1");
  EXPECT_EQ(body.find(kZhangSan), std::string::npos);
  EXPECT_EQ(body.find("clerk-7"), std::string::npos);
  ASSERT_EQ(records().size(), 1u);
  EXPECT_EQ(records()[0].disclosed, std::vector<std::string>{"file.copy"});
  ASSERT_EQ(kept_.uses().size(), 1u);
  EXPECT_EQ(read_all(*kept_.uses()[0].file->content, 10).value(), "ofd") << "as it was received";
  EXPECT_EQ(read_all(*kept_.uses()[0].copy->content, 10).value(), "copy") << "what left";
  EXPECT_EQ(records()[0].disclosed_digest, std::string(digest.begin(), digest.end()));
}

TEST_F(DeskTest, TheOriginalNeedsNoCopy) {
  make_copies();
  first_.found = {title("N1", kZhangSan)};
  const QueryResponse response = ask(
      QueryKind::kFile,
      R"({"purpose":"archive","ground":{"kind":"case","number":"C1"},"number":"N1","original":true})");
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.headers.at("X-CB-Copy"), "no");
  EXPECT_EQ(copier_.asked(), 0u);
}

TEST_F(DeskTest, WhereNoCopyCanBeMadeTheOriginalStays) {
  make_copies();
  first_.found = {title("N1", kZhangSan)};
  std::string said;
  const auto code = [&] {
    const QueryResponse response = ask(QueryKind::kFile, body_of(R"("number":"N1")"));
    said = response.body;
    EXPECT_FALSE(response.file.has_value());
    EXPECT_TRUE(records().back().disclosed.empty());
    EXPECT_EQ(records().back().certificate, "ID-N1");
    return code_of(response);
  };
  copy_fails_ = Error::permanent("ofd_compose.pdf_encrypted", "the PDF file is encrypted");
  EXPECT_EQ(code(), "403 file.copy_impossible");
  EXPECT_NE(said.find("the PDF file is encrypted"), std::string::npos) << said;
  copy_fails_ = Error::retryable("spool.full", "no room");
  EXPECT_EQ(code(), "503 file.copy_unavailable");
  configuration_.routes[0].copy->endpoint = "nobody";
  EXPECT_EQ(code(), "503 file.copy_unavailable") << "which says nothing about the file";
}

TEST_F(DeskTest, EveryHolderOfAJointCertificateFindsTheAccess) {
  FoundCertificate joint = title("N1", kZhangSan);
  joint.holders.push_back({"李四", "111", "110101199003071234"});
  joint.holders.push_back({"张三", "111", std::string("１") + std::string(kZhangSan).substr(1)});
  FoundCertificate other = title("N2", kZhangSan);
  other.holders.push_back({"某公司", "001", kUnit});
  first_.found = {joint, other};
  ASSERT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "200 found");
  std::vector<std::string> found;
  for (const AccessRecord& one : records()) {
    found.push_back(to_text(one.kind) + " " + one.certificate_number + " " + one.holder + " " +
                    std::to_string(one.refers_to));
  }
  EXPECT_EQ(found, (std::vector<std::string>{
                       std::string("query N1 ") + kZhangSan + " 0",
                       "reference N1 110101199003071234 1",
                       std::string("query N2 ") + kZhangSan + " 1",
                       std::string("reference N2 ") + kUnit + " 3",
                   }));
  EXPECT_EQ(records()[1].code, "holder.joint");
  EXPECT_TRUE(records()[1].disclosed.empty());
}

TEST_F(DeskTest, ComparesWithoutTellingTheRightValue) {
  first_.found = {title("N1", kZhangSan)};
  const QueryResponse response = ask(
      QueryKind::kCompare,
      body_of(R"("number":"N1","printed":{"KZ_ZL":"中州路2号","number":"N1","KZ_SECRET":"秘密"})"));
  ASSERT_EQ(code_of(response), "200 found") << response.body;
  const auto json = json_of(response);
  std::map<std::string, std::string> results;
  for (const auto& one : json.at("comparison").at("fields").as_array()) {
    results[std::string(one.at("name").as_string())] = std::string(one.at("result").as_string());
  }
  EXPECT_EQ(results,
            (std::map<std::string, std::string>{
                {"KZ_ZL", "different"}, {"number", "same"}, {"KZ_SECRET", "not-on-certificate"}}));
  EXPECT_EQ(response.body.find("中州路1号"), std::string::npos);
  first_.found.push_back(title("N1", kZhangSan));
  first_.found.back().identifier = "ID-other";
  EXPECT_EQ(
      code_of(ask(QueryKind::kCompare, body_of(R"("number":"N1","printed":{"number":"N1"})"))),
      "409 query.ambiguous");
}

TEST_F(DeskTest, SaysWhatIsThereBeforePaperIsAskedFor) {
  first_.found = {title("N1", kZhangSan)};
  const std::string body =
      body_of(std::string(R"("types":[")") + kTitleType + "\",\"" + kCardType +
              R"("],"holder":{"name":"张三","codeType":"111","code":")" + kZhangSan + "\"}");
  const auto states = [&] {
    std::map<std::string, std::string> found;
    const auto json = json_of(ask(QueryKind::kAvailability, body));
    for (const auto& one : json.at("types").as_array()) {
      found[std::string(one.at("type").as_string())] = std::string(one.at("available").as_string());
    }
    return found;
  };
  EXPECT_EQ(states(), (std::map<std::string, std::string>{{kTitleType, "yes"}, {kCardType, "no"}}));
  first_.found.clear();
  const QueryResponse none = ask(QueryKind::kAvailability, body);
  EXPECT_EQ(code_of(none), "200 none-found");
  EXPECT_EQ(none.body.find("N1"), std::string::npos);
}

TEST_F(DeskTest, AsksWhetherAFileIsGenuine) {
  verdict_ = {VerifyAnswer::Verdict::kGenuine, "", "ID-N1", "valid"};
  const QueryResponse response = ask(QueryKind::kVerify, body_of(R"("file":"UEsDBA==")"));
  ASSERT_EQ(code_of(response), "200 verified") << response.body;
  EXPECT_EQ(json_of(response).at("verification").at("verdict").as_string(), "genuine");
  ASSERT_EQ(first_source_.question(0).attachments.size(), 1u);
  EXPECT_EQ(read_all(*first_source_.question(0).attachments[0].content, 10).value(), "PK\x03\x04");
  verdict_.verdict = VerifyAnswer::Verdict::kCannotTell;
  EXPECT_EQ(json_of(ask(QueryKind::kVerify, body_of(R"("file":"UEsDBA==")")))
                .at("verification")
                .at("verdict")
                .as_string(),
            "cannot-tell");
}

TEST_F(DeskTest, PaperIsAcceptedForAQueryThatFoundNothing) {
  ASSERT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "200 none-found");
  EXPECT_EQ(code_of(accept_paper(R"({"record":1,"type":"T1"})", "other")),
            "404 query.no_such_record");
  EXPECT_EQ(code_of(accept_paper(R"({"record":2})")), "404 query.no_such_record");
  EXPECT_EQ(code_of(accept_paper(R"({"record":1,"type":"T1"})", "")), "401 caller.unknown");
  ASSERT_EQ(code_of(accept_paper(R"({"record":1,"type":"T1"})")), "200 paper-accepted");
  ASSERT_EQ(records().size(), 2u);
  EXPECT_EQ(records()[1].kind, AccessKind::kPaperAccepted);
  EXPECT_EQ(records()[1].refers_to, 1u);
  EXPECT_EQ(records()[1].certificate_type, "T1");
  EXPECT_EQ(records()[1].holder, kZhangSan);
  EXPECT_EQ(code_of(accept_paper(R"({"record":2})")), "404 query.no_such_record")
      << "that is no query";
  clock_.advance(std::chrono::hours(25));
  EXPECT_EQ(code_of(accept_paper(R"({"record":1})")), "404 query.no_such_record");
}

TEST_F(DeskTest, PaperIsAcceptedOnlyOnAGroundThatHasIt) {
  const std::string check =
      std::string(R"({"purpose":"registration","ground":{"kind":"case-check","number":"C1"},)") +
      R"("holder":{"name":"张三","codeType":"111","code":")" + kZhangSan + "\"}}";
  ASSERT_EQ(code_of(ask(QueryKind::kFind, check)), "200 none-found");
  const QueryResponse refused = accept_paper(R"({"record":1})");
  EXPECT_EQ(refused.status, 403) << refused.body;
  ASSERT_EQ(records().size(), 2u);
  EXPECT_EQ(records()[1].kind, AccessKind::kPaperAccepted);
  EXPECT_EQ(records()[1].decision, AccessDecision::kDenied);
  EXPECT_EQ(records()[1].result, "refused");
}

TEST_F(DeskTest, PaperIsNotAcceptedForWhatWasFound) {
  first_.found = {title("N1", kZhangSan)};
  ASSERT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "200 found");
  EXPECT_EQ(code_of(accept_paper(R"({"record":1})")), "404 query.no_such_record");
}

TEST_F(DeskTest, WhoAsksMoreThanHeMayIsDenied) {
  for (int i = 0; i < 20; ++i) ask(QueryKind::kFind, by_holder());
  const std::size_t asked = cases_.asked();
  EXPECT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "403 limit.person_requests");
  EXPECT_EQ(cases_.asked(), asked);
  EXPECT_EQ(records().back().decision, AccessDecision::kDenied);
}

TEST_F(DeskTest, WhatIsUnusualIsFlaggedBesideItsRecord) {
  facts_.open = false;
  for (int i = 0; i < 6; ++i) ask(QueryKind::kFind, by_holder());
  std::size_t flags = 0;
  for (const AccessRecord& record : records()) {
    if (record.kind != AccessKind::kFlag) continue;
    ++flags;
    EXPECT_EQ(record.code, "pattern.repeated_denials");
    EXPECT_GT(record.refers_to, 0u);
  }
  EXPECT_EQ(flags, 1u);
}

TEST_F(DeskTest, TakesNothingOnceItStops) {
  desk_->stop();
  EXPECT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "503 query.busy");
}

}  // namespace
}  // namespace certbridge::host
