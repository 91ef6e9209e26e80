// Bodies of queries: what is taken, and with which words everything else is refused.
#include <gtest/gtest.h>

#include "query/base64.h"
#include "query/query.h"

namespace certbridge::host {
namespace {

const std::string kGround = R"("purpose":"registration","ground":{"kind":"case","number":"C1"})";

std::string find_body(const std::string& more) { return "{" + kGround + "," + more + "}"; }

// "ok", or code and sentence.
std::string said(QueryKind kind, const std::string& body) {
  const auto read = read_query(kind, body);
  return read ? "ok" : read.error().code + ": " + read.error().message;
}

TEST(QueryBody, IsRead) {
  const auto read =
      read_query(QueryKind::kFind,
                 R"({"purpose":"registration","role":"clerk","ground":{"kind":"case","number":"C1",
          "provisional":true,"authorisation":"A1"},"types":["T1","T2"],
          "holder":{"name":"张三","codeType":"111","code":"110101199003071233"}})");
  ASSERT_TRUE(read.ok()) << read.error().message;
  const Query& query = read.value();
  EXPECT_EQ(query.purpose, "registration");
  EXPECT_EQ(query.role, "clerk");
  EXPECT_EQ(query.ground_kind, "case");
  EXPECT_EQ(query.ground, "C1");
  EXPECT_TRUE(query.provisional);
  EXPECT_EQ(query.authorisation, "A1");
  EXPECT_EQ(query.types, (std::vector<std::string>{"T1", "T2"}));
  EXPECT_EQ(query.holder, (QueriedHolder{"张三", "111", "110101199003071233"}));
}

TEST(QueryBody, HasWhatItsKindHas) {
  EXPECT_EQ(said(QueryKind::kFile, find_body(R"("identifier":"I1","original":true)")), "ok");
  EXPECT_EQ(said(QueryKind::kCompare, find_body(R"("number":"N1","printed":{"KZ_ZL":"x"})")), "ok");
  const auto file =
      read_query(QueryKind::kFile, find_body(R"("number":"N1","holder":{"code":"1"})"));
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(file.value().holder, (QueriedHolder{"", "", "1"}));
  EXPECT_EQ(said(QueryKind::kAvailability, find_body(R"("holder":{"code":"1"})")), "ok");
  EXPECT_EQ(said(QueryKind::kVerify, find_body(R"("file":"UEsDBA==")")), "ok");
  EXPECT_EQ(read_query(QueryKind::kVerify, find_body(R"("file":"UEsDBA==")")).value().file,
            "PK\x03\x04");
  const auto paper = read_paper_accepted(R"({"record":17,"type":"T1"})");
  ASSERT_TRUE(paper.ok());
  EXPECT_EQ(paper.value().record, 17u);
}

