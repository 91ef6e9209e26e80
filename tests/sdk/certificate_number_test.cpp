#include <gtest/gtest.h>

#include "certbridge/identifiers.h"

namespace certbridge {
namespace {

TEST(CertificateNumber, TemplateFormWithBothBrackets) {
  for (const char* text :
       {"豫（2020）南阳市不动产权第0000001号", "豫(2020)南阳市不动产权第0000001号"}) {
    const auto number = CertificateNumber::parse_strict(text);
    ASSERT_TRUE(number.ok()) << text;
    EXPECT_EQ(number.value().raw(), text);
    EXPECT_EQ(number.value().normalised(), "豫(2020)南阳市不动产权第0000001号");
    EXPECT_EQ(number.value().province_word(), "豫");
    EXPECT_EQ(number.value().year(), 2020);
    EXPECT_EQ(number.value().place_word(), "南阳市");
    EXPECT_EQ(number.value().serial(), "0000001");
    EXPECT_EQ(number.value().kind(), CertificateKind::kTitle);
  }
  const auto proof = CertificateNumber::parse_strict("豫（2020）南阳市不动产证明第0000001号");
  ASSERT_TRUE(proof.ok());
  EXPECT_EQ(proof.value().kind(), CertificateKind::kProof);
}

TEST(CertificateNumber, StrictRefusals) {
  for (const char* text :
       {"", "豫（2020）南阳市不动产权第000001号", "豫（2020）南阳市不动产权第00000001号",
        "豫(2020）南阳市不动产权第0000001号", "豫〔2020〕南阳市不动产权第0000001号",
        "豫（2020） 南阳市不动产权第0000001号", "豫（２０２０）南阳市不动产权第0000001号",
        "使（2020）南阳市不动产权第0000001号", "豫（2020）南阳市房权第0000001号",
        "豫（2020）南阳市不动产权第0000001号(销)", "豫（2020）A区不动产权第0000001号",
        "豫（2020）南阳市不动产权第0000001号\xff"}) {
    const auto number = CertificateNumber::parse_strict(text);
    ASSERT_FALSE(number.ok()) << text;
    EXPECT_EQ(number.error().code, "certificate_number.shape");
    EXPECT_EQ(number.error().severity, Severity::kPermanent);
  }
}

TEST(CertificateNumber, LenientShapesFromTheField) {
  for (const char* text :
       {"豫〔2020〕南阳市不动产权第0000001号", "豫[2020]南阳市不动产权第00001号",
        "豫(2020)不动产权第0000001号", "豫（2020）南阳市不动产权第 0000001 号",
        "豫(2020)南阳市不动产权第123456789号", "豫(2020)南阳市不动产权第A0000001号",
        "豫(2020)南阳市不动产权第0000001-1号", "豫(2020)南阳市不动产权第0000001号(销)",
        "豫（2020）南阳市不动产权第0000001号（废）1", "国(2020)林地不动产权第0000001号",
        "豫(2020)南阳市不动产权第12345678901号", "豫(2020)南阳市·高新区不动产权第0000001号",
        "豫(2020)㛃𬱖县不动产证明第0000001号"}) {
    EXPECT_TRUE(CertificateNumber::parse_lenient(text).ok()) << text;
  }
}

TEST(CertificateNumber, LenientRefusals) {
  for (const char* text :
       {"宛市土国用（2005）第123号", "宛房权证字第1号", "豫(2020)南阳市不动产权第1234号",
        "豫(2020)南阳市不动产权第123456789012345678901号", "豫(2020)南\x01市不动产权第0000001号",
        "豫(20)南阳市不动产权第0000001号", "豫(2020)南阳市不动产权第0000001号(x)"}) {
    EXPECT_FALSE(CertificateNumber::parse_lenient(text).ok()) << text;
  }
}

TEST(CertificateNumber, OneNumberInManyWidths) {
  const auto plain = CertificateNumber::parse_lenient("豫(2020)南阳市不动产权第0000001号").value();
  for (const char* text :
       {"豫（２０２０）南阳市不动产权第０００００01号",
        "豫〔2020〕南阳市不动产权第0000001号（销）2", "豫 ( 2020 )　南阳市不动产权第0000001号"}) {
    EXPECT_TRUE(CertificateNumber::parse_lenient(text).value().same_as(plain)) << text;
  }
  EXPECT_TRUE(CertificateNumber::parse_lenient("豫(2020)南阳市不动产权第0000001号(销)")
                  .value()
                  .void_mark());
}

TEST(CertificateNumber, SplitsFieldsThatHoldSeveral) {
  const auto parts = split_certificate_numbers("豫甲号, 豫乙号，豫丙号、豫丁号；宛房权证 字第1号;");
  EXPECT_EQ(parts,
            (std::vector<std::string>{"豫甲号", "豫乙号", "豫丙号", "豫丁号", "宛房权证 字第1号"}));
}

}  // namespace
}  // namespace certbridge
