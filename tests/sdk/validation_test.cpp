#include "certbridge/validation.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <sstream>

#include "sample_certificate.h"

namespace certbridge {
namespace {

std::string file_text(const std::string& name) {
  std::ifstream file(CERTBRIDGE_SOURCE_DIR "/config/" + name);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

const std::chrono::year_month_day kToday = std::chrono::year(2026) / 11 / 24;

std::vector<Finding> findings_of(const Certificate& certificate) {
  static const auto rules =
      ValidationRules::parse(file_text("validation.xml"), "validation.xml").value();
  static const auto issuers = parse_issuers(file_text("issuers.xml"), "issuers.xml").value();
  return validate(certificate, rules, issuers, kToday);
}

// "shares.sum=refuse" for each finding, joined by blanks.
std::string summary(const Certificate& certificate) {
  std::string text;
  for (const Finding& finding : findings_of(certificate)) {
    text += (text.empty() ? "" : " ") + finding.rule +
            (finding.effect == RuleEffect::kRefuse ? "=refuse" : "=warn");
  }
  return text;
}

std::string after(const std::function<void(Certificate&)>& change) {
  Certificate it = sample_certificate();
  change(it);
  return summary(it);
}

void renumber(Certificate& it, const char* number) {
  it.number = CertificateNumber::parse_lenient(number).value();
}

TEST(Validation, TheSampleIsAccepted) { EXPECT_EQ(summary(sample_certificate()), ""); }

TEST(Validation, Number) {
  EXPECT_EQ(after([](auto& it) { renumber(it, "豫（2026）镇平县不动产权第0000001号"); }),
            "issuer.number-word=refuse");
  EXPECT_EQ(after([](auto& it) { renumber(it, "皖（2026）南阳市不动产权第0000001号"); }),
            "issuer.number-word=refuse");
  EXPECT_EQ(after([](auto& it) { renumber(it, "豫（2026）南阳市不动产证明第0000001号"); }),
            "number.kind=refuse");
  EXPECT_EQ(after([](auto& it) { renumber(it, "豫〔2026〕南阳市不动产权第0000001号"); }),
            "number.strict=refuse");
  EXPECT_EQ(after([](auto& it) { renumber(it, "豫（2026）南阳市不动产权第0000001号（销）"); }),
            "number.void-mark=refuse");
  EXPECT_EQ(after([](auto& it) { renumber(it, "豫（2025）南阳市不动产权第0000001号"); }),
            "number.year=refuse");
}

TEST(Validation, YearAtTheTurnOfTheYear) {
  const auto year = [](int number_year, std::chrono::year_month_day issued) {
    return after([&](auto& it) {
      renumber(it, ("豫（" + std::to_string(number_year) + "）南阳市不动产权第0000001号").c_str());
      it.issued_on = issued;
    });
  };
  using std::chrono::year_month_day;
  EXPECT_EQ(year(2025, std::chrono::year(2026) / 1 / 31), "");
  EXPECT_EQ(year(2026, std::chrono::year(2025) / 12 / 1), "");
  EXPECT_EQ(year(2025, std::chrono::year(2026) / 2 / 1), "number.year=refuse");
  EXPECT_EQ(year(2027, std::chrono::year(2026) / 1 / 31), "number.year=refuse");
  EXPECT_EQ(year(2024, std::chrono::year(2026) / 1 / 31), "number.year=refuse");
  EXPECT_EQ(year(2024, std::chrono::year(2025) / 12 / 31), "number.year=refuse");
}

TEST(Validation, Issuer) {
  EXPECT_EQ(after([](auto& it) { it.issuer_name = "南阳市国土资源局"; }), "issuer.listed=refuse");
  EXPECT_EQ(after([](auto& it) { it.area = "411324"; }), "issuer.listed=refuse unit.area=warn");
  EXPECT_EQ(after([](auto& it) {
              it.issuer_code = "11100000MB03271699";
              it.identifier = sample_identifier(kTitleTypeCode, "11100000MB03271699");
            }),
            "issuer.listed=refuse");
  EXPECT_EQ(after([](auto& it) {
              it.identifier = sample_identifier(kProofTypeCode, "11411300MB1T000091");
            }),
            "identifier.matches=refuse");
}

TEST(Validation, Holders) {
  EXPECT_EQ(after([](auto& it) { it.holders.clear(); }), "holder.present=refuse");
  EXPECT_EQ(after([](auto& it) { it.holders[1].share = Share::parse("66.6%").value(); }),
            "shares.sum=refuse");
  EXPECT_EQ(after([](auto& it) { it.holders[1].share.reset(); }), "shares.given=refuse");
  EXPECT_EQ(after([](auto& it) {
              it.holding = Holding::kJoint;
              it.holders[1].share.reset();
            }),
            "");
  EXPECT_EQ(after([](auto& it) { it.holding = Holding::kSole; }), "holding.holders=warn");
  EXPECT_EQ(after([](auto& it) { it.holders[1].code = it.holders[0].code; }),
            "holder.distinct=warn");
}

// 分别持证: this certificate shows a part, the co-owners' certificates the rest.
TEST(Validation, SharesOfALoneHolder) {
  const auto lone = [](const char* share, bool separately) {
    return after([&](auto& it) {
      it.holders.pop_back();
      it.holders[0].share = Share::parse(share).value();
      it.held_separately = separately;
    });
  };
  EXPECT_EQ(lone("1/3", false), "shares.sum=refuse") << "a co-owner is missing";
  EXPECT_EQ(lone("1/3", true), "");
  EXPECT_EQ(lone("100%", false), "");
  EXPECT_EQ(lone("100%", true), "");
}

TEST(Validation, SharesOfSeveralOnASeparateCertificate) {
  const auto two = [](const char* second) {
    return after([&](auto& it) {
      it.held_separately = true;
      it.holders[1].share = Share::parse(second).value();
    });
  };
  EXPECT_EQ(two("1/3"), "") << "a couple together holds two thirds";
  EXPECT_EQ(two("2/3"), "");
  EXPECT_EQ(two("3/4"), "shares.sum=refuse") << "more than the whole";
  EXPECT_EQ(after([](auto& it) {
              it.held_separately = true;
              it.holders[1].share.reset();
            }),
            "shares.given=refuse");
}

TEST(Validation, NobodyIsBornAfterToday) {
  // 440524188001010014 with another day of birth: its check digit is found by trying.
  const auto born = [](const std::string& day) {
    for (const char check : std::string_view("0123456789X")) {
      const auto code = HolderCode::parse("111", "440524" + day + "001" + check);
      if (code) return after([&](auto& it) { it.holders[1].code = code.value(); });
    }
    return std::string("no such number");
  };
  EXPECT_EQ(born("20261124"), "") << "today";
  EXPECT_EQ(born("20261125"), "citizen.born=refuse");
}

TEST(Validation, UnmatchedStockNumbers) {
  const auto unit = [](const char* text) {
    return after([&](auto& it) { it.units = {UnitCode::parse_strict(text).value()}; });
  };
  EXPECT_EQ(unit("411300000000GB00003F00010002"), "unit.matched=refuse");
  EXPECT_EQ(unit("411300000000GH00003F00010002"), "") << "parcels of sea have no district";
}

TEST(Validation, SharesAddUpExactly) {
  const auto shares = [](const std::vector<std::string>& texts) {
    return after([&](auto& it) {
      const Holder first = it.holders[0];
      it.holders.clear();
      for (std::size_t i = 0; i < texts.size(); ++i) {
        it.holders.push_back(first);
        it.holders.back().share = Share::parse(texts[i]).value();
        it.holders.back().code = HolderCode::parse("414", "E" + std::to_string(i)).value();
      }
    });
  };
  EXPECT_EQ(shares({"1/3", "1/3", "1/3"}), "");
  EXPECT_EQ(shares({"1/7", "2/7", "1/2", "1/14"}), "");
  EXPECT_EQ(shares({"33.3%", "33.3%", "33.3%"}), "shares.sum=refuse");
  EXPECT_EQ(shares({"1/2", "2/3"}), "shares.sum=refuse");
  EXPECT_EQ(shares({"1/999999937", "1/999999929", "1/999999893"}), "shares.sum=refuse");
}

TEST(Validation, InnerOrganisationCodeOnlyWarns) {
  std::string code;
  for (const char c : std::string_view("0123456789ABCDEFGHJKLMNPQRTUWXY")) {
    const std::string candidate = std::string("91350100M000100Y5") + c;
    if (CreditCode::parse(candidate)) code = candidate;
  }
  EXPECT_EQ(after([&](auto& it) { it.holders[0].code = HolderCode::parse("001", code).value(); }),
            "organisation.inner-check=warn");
}

TEST(Validation, UnitsRightFaceDatesStatus) {
  EXPECT_EQ(after([](auto& it) { it.units.clear(); }), "unit.present=refuse");
  EXPECT_EQ(after([](auto& it) {
              it.units = {UnitCode::parse_lenient("411300001002GK00003F00010002").value()};
            }),
            "unit.strict=refuse");
  EXPECT_EQ(after([](auto& it) {
              it.units = {UnitCode::parse_strict("411300001002GB00003W00000000").value()};
            }),
            "unit.right-type=warn");
  EXPECT_EQ(after([](auto& it) { it.face[1].value = "宅基地使用权"; }), "unit.right-type=warn");
  EXPECT_EQ(after([](auto& it) { it.right_state = RightState::kHistoric; }),
            "right.current=refuse");
  EXPECT_EQ(after([](auto& it) { it.status.base = Status::Base::kCancelled; }),
            "status.issued=refuse");
  EXPECT_EQ(after([](auto& it) { it.face[0].value = " "; }), "face.required=refuse");
  EXPECT_EQ(after([](auto& it) { it.face.pop_back(); }), "face.complete=warn");
  EXPECT_EQ(after([](auto& it) { it.issued_on = std::chrono::year(2026) / 11 / 25; }),
            "dates.order=refuse");
  EXPECT_EQ(after([](auto& it) {
              it.effective_from = std::chrono::year(2026) / 6 / 2;
              it.expires_on = std::chrono::year(2026) / 6 / 1;
            }),
            "dates.order=refuse");
  EXPECT_EQ(after([](auto& it) { it.face[0].value = "a\x01"; }), "text.clean=refuse");
}

TEST(Validation, MortgageProofNeedsAnObligor) {
  const auto proof = [](const char* matter) {
    return after([&](auto& it) {
      it.kind = CertificateKind::kProof;
      it.type_code = TypeCode::parse(kProofTypeCode).value();
      it.identifier = sample_identifier(kProofTypeCode, "11411300MB1T000091");
      renumber(it, "豫（2026）南阳市不动产证明第0000001号");
      it.face = {{"KZ_ZL", "某路1号"}, {"KZ_ZMQLSX", matter}, {"KZ_QT", "无"}};
    });
  };
  EXPECT_EQ(proof("抵押权"), "obligor.present=warn");
  EXPECT_EQ(proof("预告登记"), "");
}

std::string code_of_table(const std::string& xml) {
  const auto rules = ValidationRules::parse(xml, "v.xml");
  return rules.ok() ? "accepted" : rules.error().code;
}

TEST(ValidationTable, EveryRuleOnceAndNoOther) {
  const std::string shipped = file_text("validation.xml");
  const auto changed = [&shipped](const std::string& from, const std::string& to) {
    std::string text = shipped;
    return text.replace(text.find(from), from.size(), to);
  };
  EXPECT_EQ(code_of_table(shipped), "accepted");
  EXPECT_EQ(code_of_table(changed("id=\"shares.sum\"", "id=\"shares.summ\"")),
            "validation.unknown_rule");
  EXPECT_EQ(code_of_table(changed("id=\"shares.sum\"", "id=\"shares.given\"")),
            "validation.duplicate_rule");
  EXPECT_EQ(code_of_table(changed("effect=\"warn\"", "effect=\"maybe\"")), "validation.effect");
  EXPECT_EQ(code_of_table("<rules xmlns=\"urn:certbridge:validation:1\"/>"),
            "validation.missing_rule");
  EXPECT_EQ(code_of_table("<rules/>"), "validation.shape");
}

// Refuse, warn and accept are words of the table alone: each can stand for the turn of the year.
TEST(ValidationTable, TheEffectIsTheTables) {
  Certificate it = sample_certificate();
  it.number = CertificateNumber::parse_strict("豫（2025）南阳市不动产权第0000001号").value();
  it.issued_on = std::chrono::year(2026) / 1 / 5;
  const auto issuers = parse_issuers(file_text("issuers.xml"), "issuers.xml").value();
  const auto effects = [&](const std::string& word) {
    std::string text = file_text("validation.xml");
    const std::string from = "id=\"number.year-turn\" effect=\"accept\"";
    text.replace(text.find(from), from.size(), "id=\"number.year-turn\" effect=\"" + word + "\"");
    return validate(it, ValidationRules::parse(text, "v.xml").value(), issuers, kToday);
  };
  EXPECT_TRUE(effects("accept").empty());
  ASSERT_EQ(effects("warn").size(), 1U);
  EXPECT_EQ(effects("warn")[0].effect, RuleEffect::kWarn);
  ASSERT_EQ(effects("refuse").size(), 1U);
  EXPECT_EQ(effects("refuse")[0].effect, RuleEffect::kRefuse);
  EXPECT_EQ(effects("refuse")[0].rule, "number.year-turn");
}

TEST(ValidationTable, AcceptSilencesARule) {
  std::string text = file_text("validation.xml");
  const std::string from = "id=\"shares.sum\" effect=\"refuse\"";
  text.replace(text.find(from), from.size(), "id=\"shares.sum\" effect=\"accept\"");
  const auto rules = ValidationRules::parse(text, "v.xml").value();
  const auto issuers = parse_issuers(file_text("issuers.xml"), "issuers.xml").value();
  Certificate it = sample_certificate();
  it.holders[1].share = Share::parse("1/3").value();
  EXPECT_TRUE(validate(it, rules, issuers, kToday).empty());
}

}  // namespace
}  // namespace certbridge
