// Objections, complaints and a holder's own uses, from the request to the record.
#include "desk_fixture.h"
#include "objections/objection_records.h"

namespace certbridge::host {
namespace {

const std::string kObjections = "/api/v1/objections";

class ObjectionServices : public DeskTest {
 protected:
  ObjectionServices() { first_.found = {title("N1", kZhangSan)}; }

  QueryResponse object(const std::string& body, const std::string& system = "window") {
    return serve("POST", kObjections, body, system);
  }
  QueryResponse show(std::uint64_t number) {
    return serve("GET", kObjections + "/" + std::to_string(number), "");
  }
  QueryResponse withdraw(std::uint64_t number) {
    return serve("POST", kObjections + "/" + std::to_string(number) + "/withdraw",
                 R"({"reason":"看错了"})");
  }
  // Number of an objection to N1, which the clerk has been shown.
  std::uint64_t raised() {
    EXPECT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "200 found");
    const QueryResponse response =
        object(R"({"record":)" + std::to_string(records().size()) +
               R"(,"fields":["KZ_ZL","KZ_SECRET"],"text":"门牌号不对"})");
    EXPECT_EQ(code_of(response), "200 raised") << response.body;
    return static_cast<std::uint64_t>(json_of(response).at("record").as_int64());
  }
  boost::json::object certificate() {
    const auto json = json_of(ask(QueryKind::kFind, by_holder()));
    return json.at("certificates").as_array().at(0).as_object();
  }
  void be_holder(const std::string& code = kZhangSan) {
    callers_.person = {"citizens", "c-" + code, "ukey", {}, "", QueriedHolder{"张三", "111", code}};
  }
  static std::string own(const std::string& more = "") {
    return R"({"purpose":"registration","ground":{"kind":"own"})" + more + "}";
  }
};

TEST_F(ObjectionServices, WhoWasShownACertificateObjects) {
  const auto number = raised();
  const AccessRecord record = records().at(number - 1);
  EXPECT_EQ(record.kind, AccessKind::kObjection);
  EXPECT_EQ(record.result, "raised");
  EXPECT_EQ(record.refers_to, number - 1);
  EXPECT_EQ(record.certificate, "ID-N1");
  EXPECT_EQ(record.issuer, kUnit);
  EXPECT_EQ(record.holder, kZhangSan);
  EXPECT_EQ(record.ground, "C1");
  EXPECT_EQ(statement_in(statements_of(record), "text"), "门牌号不对");
  const auto inputs = parse_inputs(record.inputs);
  ASSERT_TRUE(inputs.ok());
  EXPECT_TRUE(decide(*policy_, inputs.value().request, inputs.value().facts).allowed)
      << "decided again from the record";
}

TEST_F(ObjectionServices, AnswersShowThatItIsOpenAndNothingElseOfIt) {
  EXPECT_FALSE(certificate().contains("objection"));
  const auto number = raised();
  const auto mark = certificate().at("objection").as_object();
  EXPECT_EQ(mark.at("number").as_int64(), static_cast<std::int64_t>(number));
  EXPECT_EQ(mark.at("state").as_string(), "raised");
  EXPECT_EQ(mark.at("since").as_string(), "2026-11-24T00:00:00.000Z");
  EXPECT_EQ(boost::json::serialize(mark.at("fields")), "[\"KZ_ZL\"]") << "only what is on the list";
  EXPECT_EQ(mark.size(), 4u);
  const auto compared =
      json_of(ask(QueryKind::kCompare, body_of(R"("number":"N1","printed":{"KZ_ZL":"x"})")));
  EXPECT_TRUE(compared.at("comparison").as_object().contains("objection"));
  const QueryResponse file = ask(
      QueryKind::kFile,
      R"({"purpose":"archive","ground":{"kind":"case","number":"C1"},"number":"N1","original":true})");
  ASSERT_EQ(file.status, 200) << file.body;
  EXPECT_EQ(file.headers.at("X-CB-Objection"),
            std::to_string(number) + " raised 2026-11-24T00:00:00.000Z");
  EXPECT_EQ(code_of(withdraw(number)), "200 withdrawn");
  EXPECT_FALSE(certificate().contains("objection"));
}

TEST_F(ObjectionServices, NobodyObjectsToWhatHeWasNotShown) {
  ASSERT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "200 found");
  const std::string body = R"({"record":1,"text":"x"})";
  EXPECT_EQ(code_of(object(body, "other")), "404 query.no_such_record") << "another system";
  EXPECT_EQ(code_of(object(R"({"record":2,"text":"x"})")), "404 query.no_such_record");
  EXPECT_EQ(code_of(object(R"({"record":1,"number":"N2","text":"x"})")), "404 query.no_such_record")
      << "another certificate";
  EXPECT_EQ(code_of(object(body, "")), "401 caller.unknown");
  callers_.person.id = "clerk-8";
  EXPECT_EQ(code_of(object(body)), "404 query.no_such_record") << "a colleague";
  callers_.person.id = "clerk-7";
  first_.found.clear();
  ASSERT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "200 none-found");
  EXPECT_EQ(code_of(object(R"({"record":2,"text":"x"})")), "404 query.no_such_record");
  clock_.advance(std::chrono::days(31));
  EXPECT_EQ(code_of(object(body)), "404 query.no_such_record") << "too long ago";
  EXPECT_EQ(records().size(), 2u);
}

