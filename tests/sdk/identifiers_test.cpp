#include "certbridge/identifiers.h"

#include <gtest/gtest.h>

namespace certbridge {
namespace {

template <class T>
std::string code_of(const Result<T>& result) {
  return result.ok() ? "accepted" : result.error().code;
}

TEST(Iso7064, PublishedVectors) {
  EXPECT_EQ(iso7064_mod37_36("A12425GABC1234002"), 'M');
  EXPECT_EQ(iso7064_mod37_36("0"), '2');
  EXPECT_EQ(iso7064_mod37_36("1"), 'Z');
  EXPECT_EQ(iso7064_mod37_36("A"), 'H');
  EXPECT_EQ(iso7064_mod37_36("Z"), '4');
  EXPECT_EQ(iso7064_mod37_36("ABC"), 'Z');
  EXPECT_EQ(iso7064_mod37_36("11100000000013338W01111430000006122244L20230000403001"), 'U');
  EXPECT_EQ(iso7064_mod37_36("11100000MB03271699022340100000000016001"), '9');
  EXPECT_EQ(iso7064_mod37_36("11100000000013338W03211220000013544541J2430599001"), 'F');
  EXPECT_EQ(iso7064_mod37_36("11100000000013338W00911330105002500287C2025052201002"), '0');
}

TEST(Iso7064, PublicSampleWithWrongCheckCharacter) {
  const char* body = "11100000000013661B006113700000045046442209FA4E88F9E4C878F3E9BED2CE7EA49001";
  EXPECT_EQ(iso7064_mod37_36(body), 'D');
  EXPECT_NE(iso7064_mod37_36(body), 'M');
}

TEST(Iso7064, RefusesOtherCharacters) {
  for (const char* body : {"", "a", "1.2", "A B", "Ä"}) EXPECT_EQ(iso7064_mod37_36(body), '\0');
}

const char* kExample = "1.2.156.3005.2.11100000MB03271699001.11411300MB1T000091.20200000001.001.R";

TEST(CertificateIdentifier, ComposesTheWorkedExamples) {
  const auto title = TypeCode::parse(kTitleTypeCode);
  const auto proof = TypeCode::parse(kProofTypeCode);
  const auto issuer = CreditCode::parse("11411300MB1T000091");
  const auto composed = [&](const auto& type, int version) {
    return CertificateIdentifier::compose(type.value(), issuer.value(), "20200000001", version)
        .value()
        .text();
  };
  EXPECT_EQ(composed(title, 1), kExample);
  EXPECT_EQ(composed(title, 2).substr(composed(title, 2).size() - 5), "002.P");
  EXPECT_EQ(composed(proof, 1),
            "1.2.156.3005.2.11100000MB03271699022.11411300MB1T000091.20200000001.001.S");
}

TEST(CertificateIdentifier, ParsesItsParts) {
  const auto identifier = CertificateIdentifier::parse(kExample);
  ASSERT_TRUE(identifier.ok());
  EXPECT_EQ(identifier.value().type_code(), kTitleTypeCode);
  EXPECT_EQ(identifier.value().issuer_code(), "11411300MB1T000091");
  EXPECT_EQ(identifier.value().serial(), "20200000001");
  EXPECT_EQ(identifier.value().version(), 1);
  EXPECT_EQ(CertificateIdentifier::parse(
                "1.2.156.3005.2.11100000mb03271699001.11411300mb1t000091.20200000001.001.r")
                .value()
                .text(),
            kExample);
}

// The 54 characters of the example that the check covers, the check character among them.
std::string checked_characters() {
  return std::string(kTitleTypeCode) + "11411300MB1T00009120200000001001R";
}
bool check_holds(const std::string& characters) {
  const std::string_view body = std::string_view(characters).substr(0, characters.size() - 1);
  return iso7064_mod37_36(body) == characters.back();
}

TEST(CertificateIdentifier, EverySingleSubstitutionIsDetected) {
  const std::string right = checked_characters();
  ASSERT_TRUE(check_holds(right));
  int tried = 0;
  int missed = 0;
  for (std::size_t at = 0; at < right.size(); ++at) {
    for (const char c : std::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
      if (c == right[at]) continue;
      std::string wrong = right;
      wrong[at] = c;
      ++tried;
      if (check_holds(wrong)) ++missed;
    }
  }
  EXPECT_EQ(tried, 1890);
  EXPECT_EQ(missed, 0);
}

TEST(CertificateIdentifier, AllButOneAdjacentSwapsAreDetected) {
  const std::string right = checked_characters();
  int tried = 0;
  int missed = 0;
  for (std::size_t at = 0; at + 1 < right.size(); ++at) {
    if (right[at] == right[at + 1]) continue;
    std::string wrong = right;
    std::swap(wrong[at], wrong[at + 1]);
    ++tried;
    if (check_holds(wrong)) ++missed;
  }
  EXPECT_EQ(tried, 31);
  EXPECT_EQ(missed, 1);
}

TEST(CertificateIdentifier, PublicExamples) {
  for (const char* text :
       {"1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
        "1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F",
        "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0"}) {
    EXPECT_EQ(code_of(CertificateIdentifier::parse(text)), "accepted") << text;
  }
  // A published sample that its own check character contradicts.
  const std::string sample =
      "1.2.156.3005.2.11100000000013661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49."
      "001.";
  EXPECT_EQ(code_of(CertificateIdentifier::parse(sample + "M")), "identifier.check_character");
  EXPECT_EQ(code_of(CertificateIdentifier::parse(sample + "D")), "accepted");
}

TEST(CertificateIdentifier, Refusals) {
  const auto code = [](const char* text) { return code_of(CertificateIdentifier::parse(text)); };
  EXPECT_EQ(code("1.2.156.3003.2.11100000MB03271699001.11411300MB1T000091.20200000001.001.R"),
            "identifier.root");
  EXPECT_EQ(code("1.2.156.3005.2.11100000MB03271699001.11411300MB1T000091.20200000001.001.S"),
            "identifier.check_character");
  EXPECT_EQ(code("1.2.156.3005.2.11100000MB03271699001.11411300MB1T000091.20200000001.000.R"),
            "identifier.shape");
  EXPECT_EQ(code("1.2.156.3005.2.11100000MB03271699001.11411300MB1T000091..001.R"),
            "identifier.shape");
  EXPECT_EQ(code("1.2.156.3005.2.11100000MB03271699001.11411300MB1T000091.2020-1.001.R"),
            "identifier.shape");
  EXPECT_EQ(code(""), "identifier.root");
}

TEST(CertificateIdentifier, IssuerOfSixDigitsOnlyWhenLenient) {
  const char* text = "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9";
  EXPECT_EQ(code_of(CertificateIdentifier::parse_lenient(text)), "accepted");
  EXPECT_EQ(code_of(CertificateIdentifier::parse(text)), "credit_code.shape");
}

TEST(CertificateIdentifier, ComposeRefusesSerialAndVersionOutOfRange) {
  const auto type = TypeCode::parse(kTitleTypeCode).value();
  const auto issuer = CreditCode::parse("11411300MB1T000091").value();
  for (const std::string& serial : {std::string(), std::string("a1"), std::string(37, '1')}) {
    EXPECT_EQ(code_of(CertificateIdentifier::compose(type, issuer, serial, 1)), "identifier.shape");
  }
  for (const int version : {0, -1, 1000}) {
    EXPECT_EQ(code_of(CertificateIdentifier::compose(type, issuer, "1", version)),
              "identifier.shape");
  }
  EXPECT_TRUE(CertificateIdentifier::compose(type, issuer, std::string(36, 'Z'), 999).ok());
}

TEST(CreditCode, PublishedVectors) {
  for (const char* text : {"91350100M000100Y43", "11100000MB03271699", "11411300MB1T000091"}) {
    const auto code = CreditCode::parse(text);
    ASSERT_TRUE(code.ok()) << text;
    EXPECT_TRUE(code.value().inner_check_holds()) << text;
  }
}

// The eight that stand inside public identifiers and configurations.
TEST(CreditCode, PublicCodesPassBothChecks) {
  for (const char* text :
       {"11100000000013338W", "11430000006122244L", "11220000013544541J", "11330105002500287C",
        "11100000000013661B", "113700000045046442", "11100000MB03271699", "11100000000013127D"}) {
    const auto code = CreditCode::parse(text);
    ASSERT_TRUE(code.ok()) << text;
    EXPECT_TRUE(code.value().inner_check_holds()) << text;
  }
}

TEST(CreditCode, InnerCheckAloneIsNoRefusal) {
  // The inner check digit 4 of the standard's example changed to 5, the outer one made to fit.
  int accepted = 0;
  for (const char c : std::string_view("0123456789ABCDEFGHJKLMNPQRTUWXY")) {
    auto candidate = CreditCode::parse(std::string("91350100M000100Y5") + c);
    if (!candidate) continue;
    ++accepted;
    EXPECT_FALSE(candidate.value().inner_check_holds());
  }
  EXPECT_EQ(accepted, 1);
}

TEST(CreditCode, Refusals) {
  EXPECT_EQ(code_of(CreditCode::parse("91350100M000100Y44")), "credit_code.check_digit");
  EXPECT_EQ(code_of(CreditCode::parse("91350100M000100Y4")), "credit_code.shape");
  EXPECT_EQ(code_of(CreditCode::parse("9135010OM000100Y43")), "credit_code.shape");
  EXPECT_EQ(code_of(CreditCode::parse("")), "credit_code.shape");
  EXPECT_EQ(code_of(CreditCode::parse("91350100M000100Y43 ")), "credit_code.shape");
}

TEST(CitizenId, TextbookVectors) {
  EXPECT_EQ(CitizenId::parse("11010519491231002X").value().text(), "11010519491231002X");
  EXPECT_EQ(CitizenId::parse("11010519491231002x").value().text(), "11010519491231002X");
  EXPECT_EQ(CitizenId::parse("440524188001010014").value().text(), "440524188001010014");
  EXPECT_EQ(CitizenId::parse("１１０１０５１９４９１２３１００２Ｘ").value().text(),
            "11010519491231002X");
}

TEST(CitizenId, FifteenDigitsAreCompleted) {
  EXPECT_EQ(CitizenId::parse("110105491231002").value().text(), "11010519491231002X");
}

TEST(CitizenId, Refusals) {
  EXPECT_EQ(code_of(CitizenId::parse("110105194912310021")), "citizen_id.check_digit");
  EXPECT_EQ(code_of(CitizenId::parse("440524188001010015")), "citizen_id.check_digit");
  EXPECT_EQ(code_of(CitizenId::parse("11010519491331002X")), "citizen_id.date");
  EXPECT_EQ(code_of(CitizenId::parse("11010519490230002X")), "citizen_id.date");
  EXPECT_EQ(code_of(CitizenId::parse("1101051949123100X2")), "citizen_id.shape");
  EXPECT_EQ(code_of(CitizenId::parse("11010519491231002")), "citizen_id.shape");
  EXPECT_EQ(code_of(CitizenId::parse("空")), "citizen_id.shape");
}

TEST(UnitCode, StrictAndPrinted) {
  const auto unit = UnitCode::parse_strict(" 411324 001002 GB00003 F00010002 ");
  ASSERT_TRUE(unit.ok()) << unit.error().message;
  EXPECT_EQ(unit.value().text(), "411324001002GB00003F00010002");
  EXPECT_EQ(unit.value().printed(), "411324 001002 GB00003 F00010002");
  EXPECT_EQ(unit.value().area(), "411324");
  EXPECT_EQ(unit.value().parcel(), "411324001002GB00003");
  EXPECT_TRUE(UnitCode::parse_strict("411324001002JC00003W00000000").ok());
  EXPECT_TRUE(UnitCode::parse_strict("411324001002GN00003W00000000").ok());
  EXPECT_TRUE(UnitCode::parse_strict("411324001002GL00003L00010002").ok());
}

TEST(UnitCode, StrictRefusals) {
  const auto code = [](const char* text) { return code_of(UnitCode::parse_strict(text)); };
  EXPECT_EQ(code("411324001002GB00003F0001000"), "unit_code.length");
  EXPECT_EQ(code("411324001002GB00003F000100021"), "unit_code.length");
  EXPECT_EQ(code(""), "unit_code.length");
  EXPECT_EQ(code("411324001002GB00003W00010002"), "unit_code.shape");
  EXPECT_EQ(code("411324001002GB00003X00010002"), "unit_code.shape");
  EXPECT_EQ(code("411324001002GK00003F00010002"), "unit_code.shape");
  EXPECT_EQ(code("411324001002XB00003F00010002"), "unit_code.shape");
  EXPECT_EQ(code("41132400100AGB00003F00010002"), "unit_code.shape");
  EXPECT_EQ(code("411324001002GB00003F0001000A"), "unit_code.shape");
  EXPECT_EQ(code("411324001002GB00000F00010002"), "unit_code.shape");
  EXPECT_EQ(code("411324001002GC00003F00010002"), "unit_code.ownership");
  EXPECT_EQ(code("411324001002GA00003W00000000"), "unit_code.ownership");
  EXPECT_EQ(code("411324001002JH00003W00000000"), "unit_code.ownership");
  EXPECT_EQ(code("411324001002JG00003W00000000"), "unit_code.ownership");
}

TEST(UnitCode, LenientTakesWhatExists) {
  for (const char* text : {"411324001002GK00003F00010002", "411324001002GB00003F0001A002",
                           "411324001002GC00003F00010002", "411324001002XB00003F00010002",
                           "411324001002GB00003X00010002", "411324001002GB00003W00010002",
                           "411324001002GB00000F00010002"}) {
    EXPECT_TRUE(UnitCode::parse_lenient(text).ok()) << text;
    EXPECT_FALSE(UnitCode::parse_strict(text).ok()) << text;
  }
  for (const char* text : {"41132400100AGB00003F00010002", "411324001002G100003F00010002",
                           "411324001002GB0000AF00010002", "411324001002GB00003100010002",
                           "411324001002GB00003F0001000-"}) {
    EXPECT_EQ(code_of(UnitCode::parse_lenient(text)), "unit_code.shape") << text;
  }
  EXPECT_EQ(code_of(UnitCode::parse_lenient("411324001002GB00003F0001000")), "unit_code.length");
}

TEST(UnitCode, OneUnitInManyWidths) {
  const auto plain = UnitCode::parse_lenient("411324001002GB00003F00010002").value();
  for (const char* text : {"411324 001002 GB00003 F00010002", "411324001002gb00003f00010002",
                           "４１１３２４００１００２ＧＢ００００３Ｆ０００１０００２",
                           "411324001002GB00003　F00010002\n"}) {
    EXPECT_EQ(UnitCode::parse_lenient(text).value(), plain) << text;
  }
}

TEST(TypeCode, PublicCodes) {
  for (const char* text :
       {kTitleTypeCode, kProofTypeCode, "11100000000013338W001", "11100000000013338W011",
        "11100000000013338W032", "11100000000013338W050", "11100000000013127D001"}) {
    EXPECT_TRUE(TypeCode::parse(text).ok()) << text;
  }
}

TEST(TypeCode, Refusals) {
  EXPECT_EQ(code_of(TypeCode::parse("11100000MB0327169901")), "type_code.shape");
  EXPECT_EQ(code_of(TypeCode::parse("11100000MB03271698001")), "credit_code.check_digit");
}

}  // namespace
}  // namespace certbridge
