// Golden requests of both dialects, and what cannot be written.
#include <gtest/gtest.h>

#include "certbridge_sm/base64.h"
#include "certbridge_sm/sm3.h"
#include "certbridge_sm/sm4.h"
#include "charset.h"
#include "dialect_files.h"
#include "library_fixture.h"
#include "request_body.h"

namespace certbridge::municipal_library {
namespace {

using namespace std::chrono_literals;

const RemoteCall& call_named(const std::vector<RemoteCall>& calls, const std::string& name) {
  for (const RemoteCall& call : calls) {
    if (call.name == name) return call;
  }
  ADD_FAILURE() << name;
  return calls.front();
}

const Caller kCaller{"app-1", "token-1",
                     std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 20h + 5s};
const std::string kIv = "0123456789abcdef";
const std::string kCipherKey = "fedcba9876543210";

std::string fixed_bytes(std::size_t count) { return kIv.substr(0, count); }

Keys test_keys() {
  Keys keys;
  keys.signing_key = sm::PrivateKey::generate().value();
  keys.cipher_key = kCipherKey;
  return keys;
}

Result<std::string> body_of(const Dialect& dialect, const RemoteCall& call,
                            const Subject& subject) {
  return write_body(dialect, call, subject, kCaller, test_keys(), &fixed_bytes);
}

Subject subject_of(const Certificate& certificate) {
  Subject subject;
  subject.certificate = &certificate;
  subject.type_name = kTitleName;
  subject.file_name = "c.ofd";
  subject.file_digest = std::string(64, 'a');
  subject.file_bytes = "PK!";
  return subject;
}

Subject told_of(const LifeRecord& life, const Dialect& dialect) {
  Subject subject;
  subject.life = &life;
  subject.status_word = dialect.words.at(life.word).to;
  subject.status_reason = "退件";
  subject.status_when = kCaller.now;
  return subject;
}

TEST(EpointRequest, Attach) {
  const Dialect dialect = shipped_dialect("epoint");
  const Certificate certificate = certificate_of("0000001", 1);
  EXPECT_EQ(body_of(dialect, call_named(dialect.issue, "attach"), subject_of(certificate)).value(),
            R"({"params":{"filename":"c.ofd","filesize":3,"sm3":")" + std::string(64, 'a') +
                R"(","content":"UEsh"}})");
}

TEST(EpointRequest, Save) {
  const Dialect dialect = shipped_dialect("epoint");
  Certificate certificate = certificate_of("0000001", 2);
  certificate.effective_from = std::chrono::year(2026) / 6 / 1;
  Subject subject = subject_of(certificate);
  subject.carried["attachguid"] = "guid-1";
  EXPECT_EQ(
      body_of(dialect, call_named(dialect.issue, "save"), subject).value(),
      R"({"params":{"certificateidentifier":")" + certificate.identifier.text() +
          R"(","tycertcatcode":"11100000MB03271699001","certname":"中华人民共和国不动产权证书",)"
          R"("certno":"豫（2026）南阳市不动产权第0000001号","certownername":"𠮷某^南阳某有限公司^Smith J",)"
          R"("certownerno":"11010519491231002X^11411300MB1T000091^P0000001","certownertype":"1^2^99",)"
          R"("certawarddept":"南阳市自然资源和规划局","certawarddeptcode":"11411300MB1T000091",)"
          R"("awarddate":"2026-06-01 00:00:00","expiredatefrom":"2026-06-01 00:00:00",)"
          R"("expiredateto":"9999-12-30 00:00:00","areacode":"411300000000","version":2,)"
          R"("certinfoextension":"{\"KZ_ZL\":\"南阳市某路1号\",\"KZ_QLQTZK\":\"建筑面积80㎡\\n\\\"分摊\\\"20㎡\",)"
          R"(\"KZ_BDCDYH\":\"411302001001GB00001F00010001\"}","attachguid":"guid-1","bizno":"20260601-0001"}})");
}

// A type that the catalogue knows needs no line in any dialect.
TEST(EpointRequest, TheCatalogueNamesTheTypeAndADialectMayNameItOtherwise) {
  Dialect dialect = shipped_dialect("epoint");
  const Certificate certificate = certificate_of("0000001", 1);
  Subject subject = subject_of(certificate);
  subject.carried["attachguid"] = "guid-1";
  const auto save = [&] { return body_of(dialect, call_named(dialect.issue, "save"), subject); };
  subject.type_name = "林权证";
  EXPECT_NE(save().value().find(R"("certname":"林权证")"), std::string::npos);
  dialect.type_names[kTitleTypeCode] = "不动产权证";
  EXPECT_NE(save().value().find(R"("certname":"不动产权证")"), std::string::npos);
  dialect.type_names.clear();
  subject.type_name.clear();
  ASSERT_FALSE(save().ok());
  EXPECT_EQ(save().error().code, "municipal.type_unknown");
}