TEST_F(ObjectionServices, ThePolicyDecidesAgain) {
  ASSERT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "200 found");
  callers_.person.roles = {"porter"};
  const QueryResponse denied = object(R"({"record":1,"text":"x"})");
  EXPECT_EQ(code_of(denied), "403 role.not_held");
  ASSERT_EQ(records().size(), 2u);
  EXPECT_EQ(records()[1].kind, AccessKind::kObjection);
  EXPECT_EQ(records()[1].decision, AccessDecision::kDenied);
  EXPECT_EQ(records()[1].result, "refused");
  callers_.person.roles = {"clerk"};
  EXPECT_FALSE(certificate().contains("objection"));
}

TEST_F(ObjectionServices, OfSeveralCertificatesOneIsNamed) {
  first_.found = {title("N1", kZhangSan), title("N2", kZhangSan)};
  ASSERT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "200 found");
  const QueryResponse response = object(R"({"record":1,"number":"N2","text":"x"})");
  ASSERT_EQ(code_of(response), "200 raised") << response.body;
  EXPECT_EQ(records().back().certificate, "ID-N2");
  EXPECT_EQ(records().back().refers_to, 1u);
}

TEST_F(ObjectionServices, OnlyWhoRaisedItSeesAndWithdraws) {
  const auto number = raised();
  const auto shown = json_of(show(number)).at("objection").as_object();
  EXPECT_EQ(shown.at("text").as_string(), "门牌号不对");
  EXPECT_EQ(shown.at("state").as_string(), "raised");
  EXPECT_EQ(records().back().result, "shown");
  callers_.person.id = "clerk-8";
  const auto count = records().size();
  EXPECT_EQ(code_of(show(number)), "404 objection.unknown");
  EXPECT_EQ(code_of(withdraw(number)), "404 objection.unknown");
  EXPECT_EQ(code_of(show(number + 50)), "404 objection.unknown");
  EXPECT_EQ(code_of(show(1)), "404 objection.unknown") << "a query";
  EXPECT_EQ(records().size(), count);
  callers_.person.id = "clerk-7";
  EXPECT_EQ(code_of(withdraw(number)), "200 withdrawn");
  EXPECT_EQ(code_of(withdraw(number)), "409 objection.ended");
  EXPECT_EQ(code_of(serve("GET", kObjections + "/x", "")), "404 objection.unknown");
  EXPECT_EQ(code_of(serve("POST", kObjections + "/1", R"({"reason":"x"})")),
            "404 objection.unknown");
}

TEST_F(ObjectionServices, TheOutcomeHasItsReason) {
  const auto number = raised();
  AccessRecord step;
  step.person = "liu";
  step.decision = AccessDecision::kAllowed;
  ASSERT_TRUE(objections_.take_step(number, ObjectionStep::kTake, step).ok());
  AccessRequest request;
  request.kind = AccessKind::kObjectionStep;
  request.statements = {{"reason", "已更正"}, {"version", "2"}};
  step.inputs = write_inputs(request, {});
  ASSERT_TRUE(objections_.take_step(number, ObjectionStep::kCorrect, step).ok());
  const auto shown = json_of(show(number)).at("objection").as_object();
  EXPECT_EQ(shown.at("state").as_string(), "corrected");
  EXPECT_EQ(shown.at("reason").as_string(), "已更正");
  EXPECT_EQ(shown.at("newVersion").as_string(), "2");
  EXPECT_FALSE(shown.contains("reviewer"));
}

