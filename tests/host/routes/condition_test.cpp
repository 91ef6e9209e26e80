#include "routes/condition.h"

#include <gmock/gmock.h>

namespace certbridge::host {
namespace {

using testing::HasSubstr;

Message event() {
  Message message;
  message.type = "registration.event";
  message.area = "411302";
  message.media_type = "application/json";
  message.headers["event-type"] = "SHANZHENG";
  message.headers["quote"] = "it's";
  return message;
}

bool holds(const std::string& text) {
  auto condition = parse_condition({text, ConditionScope::kEnvelope, {}});
  EXPECT_TRUE(condition.ok()) << text << ": " << (condition ? "" : condition.error().message);
  if (!condition) return false;
  auto answer = condition.value()->holds(event(), "outbox");
  EXPECT_TRUE(answer.ok());
  return answer && answer.value();
}

TEST(EnvelopeCondition, ComparesEveryName) {
  EXPECT_TRUE(holds("type = 'registration.event'"));
  EXPECT_TRUE(holds("area = '411302'"));
  EXPECT_TRUE(holds("media-type = 'application/json'"));
  EXPECT_TRUE(holds("source = 'outbox'"));
  EXPECT_TRUE(holds("header.event-type = 'SHANZHENG'"));
  EXPECT_FALSE(holds("area = '411303'"));
  EXPECT_FALSE(holds("source = 'elsewhere'"));
}

TEST(EnvelopeCondition, AnEmptyTextAlwaysHolds) { EXPECT_TRUE(holds("")); }

TEST(EnvelopeCondition, AnAbsentHeaderIsAnEmptyText) {
  EXPECT_TRUE(holds("header.absent = ''"));
  EXPECT_FALSE(holds("header.absent = 'x'"));
}

TEST(EnvelopeCondition, ListsNegationAndUnequal) {
  EXPECT_TRUE(holds("area in ('411300', '411302')"));
  EXPECT_FALSE(holds("area in ('411300')"));
  EXPECT_TRUE(holds("area != '411300'"));
  EXPECT_FALSE(holds("not area = '411302'"));
  EXPECT_TRUE(holds("not not area = '411302'"));
}

TEST(EnvelopeCondition, AndBindsTighterThanOr) {
  EXPECT_TRUE(holds("area = '411302' or area = 'x' and type = 'x'"));
  EXPECT_FALSE(holds("(area = '411302' or area = 'x') and type = 'x'"));
}

TEST(EnvelopeCondition, ADoubledQuoteIsAQuote) { EXPECT_TRUE(holds("header.quote = 'it''s'")); }

TEST(EnvelopeCondition, NamesThatBeginWithAWordAreNames) {
  EXPECT_FALSE(holds("header.order = 'x' or header.android = 'y'"));
}

struct Refused {
  const char* text;
  const char* words;
};
class RefusedCondition : public testing::TestWithParam<Refused> {};

TEST_P(RefusedCondition, NamesTheCharacterAndWhatWasExpected) {
  auto condition = parse_condition({GetParam().text, ConditionScope::kEnvelope, {}});
  ASSERT_FALSE(condition.ok()) << GetParam().text;
  EXPECT_EQ(condition.error().code, "condition.syntax");
  EXPECT_THAT(condition.error().message, HasSubstr(GetParam().words));
}
INSTANTIATE_TEST_SUITE_P(
    Texts, RefusedCondition,
    testing::Values(Refused{"colour = 'red'", "character 1: expected type, area"},
                    Refused{"header. = 'x'", "character 1: expected type"},
                    Refused{"area ~ 'x'", "character 6: expected `=`"},
                    Refused{"area = x", "character 8: expected a text in single quotes"},
                    Refused{"area = 'x", "expected the closing quote"},
                    Refused{"area = 'x' area", "character 12: expected `and`"},
                    Refused{"area in 'x'", "expected `(`"},
                    Refused{"area in ('x'", "expected `,` or `)`"},
                    Refused{"(area = 'x'", "expected `)`"}, Refused{"not", "expected type"}));

TEST(EnvelopeCondition, DeepNestingIsRefused) {
  const std::string text = std::string(100, '(') + "area = 'x'" + std::string(100, ')');
  EXPECT_FALSE(parse_condition({text, ConditionScope::kEnvelope, {}}).ok());
}

constexpr const char* kBody =
    "<certificate xmlns=\"urn:certbridge:certificate:1\" kind=\"title\"><holders><holder/><holder/>"
    "</holders></certificate>";

Result<bool> on_certificate(const std::string& text, const std::string& body) {
  auto condition = parse_condition({text, ConditionScope::kCertificate, {}});
  if (!condition) return condition.error();
  Message message = event();
  message.media_type = "application/vnd.certbridge.certificate+xml";
  message.body = content_of(body);
  return condition.value()->holds(message, "outbox");
}

TEST(CertificateCondition, AsksTheDocument) {
  EXPECT_TRUE(on_certificate("count(//c:holder) = 2", kBody).value());
  EXPECT_FALSE(on_certificate("/c:certificate/@kind = 'proof'", kBody).value());
}

TEST(CertificateCondition, RefusesWhatIsNoXPath) {
  EXPECT_EQ(on_certificate("count((", kBody).error().code, "condition.syntax");
}

TEST(CertificateCondition, RefusesAMessageWithoutCertificate) {
  auto condition = parse_condition({"true()", ConditionScope::kCertificate, {}});
  ASSERT_TRUE(condition.ok());
  EXPECT_EQ(condition.value()->holds(event(), "x").error().code, "condition.no_certificate");
  EXPECT_EQ(on_certificate("true()", "<broken").error().code, "condition.no_certificate");
}

TEST(CertificateCondition, StopsAtTheOperationLimit) {
  std::string body = "<certificate xmlns=\"urn:certbridge:certificate:1\">";
  for (int i = 0; i < 400; ++i) body += "<a/>";
  body += "</certificate>";
  EXPECT_EQ(on_certificate("count(//c:a[count(//c:a) > count(//c:a[count(//c:a)])]) = 0", body)
                .error()
                .code,
            "condition.too_costly");
}

}  // namespace
}  // namespace certbridge::host
