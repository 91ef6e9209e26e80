// What a library's answers to questions mean: members, fields, dates, states.
#include "found.h"

#include <gtest/gtest.h>

#include "charset.h"
#include "dialect_files.h"

namespace certbridge::municipal_library {
namespace {

Result<std::vector<FoundCertificate>> found_in(const std::string& dialect,
                                               const std::string& body) {
  const Dialect read = shipped_dialect(dialect);
  auto answer = Answer::parse(body, read);
  if (!answer) return answer.error();
  return read_found(read, answer.value());
}
std::string linewell(const std::string& data) {
  return from_utf8(R"({"head":{"status":"0","message":"ok"},"data":)" + data + "}",
                   Charset::kGb18030)
      .value();
}
const std::string kEntry =
    R"({"certificateIdentifier":"1.2.156.3005.2.x","certificateNumber":"A-1"})";

TEST(FoundCertificates, ACertificateOfAnotherAuthority) {
  const auto found = found_in("epoint", R"({"custom":{"code":"0000","text":"ok","certinfo":[{
    "certificateidentifier":"1.2.156.3005.2.T.I.1.001.X","certno":"N-1","tycertcatcode":"T",
    "certname":"营业执照","version":2,"certownername":"某公司^王某","certownerno":"91Y^4113","certownertype":"2^1",
    "certawarddept":"某局","certawarddeptcode":"I","awarddate":"2024-02-29 00:00:00",
    "expiredatefrom":"2024-03-01","expiredateto":"9999-12-30 00:00:00","status":"挂失","ishistory":"0",
    "fileguid":"f-1","areacode":"411300000000","sharing":null,"scale":80.5,"sealed":true,"count":18446744073709551615,
    "certinfoextension":"{\"经营范围\":\"房地产开发\\n物业\",\"nested\":{\"a\":[\"x\",{\"b\":1}]},\"empty\":\"\"}"}]}})");
  ASSERT_TRUE(found.ok()) << found.error().message;
  ASSERT_EQ(found.value().size(), 1U);
  const FoundCertificate& it = found.value()[0];
  EXPECT_EQ(it.identifier, "1.2.156.3005.2.T.I.1.001.X");
  EXPECT_EQ(it.number, "N-1");
  EXPECT_EQ(it.type_code, "T");
  EXPECT_EQ(it.type_name, "营业执照");
  EXPECT_EQ(it.version, "2");
  EXPECT_EQ(it.holders,
            (std::vector<QueriedHolder>{{"某公司", "001", "91Y"}, {"王某", "111", "4113"}}));
  EXPECT_EQ(it.issuer_name, "某局");
  EXPECT_EQ(it.issued_on, "2024-02-29");
  EXPECT_EQ(it.effective_from, "2024-03-01");
  EXPECT_EQ(it.expires_on, "");
  EXPECT_EQ(it.status, "lost");
  EXPECT_EQ(it.said, "挂失");
  EXPECT_EQ(it.file, "f-1");
  EXPECT_EQ(it.fields, (std::vector<FoundCertificate::Field>{{"areacode", "411300000000"},
                                                             {"scale", "80.5"},
                                                             {"sealed", "true"},
                                                             {"count", "18446744073709551615"},
                                                             {"经营范围", "房地产开发\n物业"},
                                                             {"nested/a/1", "x"},
                                                             {"nested/a/2/b", "1"}}));
}

TEST(FoundCertificates, NamesOfHoldersAreNeverGivenToOthers) {
  const auto read = [](const std::string& names, const std::string& codes) {
    const auto found =
        found_in("linewell", linewell(R"([{"certificateIdentifier":"1","certificateHolderName":")" +
                                      names + R"(","certificateHolderCode":")" + codes + "\"}]"));
    return found.value().at(0);
  };
  EXPECT_EQ(read("王某,李某", "1,2").holders,
            (std::vector<QueriedHolder>{{"王某", "", "1"}, {"李某", "", "2"}}));
  EXPECT_EQ(read("Smith, J", "1").holders, (std::vector<QueriedHolder>{{"Smith, J", "", "1"}}));
  EXPECT_EQ(read("王某,李某", "").holders,
            (std::vector<QueriedHolder>{{"王某", "", ""}, {"李某", "", ""}}));
  const FoundCertificate odd = read("Smith, J,王某", "1,2");
  EXPECT_EQ(odd.holders, (std::vector<QueriedHolder>{{"", "", "1"}, {"", "", "2"}}));
  EXPECT_EQ(odd.fields,
            (std::vector<FoundCertificate::Field>{{"certificateHolderName", "Smith, J,王某"}}));
  EXPECT_TRUE(read("", "").holders.empty());
}