TEST_F(ObjectionServices, NothingIsRaisedWithoutARecord) {
  ASSERT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "200 found");
  recorder_.refuse_with("access.full");
  EXPECT_EQ(code_of(object(R"({"record":1,"text":"x"})")), "503 access.full");
  recorder_.refuse_with("");
  EXPECT_FALSE(certificate().contains("objection"));
}

TEST_F(ObjectionServices, AHolderComplains) {
  ASSERT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "200 found");
  be_holder();
  const std::string path = "/api/v1/complaints";
  const QueryResponse response =
      serve("POST", path, own(R"(,"record":1,"text":"有电子证照仍要求纸质")"));
  ASSERT_EQ(code_of(response), "200 raised") << response.body;
  const AccessRecord record = records().back();
  EXPECT_EQ(record.kind, AccessKind::kComplaint);
  EXPECT_EQ(record.refers_to, 1u);
  EXPECT_EQ(statement_in(statements_of(record), "unit"), kUnit);
  EXPECT_EQ(record.holder, kZhangSan);
  EXPECT_EQ(code_of(serve("POST", path, own(R"(,"text":"x")"))), "200 raised") << "no record";
  be_holder("110101199003071234");
  EXPECT_EQ(code_of(serve("POST", path, own(R"(,"record":1,"text":"x")"))),
            "404 query.no_such_record")
      << "somebody else's";
  callers_.person.himself.reset();
  EXPECT_EQ(code_of(serve("POST", path, own(R"(,"text":"x")"))), "403 subject.missing");
}

TEST_F(ObjectionServices, AHolderSeesWhoUsedHisCertificates) {
  const std::string path = "/api/v1/own-uses";
  ASSERT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "200 found");
  facts_.open = false;
  ASSERT_EQ(ask(QueryKind::kFind, by_holder()).status, 403);
  ASSERT_EQ(
      code_of(ask(
          QueryKind::kFind,
          R"({"purpose":"registration","ground":{"kind":"court","number":"court7"},"number":"N1"})")),
      "200 found");
  be_holder();
  const QueryResponse response = serve("POST", path, own());
  ASSERT_EQ(code_of(response), "200 found") << response.body;
  const auto uses = json_of(response).at("uses").as_array();
  ASSERT_EQ(uses.size(), 1u) << "not what was denied, not what is not shown";
  const auto& use = uses[0].as_object();
  EXPECT_EQ(use.at("unit").as_string(), kUnit);
  EXPECT_EQ(use.at("purpose").as_string(), "registration");
  EXPECT_EQ(use.at("number").as_string(), "N1");
  EXPECT_EQ(use.at("record").as_int64(), 1);
  for (const char* hidden : {"clerk-7", "C1", "window"}) {
    EXPECT_EQ(response.body.find(hidden), std::string::npos) << hidden;
  }
  EXPECT_EQ(records().back().kind, AccessKind::kOwnUses);
  EXPECT_EQ(records().back().disclosed_digest.size(), 32u);
  be_holder("110101199003071234");
  EXPECT_EQ(code_of(serve("POST", path, own())), "200 none-found");
  callers_.person.issuer = "staff";
  EXPECT_EQ(code_of(serve("POST", path, own())), "403 person.issuer");
  recorder_.refuse_with("access.full");
  be_holder();
  EXPECT_EQ(code_of(serve("POST", path, own())), "503 access.full");
}

TEST_F(ObjectionServices, BodiesAreReadStrictly) {
  const auto said = [&](const std::string& body) { return code_of(object(body)); };
  EXPECT_EQ(said("[]"), "400 query.body");
  EXPECT_EQ(said(R"({"text":"x"})"), "400 query.value");
  EXPECT_EQ(said(R"({"record":1})"), "400 query.value");
  EXPECT_EQ(said(R"({"record":1,"text":"x","fields":[]})"), "400 query.value");
  EXPECT_EQ(said(R"({"record":1,"text":"x","fields":[1]})"), "400 query.value");
  EXPECT_EQ(said(R"({"record":1,"text":"x","colour":"red"})"), "400 query.member");
  std::string long_text;
  for (int i = 0; i < 1001; ++i) long_text += "字";
  EXPECT_EQ(said(R"({"record":1,"text":")" + long_text + "\"}"), "400 query.value");
  EXPECT_EQ(code_of(serve("POST", "/api/v1/complaints", R"({"text":"x"})")), "400 query.value");
  EXPECT_EQ(code_of(serve("POST", "/api/v1/own-uses", own(R"(,"from":"x")"))), "400 query.value");
}

}  // namespace
}  // namespace certbridge::host
