// Dialect files that are wrong, result code tables, and answers that nobody should send.
#include "dialect.h"

#include <gtest/gtest.h>

#include <random>

#include "answer.h"
#include "caller.h"
#include "charset.h"
#include "dialect_files.h"
#include "token.h"

namespace certbridge::municipal_library {
namespace {

using namespace std::chrono_literals;

TEST(DialectFile, ErrorsNameThePlace) {
  struct Case {
    const char* from;
    const char* to;
    const char* names;
  };
  for (const Case& c : {
           Case{"urn:certbridge:dialect:1", "urn:certbridge:dialect:2", "root element"},
           Case{"charset=\"UTF-8\"", "charset=\"EBCDIC\"", "charset"},
           Case{"<token ", "<tokken ", "not known"},
           Case{"margin=\"5m\"", "margin=\"soon\"", "margin"},
           Case{"from=\"case-no\"", "from=\"case-number\"", "case-number"},
           Case{"from=\"carried.certrowguid\"", "from=\"carried.other\"", "other"},
           Case{"from=\"issued-on\" form=\"yyyy-MM-dd HH:mm:ss\"", "from=\"issued-on\"", "form"},
           Case{"from=\"status.word\"", "", "from or text"},
           Case{"from=\"status.reason\"", "from=\"holder.name\"", "holder.name"},
           Case{"<word from=\"lost\" to=\"挂失\" reason=\"遗失\"/>", "", "no word for \"lost\""},
           Case{"from=\"suspended\" unsent=\"yes\"", "from=\"suspended\"", "unsent"},
           Case{"from=\"suspended\" unsent=\"yes\"", "from=\"issued\" to=\"x\"", "issued"},
           Case{"as=\"json-text\"", "as=\"yaml\"", "as"},
           Case{"class=\"throttle\"", "class=\"slow\"", "class"},
           Case{"value=\"3001\"", "value=\"3000\"", "twice"},
           Case{"issue=\"in-progress\"", "issue=\"maybe\"", "issue"},
           Case{"expected=\"24h\"", "expected=\"24\"", "expected"},
           Case{" separator=\"^\"", "", "separator"},
           Case{"<books kind=\"list\"", "<books kind=\"all\"", "kind"},
           Case{"most=\"500\"", "most=\"5000\"", "most"},
           Case{"from=\"books.day\"", "from=\"books.month\"", "books.month"},
           Case{"from=\"books.page\"", "from=\"number\"", "\"number\""},
           Case{"number=\"certno\" type-code=", "type-code=", "number"},
           Case{"name=\"bizno\" from=\"case-no\"", "name=\"bizno\" from=\"books.page\"",
                "books.page"},
           Case{"name=\"bizno\" from=\"case-no\"", "name=\"bizno\" from=\"asked.item\"",
                "asked.item"},
           Case{"from=\"asked.holder.code\"", "from=\"number\"", "\"number\""},
           Case{"from=\"asked.holder.code\"", "from=\"asked.holder.age\"", "asked.holder.age"},
           Case{"from=\"asked.holder.code\"", "from=\"file.digest\"", "file.digest"},
           Case{"<find by=\"holder\"", "<find by=\"name\"", "by"},
           Case{"<find by=\"identifier\"", "<find by=\"number\"", "one call"},
           Case{"<found list=\"certinfo\"", "<found", "list"},
           Case{"content=\"content\" kind=\"contenttype\"", "content=\"content\"", "kind"},
           Case{"<verify result=\"verifyresult\"", "<verify", "result"},
           Case{"means=\"genuine\"", "means=\"good\"", "means"},
           Case{"<verdict value=\"0\"", "<verdict value=\"1\"", "twice"},
           Case{"<ask>", "<ask><field name=\"x\" text=\"y\"/>", "not known"},
       }) {
    std::string xml = shipped_dialect_text("epoint");
    const auto at = xml.find(c.from);
    ASSERT_NE(at, std::string::npos) << c.from;
    xml.replace(at, std::string(c.from).size(), c.to);
    const auto dialect = parse_dialect(xml, "mine.xml");
    ASSERT_FALSE(dialect.ok()) << c.to;
    EXPECT_EQ(dialect.error().code, "dialect.shape") << c.to;
    EXPECT_TRUE(dialect.error().message.starts_with("mine.xml:")) << dialect.error().message;
    EXPECT_NE(dialect.error().message.find(c.names), std::string::npos) << dialect.error().message;
  }
  EXPECT_EQ(parse_dialect("<dialect", "x").error().code, "xml.malformed");
  EXPECT_EQ(parse_dialect("<dialect", "x").error().severity, Severity::kFault);
}

TEST(DialectFile, WhatIsListedOnlyIsAskedForByIdentifier) {
  std::string xml = shipped_dialect_text("linewell");
  const auto begin = xml.find("<find by=\"identifier\">");
  const std::string end = "</find>";
  xml.erase(begin, xml.find(end, begin) + end.size() - begin);
  const auto dialect = parse_dialect(xml, "mine.xml");
  ASSERT_FALSE(dialect.ok());
  EXPECT_NE(dialect.error().message.find("by identifier"), std::string::npos);
}

TEST(DialectFile, FieldsOfAField) {
  const auto with = [](const std::string& to) {
    std::string xml = shipped_dialect_text("epoint");
    const std::string from = "<field name=\"useitem\" from=\"asked.item\" empty=\"无\"/>";
    xml.replace(xml.find(from), from.size(), to);
    const auto dialect = parse_dialect(xml, "mine.xml");
    return dialect ? std::string() : dialect.error().message;
  };
  const std::string part = "<field name=\"b\" from=\"asked.item\"/>";
  EXPECT_EQ(with("<field name=\"a\" as=\"object\">" + part + "</field>"), "");
  EXPECT_EQ(with("<field name=\"a\" as=\"json-text\">" + part + "</field>"), "");
  EXPECT_NE(with("<field name=\"a\">" + part + "</field>").find("object"), std::string::npos);
  EXPECT_NE(with("<field name=\"a\" as=\"object\" text=\"x\">" + part + "</field>"), "");
  EXPECT_NE(with("<field name=\"a\" as=\"object\"><field name=\"b\" from=\"number\"/></field>"),
            "");
  EXPECT_NE(with("<field name=\"a\" as=\"object\"><field name=\"b\" as=\"object\">" + part +
                 "</field></field>"),
            "");
}

TEST(ResultCodes, Tables) {
  const Dialect epoint = shipped_dialect("epoint");
  EXPECT_EQ(epoint.class_of("save", "0000"), AnswerClass::kOk);
  EXPECT_EQ(epoint.class_of("publish", "0001"), AnswerClass::kReceived);
  EXPECT_EQ(epoint.class_of("save", "1002"), AnswerClass::kAuthentication);
  EXPECT_EQ(epoint.class_of("save", "2006"), AnswerClass::kDuplicate);
  EXPECT_EQ(epoint.class_of("save", "2007"), AnswerClass::kBadRequest);
  EXPECT_EQ(epoint.class_of("save", "2009"), AnswerClass::kTypeUnregistered);
  EXPECT_EQ(epoint.class_of("save", "2011"), AnswerClass::kNotFound);
  EXPECT_EQ(epoint.class_of("save", "3000"), AnswerClass::kTransient);
  EXPECT_EQ(epoint.class_of("save", "0"), AnswerClass::kUnknown);
  const Dialect linewell = shipped_dialect("linewell");
  EXPECT_EQ(linewell.class_of("collect", "0"), AnswerClass::kOk);
  EXPECT_EQ(linewell.class_of("collect", "6"), AnswerClass::kDuplicate);
  EXPECT_EQ(linewell.class_of("collect", "7"), AnswerClass::kDuplicate);
  EXPECT_EQ(linewell.class_of("collect", "11"), AnswerClass::kAuthentication);
  EXPECT_EQ(linewell.class_of("collect", "12"), AnswerClass::kBadRequest);
  EXPECT_EQ(linewell.class_of("collect", "16"), AnswerClass::kThrottle);
  EXPECT_EQ(linewell.class_of("collect", "17"), AnswerClass::kThrottle);
  EXPECT_EQ(linewell.class_of("collect", "21"), AnswerClass::kStateConflict);
  EXPECT_EQ(linewell.class_of("change", "21"), AnswerClass::kDuplicate);
  EXPECT_EQ(linewell.class_of("collect", "100"), AnswerClass::kPermission);
  EXPECT_EQ(linewell.class_of("collect", "0000"), AnswerClass::kUnknown);
}

TEST(ResultCodes, EachClassHasItsError) {
  const auto code = [](AnswerClass meaning) {
    return error_of(meaning, "save", "9", "words").code;
  };
  EXPECT_EQ(code(AnswerClass::kAuthentication), "municipal.authentication");
  EXPECT_EQ(code(AnswerClass::kPermission), "municipal.permission");
  EXPECT_EQ(code(AnswerClass::kBadRequest), "municipal.refused");
  EXPECT_EQ(code(AnswerClass::kTypeUnregistered), "municipal.type_unregistered");
  EXPECT_EQ(code(AnswerClass::kStateConflict), "municipal.state_conflict");
  EXPECT_EQ(code(AnswerClass::kThrottle), "municipal.throttled");
  EXPECT_EQ(code(AnswerClass::kTransient), "municipal.busy");
  EXPECT_EQ(code(AnswerClass::kUnknown), "municipal.unknown_code");
  EXPECT_EQ(error_of(AnswerClass::kUnknown, "save", "9", "").severity, Severity::kPermanent);
}

TEST(Words, AreShortAndHoldNoNumbersOfPersons) {
  EXPECT_EQ(scrub("证照 11010519491231002X 已存在"), "证照 …X 已存在");
  EXPECT_EQ(scrub("code 12345 stays, １２３４５６ goes"), "code 12345 stays, … goes");
  EXPECT_EQ(scrub("a\nb\x01"), "a b ");
  EXPECT_EQ(scrub("\xff"), "(not readable)");
  EXPECT_LE(scrub(std::string(5000, 'x')).size(), 130u);
}

std::string envelope(const std::string& data) {
  return R"({"custom":)" + data + R"(,"status":{"code":"1"}})";
}

TEST(Answers, AreReadWithPatience) {
  const Dialect dialect = shipped_dialect("epoint");
  const auto list_size = [&](const std::string& list) {
    return Answer::parse(envelope(R"({"code":"0000","certinfo":)" + list + "}"), dialect)
        .value()
        .list("certinfo")
        .size();
  };
  EXPECT_EQ(list_size(R"("")"), 0u);
  EXPECT_EQ(list_size("null"), 0u);
  EXPECT_EQ(list_size("[]"), 0u);
  EXPECT_EQ(list_size("{}"), 0u);
  EXPECT_EQ(list_size("7"), 0u);
  EXPECT_EQ(list_size("[1,null,\"x\",[]]"), 0u);
  EXPECT_EQ(list_size(R"({"a":"b"})"), 1u);
  EXPECT_EQ(list_size(R"([{"a":"b"},{"a":1}])"), 2u);
  EXPECT_EQ(list_size(R"("[{\"a\":\"b\"}]")"), 1u) << "a list as text";
  const auto number = Answer::parse(envelope(R"({"code":7,"x":12,"y":1.5,"z":""})"), dialect);
  ASSERT_TRUE(number.ok());
  EXPECT_EQ(number.value().code(), "7");
  EXPECT_EQ(number.value().field("x"), "12");
  EXPECT_FALSE(number.value().field("y").has_value());
  EXPECT_FALSE(number.value().field("z").has_value());
  EXPECT_FALSE(number.value().field("x/y/z").has_value());
  const auto folded = Answer::parse(R"({"head":{"status":"0"},"data":"{\"licenseId\":\"l\"}"})",
                                    shipped_dialect("linewell"));
  EXPECT_EQ(folded.value().field("licenseId"), "l");
}

TEST(Answers, GarbledOnesAreRetryable) {
  const Dialect dialect = shipped_dialect("epoint");
  for (const std::string& body :
       {std::string(), std::string("<html>"), std::string("{"), std::string("[]"),
        std::string("{}"), std::string(R"({"custom":{"code":null}})"),
        std::string(R"({"custom":{"code":""}})"), std::string(R"({"custom":{"code":[]}})"),
        std::string(R"({"custom":"0000"})"), std::string("{\"custom\":{\"code\":\"\xd6\xd0\"}}"),
        envelope(R"({"code":"0000"})") + "x",
        std::string(R"({"custom":)") + std::string(5000, '[') + std::string(5000, ']') + "}"}) {
    const auto answer = Answer::parse(body, dialect);
    ASSERT_FALSE(answer.ok()) << body.substr(0, 60);
    EXPECT_EQ(answer.error().code, "municipal.garbled");
    EXPECT_EQ(answer.error().severity, Severity::kRetryable);
  }
}

// Right answers with bytes changed, cut, doubled and swapped: values or an error, never anything
// else.
TEST(Answers, SurviveChangedBytes) {
  std::mt19937 random(20261124);
  const auto any = [&](std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most)(random);
  };
  const std::string plain =
      R"({"head":{"status":"0","message":"成功"},"data":{"certData":[{"certificateIdentifier":"1.2","state":"12","n":[1,{"a":"\u4e2d\ud842\udfb7"}]}],"licenseId":"x"}})";
  for (const char* name : {"epoint", "linewell"}) {
    const Dialect dialect = shipped_dialect(name);
    const std::string right = from_utf8(plain, dialect.charset).value();
    std::size_t read = 0;
    for (int round = 0; round < 20'000; ++round) {
      std::string body = right;
      for (std::size_t change = any(4); change > 0 && !body.empty(); --change) {
        const std::size_t at = any(body.size() - 1);
        switch (any(3)) {
          case 0:
            body[at] = static_cast<char>(any(255));
            break;
          case 1:
            body.erase(at, any(8));
            break;
          case 2:
            body.insert(at, body.substr(any(body.size() - 1), any(16)));
            break;
          default:
            body.resize(at);
            break;
        }
      }
      const auto answer = Answer::parse(body, dialect);
      if (!answer) continue;
      ++read;
      EXPECT_LE(answer.value().list("certData").size(), 1000u);
      EXPECT_LE(answer.value().words().size(), 600u);
    }
    EXPECT_EQ(read > 1000, std::string(name) == "linewell") << read;  // the sample has its envelope
  }
}

TEST(Tokens, OneFetchesAndIsEarly) {
  auto now = std::chrono::steady_clock::now();
  TokenCache tokens(5min, [&] { return now; });
  int fetched = 0;
  const TokenCache::Fetch fetch = [&]() -> Result<Token> {
    return Token{"t" + std::to_string(++fetched), now + 30min};
  };
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  EXPECT_EQ(tokens.get(fetch, deadline).value(), "t1");
  now += 24min;
  EXPECT_EQ(tokens.get(fetch, deadline).value(), "t1");
  now += 2min;
  EXPECT_EQ(tokens.get(fetch, deadline).value(), "t2");
  tokens.refuse("t1");
  EXPECT_EQ(tokens.get(fetch, deadline).value(), "t2")
      << "an old refusal is no reason to fetch again";
  tokens.refuse("t2");
  EXPECT_EQ(tokens.get(fetch, deadline).value(), "t3");
  TokenCache broken(5min, [&] { return now; });
  const TokenCache::Fetch fails = []() -> Result<Token> {
    return Error::retryable("municipal.busy", "no");
  };
  EXPECT_EQ(broken.get(fails, deadline).error().code, "municipal.busy");
  EXPECT_EQ(broken.get(fetch, deadline).value(), "t4");
}

}  // namespace
}  // namespace certbridge::municipal_library