TEST(FoundCertificates, DataOfAnyShape) {
  const auto count = [](const std::string& data) {
    const auto found = found_in("linewell", linewell(data));
    return found ? static_cast<int>(found.value().size()) : -1;
  };
  for (const char* empty :
       {"\"\"", "null", "[]", "{}", "7", "true", "\"none\"", R"({"certData":""})",
        R"({"certData":null})", R"({"certData":[]})", R"({"certData":{}})", "[[],1,null,\"x\"]"}) {
    EXPECT_EQ(count(empty), 0) << empty;
  }
  EXPECT_EQ(count(R"({"certData":[)" + kEntry + "," + kEntry + "]}"), 2);
  EXPECT_EQ(count(R"({"certData":)" + kEntry + "}"), 1) << "one object";
  EXPECT_EQ(count(kEntry), 1) << "the data are the certificate";
  EXPECT_EQ(count("[" + kEntry + "]"), 1) << "the data are the list";
  EXPECT_EQ(count(R"("{\"certData\":[{\"certificateIdentifier\":\"1\"}]}")"), 1)
      << "a text of JSON";
  EXPECT_EQ(count(R"("[{\"certificateIdentifier\":\"1\"}]")"), 1);
  EXPECT_EQ(count(R"({"certData":"[{\"certificateIdentifier\":\"1\"}]"})"), 1);
  EXPECT_EQ(count(R"(["{\"certificateIdentifier\":\"1\"}"])"), 1);
}

TEST(FoundCertificates, CodeAndWordsOfTheEnvelopeAreNoCertificate) {
  const auto found = found_in(
      "epoint",
      R"({"custom":{"code":"0000","text":"ok","certificateidentifier":"1","certinfo":""}})");
  ASSERT_TRUE(found.ok());
  EXPECT_TRUE(found.value().empty());
}

TEST(FoundCertificates, WhatIsTooMuchIsSaid) {
  const auto code = [](const std::string& data) {
    const auto found = found_in("linewell", linewell(data));
    return found ? std::string() : found.error().code;
  };
  std::string many = kEntry;
  for (std::size_t i = 1; i < kMostFound; ++i) many += "," + kEntry;
  EXPECT_EQ(code("[" + many + "]"), "");
  EXPECT_EQ(code("[" + many + "," + kEntry + "]"), "municipal.too_much");
  std::string fields;
  for (std::size_t i = 0; i < kMostFoundFields; ++i)
    fields += R"(,"f)" + std::to_string(i) + R"(":"x")";
  const std::string begin = R"({"certificateIdentifier":"1")";
  EXPECT_EQ(code("[" + begin + fields + "}]"), "");
  EXPECT_EQ(code("[" + begin + fields + R"(,"g":"x"}])"), "municipal.too_much");
  std::string members;
  for (int i = 0; i < 600; ++i) members += R"(,"f)" + std::to_string(i) + R"(":"x")";
  EXPECT_EQ(code("[" + begin + members + "}]"), "municipal.too_much");
  const std::string long_text = R"(,"f":")" + std::string(200'000, 'x') + "\"}";
  std::string heavy = begin + long_text;
  for (int i = 0; i < 50; ++i) heavy += "," + begin + long_text;
  EXPECT_EQ(code("[" + heavy + "]"), "municipal.too_much");
}

TEST(FoundCertificates, WhatIsNestedDeeplyStaysJson) {
  const auto found = found_in(
      "linewell",
      linewell(R"([{"certificateIdentifier":"1","a":{"b":{"c":{"d":{"e":{"f":1}}}}},"g":{}}])"));
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(found.value()[0].fields,
            (std::vector<FoundCertificate::Field>{{"a/b/c/d/e", R"({"f":1})"}}));
}

TEST(FoundCertificates, PortraitsAreLeftOut) {
  const auto found =
      found_in("linewell", linewell(R"({"certificateIdentifier":"1","a":"x","photo":")" +
                                    std::string(5000, 'A') + R"(","b":"y"})"));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found.value()[0].fields,
            (std::vector<FoundCertificate::Field>{{"a", "x"}, {"b", "y"}}));
}

TEST(FoundCertificates, EntriesThatCannotBeAreGarbled) {
  for (const std::string& entry :
       {std::string(R"({"state":"11"})"), std::string(R"({"certificateIdentifier":{"a":1}})"),
        R"({"certificateIdentifier":"1","certificateTypeName":")" + std::string(5000, 'x') +
            "\"}"}) {
    const auto found = found_in("linewell", linewell("[" + entry + "]"));
    ASSERT_FALSE(found.ok()) << entry.substr(0, 60);
    EXPECT_EQ(found.error().code, "municipal.garbled");
  }
}

TEST(FoundCertificates, TextsThatXmlCannotCarryAreCleaned) {
  const auto found = found_in(
      "linewell", linewell(R"([{"certificateIdentifier":"1\u0001","f\u0002":"a\u0000b\uffff"}])"));
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(found.value()[0].identifier, "1 ");
  const auto again = parse_find_answer(write_find_answer({found.value(), {}}));
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again.value().found, found.value());
}

TEST(FoundDates, OfAnyUsualForm) {
  for (const char* text : {"2026-06-01", "20260601", "2026/6/1", "2026.06.01", "2026年6月1日",
                           "2026-06-01 12:13:14", "20260601121314", "2026-06-01T00:00:00+08:00"}) {
    EXPECT_EQ(day_of(text), "2026-06-01") << text;
  }
  for (const char* text :
       {"", "长期", "2026", "2026-13-01", "2026-02-30", "1899-01-01", "3000-01-01", "202606011",
        "0001-01-01", "26-06-01", "2026-06", "N-20260601", "2026年"}) {
    EXPECT_EQ(day_of(text), "") << text;
  }
}

TEST(FoundDates, WhatIsNoDateStaysAField) {
  const auto found = found_in(
      "linewell", linewell(R"([{"certificateIdentifier":"1","certificateExpiringDate":"至2030年",
    "certificateIssuedDate":"20260601"}])"));
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(found.value()[0].expires_on, "");
  EXPECT_EQ(found.value()[0].fields,
            (std::vector<FoundCertificate::Field>{{"certificateExpiringDate", "至2030年"}}));
}

TEST(FoundStates, AreOneWordOfOurs) {
  const Dialect epoint = shipped_dialect("epoint");
  EXPECT_EQ(status_of(epoint, "正常", false), "valid");
  EXPECT_EQ(status_of(epoint, "注销", false), "cancelled");
  EXPECT_EQ(status_of(epoint, "挂失", false), "lost");
  EXPECT_EQ(status_of(epoint, "正常", true), "cancelled") << "a later version took its place";
  EXPECT_EQ(status_of(epoint, "处理中", false), "");
  EXPECT_EQ(status_of(epoint, "冻结", false), "");
  EXPECT_EQ(status_of(epoint, "", false), "");
  const Dialect linewell = shipped_dialect("linewell");
  const std::pair<const char*, const char*> words[] = {
      {"11", "valid"},     {"12", "lost"},      {"13", "suspended"}, {"-4", "expired"},
      {"-3", "cancelled"}, {"-8", "abolished"}, {"-5", "voided"},    {"-2", "cancelled"},
      {"0", ""},           {"77", ""}};
  for (const auto& [said, word] : words) EXPECT_EQ(status_of(linewell, said, false), word) << said;
}

}  // namespace
}  // namespace certbridge::municipal_library