TEST(EpointRequest, NeedsWhatAnEarlierCallAnswered) {
  const Dialect dialect = shipped_dialect("epoint");
  const Certificate certificate = certificate_of("0000001", 1);
  const auto body = body_of(dialect, call_named(dialect.issue, "publish"), subject_of(certificate));
  ASSERT_FALSE(body.ok());
  EXPECT_EQ(body.error().code, "municipal.missing_value");
}

TEST(EpointRequest, Status) {
  const Dialect dialect = shipped_dialect("epoint");
  const Certificate certificate = certificate_of("0000001", 1);
  const LifeRecord life = life_of(certificate, "voided");
  EXPECT_EQ(body_of(dialect, dialect.status.front(), told_of(life, dialect)).value(),
            R"({"params":{"certificateidentifier":")" + certificate.identifier.text() +
                R"(","status":"注销","reason":"退件","changedate":"2026-11-24 04:00:05"}})");
  Subject lost = told_of(life, dialect);
  lost.status_word = dialect.words.at("lost").to;
  lost.status_related = "1.2.3";
  EXPECT_EQ(body_of(dialect, dialect.status.front(), lost).value(),
            R"({"params":{"certificateidentifier":")" + certificate.identifier.text() +
                R"(","status":"挂失","reason":"退件","changedate":"2026-11-24 04:00:05",)"
                R"("relatedidentifier":"1.2.3"}})");
}

struct Opened {
  std::string timestamp{};
  std::string sign{};
  std::string data{};   // hexadecimal, as sent
  std::string plain{};  // UTF-8
};

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const auto begin = text.find(before);
  if (begin == std::string::npos) return {};
  const auto end = text.find(after, begin + before.size());
  return text.substr(begin + before.size(), end - begin - before.size());
}

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

Opened open(const std::string& body) {
  Opened opened;
  opened.timestamp = between(body, R"("timestamp":")", "\"");
  opened.sign = between(body, R"("sign":")", "\"");
  opened.data = between(body, R"("data":")", "\"");
  const std::string secret = from_hex(opened.data);
  const auto plain = sm::sm4_cbc_decrypt(kCipherKey, secret.substr(0, 16), secret.substr(16));
  EXPECT_TRUE(plain.ok());
  opened.plain = to_utf8(plain.value(), Charset::kGb18030).value_or("");
  return opened;
}

TEST(LinewellRequest, CollectIsSignedAndEncrypted) {
  const Dialect dialect = shipped_dialect("linewell");
  Certificate certificate = certificate_of("0000001", 1);
  certificate.expires_on = std::chrono::year(2090) / 5 / 31;
  const Keys keys = test_keys();
  const auto body = write_body(dialect, dialect.issue.front(), subject_of(certificate), kCaller,
                               keys, &fixed_bytes);
  ASSERT_TRUE(body.ok()) << body.error().message;
  EXPECT_TRUE(body.value().starts_with(
      R"({"head":{"accessId":"app-1","accessToken":"token-1","timestamp":"20261124040005","sign":")"));
  const Opened opened = open(body.value());
  EXPECT_EQ(from_hex(opened.data.substr(0, 32)), kIv);
  EXPECT_EQ(opened.data.find_first_not_of("0123456789abcdef"), std::string::npos);
  const auto raw = sm::base64_decode(opened.sign);
  ASSERT_TRUE(raw.has_value());
  ASSERT_EQ(raw->size(), 64u);
  EXPECT_TRUE(sm::sm2_verify(keys.signing_key->public_key(), "app-1",
                             opened.timestamp + opened.data, sm::der_from_raw(*raw).value()));
  EXPECT_FALSE(sm::sm2_verify(keys.signing_key->public_key(), sm::kDefaultSignerId,
                              opened.timestamp + opened.data, sm::der_from_raw(*raw).value()));
  EXPECT_EQ(
      opened.plain,
      R"({"certificateIdentifier":")" + certificate.identifier.text() +
          R"(","certificateTypeCode":"11100000MB03271699001","certificateTypeName":"中华人民共和国不动产权证书",)"
          R"("certificateName":"中华人民共和国不动产权证书","certificateNumber":"豫（2026）南阳市不动产权第0000001号",)"
          R"("certificateIssuingAuthorityName":"南阳市自然资源和规划局","certificateIssuingAuthorityCode":"11411300MB1T000091",)"
          R"("certificateIssuedDate":"20260601","certificateExpiringDate":"20900531",)"
          R"("certificateHolderName":"𠮷某,南阳某有限公司,Smith J",)"
          R"("certificateHolderCode":"11010519491231002X,11411300MB1T000091,P0000001",)"
          R"("certificateHolderTypeCode":"111,001,414","certificateHolderTypeName":"公民身份号码,统一社会信用代码,普通护照号",)"
          R"("certificateAreaCode":"411300","certificateVersion":"001","operateType":"01",)"
          R"("extendInfo":{"KZ_ZL":"南阳市某路1号","KZ_QLQTZK":"建筑面积80㎡\n\"分摊\"20㎡",)"
          R"("KZ_BDCDYH":"411302001001GB00001F00010001"},"fileType":"OFD","fileDigest":")" +
          std::string(64, 'a') + R"(","fileContent":"UEsh","bizNum":"20260601-0001"})");
}