TEST(QueryBody, IsRefusedWithItsReason) {
  const std::vector<std::tuple<QueryKind, std::string, std::string>> cases{
      {QueryKind::kFind, "", "query.body: the body must be one JSON object"},
      {QueryKind::kFind, "[]", "query.body: the body must be one JSON object"},
      {QueryKind::kFind, find_body(R"("number":"N")") + "x",
       "query.body: the body must be one JSON object"},
      {QueryKind::kFind, find_body(R"("number":[[[[[1]]]]])"),
       "query.body: the body must be one JSON object"},
      {QueryKind::kFind, find_body(R"("number":"N","colour":"red")"),
       "query.member: there is no member `colour` here"},
      {QueryKind::kFind, find_body(R"("holder":{"code":"1","age":3})"),
       "query.member: there is no member `holder.age` here"},
      {QueryKind::kFind, find_body(R"("number":"N","file":"UEsDBA==")"),
       "query.member: there is no member `file` here"},
      {QueryKind::kFind, find_body(R"("number":"N","identifier":"I")"),
       "query.value: give exactly one of `holder`, `identifier`, `number`"},
      {QueryKind::kFind, find_body(R"("types":["T"])"),
       "query.value: give exactly one of `holder`, `identifier`, `number`"},
      {QueryKind::kFile, find_body(R"("holder":{"code":"1"})"),
       "query.value: give exactly one of `identifier` and `number`"},
      {QueryKind::kFile, find_body(R"("original":true)"),
       "query.value: give exactly one of `identifier` and `number`"},
      {QueryKind::kAvailability, find_body(R"("types":["T"])"), "query.value: `holder` is missing"},
      {QueryKind::kFind, find_body(R"("holder":{"name":"x"})"),
       "query.value: `holder.code` is missing"},
      {QueryKind::kFind, R"({"ground":{"kind":"case"},"number":"N"})",
       "query.value: `purpose` is missing"},
      {QueryKind::kFind, R"({"purpose":"p","number":"N"})", "query.value: `ground` is missing"},
      {QueryKind::kFind, R"({"purpose":"p","ground":"case","number":"N"})",
       "query.value: `ground` must be an object"},
      {QueryKind::kFind, find_body(R"("number":5)"), "query.value: `number` must be a text"},
      {QueryKind::kFind, find_body(R"("number":"")"),
       "query.value: `number` must have 1 to 1024 bytes"},
      {QueryKind::kFind, find_body("\"number\":\"" + std::string(1025, 'x') + "\""),
       "query.value: `number` must have 1 to 1024 bytes"},
      {QueryKind::kFind, find_body(R"("number":"\u0001")"),
       "query.value: `number` has characters that no text has"},
      {QueryKind::kFind, find_body(R"("number":"N","types":[])"),
       "query.value: `types` must be a list of 1 to 100 type codes"},
      {QueryKind::kFind, find_body(R"("number":"N","types":[1])"),
       "query.value: `types` must be a list of 1 to 100 type codes"},
      {QueryKind::kCompare, find_body(R"("number":"N","printed":{})"),
       "query.value: `printed` must have 1 to 100 fields"},
      {QueryKind::kCompare, find_body(R"("number":"N")"), "query.value: `printed` is missing"},
      {QueryKind::kVerify, find_body(R"("file":"UEsD=")"),
       "query.value: `file` must be a file of 1 byte to 20 MB in base64"},
  };
  for (const auto& [kind, body, expected] : cases) EXPECT_EQ(said(kind, body), expected) << body;
  for (const char* body :
       {R"({})", R"({"record":0})", R"({"record":"1"})", R"({"record":1,"x":1})"}) {
    EXPECT_FALSE(read_paper_accepted(body).ok()) << body;
  }
}

TEST(QueryBody, HasEachMemberOnce) {
  const std::string twice = "query.body: a member stands in the body twice; each may stand once";
  for (const std::string& body :
       {find_body(R"("number":"N","number":"M")"), find_body(R"("number":"N",)" + kGround),
        find_body(R"("number":"N","\u006eumber":"M")"),
        find_body(R"("holder":{"code":"1","code":"2"})"),
        find_body(R"("number":"N","printed":{"a":"1","a":"2"})")}) {
    EXPECT_EQ(said(QueryKind::kFind, body), twice) << body;
  }
  EXPECT_EQ(said(QueryKind::kFind, find_body(R"("number":"a\":\"b:c\\")")), "ok")
      << "colons and quotes in texts are no members";
  EXPECT_EQ(said(QueryKind::kFind, find_body(R"("number":[{"a":1}])")),
            "query.value: `number` must be a text");
  EXPECT_FALSE(read_paper_accepted(R"({"record":1,"record":2})").ok());
}

TEST(Base64, IsStrict) {
  EXPECT_EQ(decode_base64(""), "");
  EXPECT_EQ(decode_base64("QQ=="), "A");
  EXPECT_EQ(decode_base64("QUI="), "AB");
  EXPECT_EQ(decode_base64("QUJD"), "ABC");
  EXPECT_EQ(decode_base64("/+8="), "\xFF\xEF");
  for (const char* text :
       {"Q", "QQ", "QQ=", "QQ= ", "Q Q=", "QR==", "QUJ=", "Q===", "====", "-_8=", "QQ==QQ=="}) {
    EXPECT_FALSE(decode_base64(text)) << text;
  }
}

}  // namespace
}  // namespace certbridge::host