TEST(LinewellRequest, OpenEndAndStatus) {
  const Dialect dialect = shipped_dialect("linewell");
  const Certificate certificate = certificate_of("0000001", 1);
  const Opened collect =
      open(body_of(dialect, dialect.issue.front(), subject_of(certificate)).value());
  EXPECT_NE(collect.plain.find(R"("certificateExpiringDate":"长期")"), std::string::npos);
  EXPECT_EQ(collect.plain.find("certificateEffectiveDate"), std::string::npos)
      << "no date, no field";
  const LifeRecord life = life_of(certificate, "voided");
  const Opened change =
      open(body_of(dialect, dialect.status.front(), told_of(life, dialect)).value());
  EXPECT_EQ(change.plain, R"({"certificateIdentifier":")" + certificate.identifier.text() +
                              R"(","state":"-5","reason":"退件","changeTime":"20261124040005"})");
}

TEST(Request, AHolderNameWithTheSeparatorIsRefused) {
  const Dialect dialect = shipped_dialect("linewell");
  Certificate certificate = certificate_of("0000001", 1);
  certificate.holders[1].name = "A,B";
  const auto body = body_of(dialect, dialect.issue.front(), subject_of(certificate));
  ASSERT_FALSE(body.ok());
  EXPECT_EQ(body.error().code, "municipal.holder_separator");
  EXPECT_EQ(body.error().message.find("A,B"), std::string::npos) << "personal data";
}

TEST(Request, HmacSignature) {
  Dialect dialect = shipped_dialect("linewell");
  dialect.signature = SignatureRule{SignatureKind::kHmacSm3, false};
  Keys keys;
  keys.cipher_key = kCipherKey;
  keys.hmac_key = "hmac key";
  const Certificate certificate = certificate_of("0000001", 1);
  const Opened opened =
      open(write_body(dialect, dialect.query, subject_of(certificate), kCaller, keys, &fixed_bytes)
               .value());
  const Sm3Digest expected = sm::hmac_sm3("hmac key", opened.data);
  EXPECT_EQ(opened.sign, sm::base64_encode(sm::bytes_of(expected)));
}

TEST(Charset, RoundTripsOutsideTheBmpAndRefusesOtherBytes) {
  const std::string text = "中文㎡㛃𬱖𠮷 ascii";
  const auto bytes = from_utf8(text, Charset::kGb18030);
  ASSERT_TRUE(bytes.has_value());
  EXPECT_EQ(bytes->substr(0, 4), "\xd6\xd0\xce\xc4");
  EXPECT_EQ(to_utf8(*bytes, Charset::kGb18030), text);
  std::string large;
  while (large.size() < 200'000) large += text;
  EXPECT_EQ(to_utf8(*from_utf8(large, Charset::kGb18030), Charset::kGb18030), large);
  EXPECT_FALSE(to_utf8("\xff\xff", Charset::kGb18030).has_value());
  EXPECT_FALSE(to_utf8("\xd6", Charset::kGb18030).has_value()) << "cut in the middle";
  EXPECT_FALSE(to_utf8("\xd6\xd0", Charset::kUtf8).has_value());
}

}  // namespace
}  // namespace certbridge::municipal_library
