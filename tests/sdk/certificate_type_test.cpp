#include "certbridge/certificate_type.h"

#include <gtest/gtest.h>

namespace certbridge {
namespace {

constexpr const char* kParts =
    "<unit code=\"11411300MB1T000091\" name=\"南阳市自然资源和规划局\"/>"
    "<item code=\"BDC-1\" name=\"首次登记\"/><holders class=\"both\" several=\"yes\"/>"
    "<instances several=\"yes\"/><validity kind=\"unlimited\"/><template name=\"title\"/>"
    "<sharing class=\"conditional\"/>";

std::string version(const std::string& head, const std::string& inside = kParts) {
  return "<version " + head + ">" + inside + "</version>";
}
std::string document(const std::string& versions,
                     const std::string& code = "11100000MB03271699001") {
  return "<certificate-type xmlns=\"urn:certbridge:certificate-type:1\" code=\"" + code +
         "\" name=\"不动产权证书\">" + versions + "</certificate-type>";
}
std::string head(int number, const std::string& state, int year) {
  return "number=\"" + std::to_string(number) + "\" state=\"" + state + "\" effective=\"" +
         std::to_string(year) + "-01-01T00:00:00\"";
}
std::string refusal(const std::string& text) {
  const auto type = parse_certificate_type(text, "a.xml");
  return type.ok() ? "accepted" : type.error().code;
}
std::string with(const std::string& from, const std::string& to) {
  std::string parts = kParts;
  return parts.replace(parts.find(from), from.size(), to);
}
CertificateType type_of(const std::string& versions) {
  auto type = parse_certificate_type(document(versions), "a.xml");
  EXPECT_TRUE(type.ok()) << type.error().message;
  return std::move(type).value();
}
Timestamp at(const char* time) { return parse_message_time(time).value(); }

TEST(CertificateTypes, AFileSaysWhatATypeIs) {
  const CertificateType type = type_of(
      version(head(1, "approved", 2015),
              with("<validity kind=\"unlimited\"/>", "<validity kind=\"years\" years=\"5\"/>") +
                  "<field name=\"KZ_ZL\" label=\"坐落\" required=\"no\"/><other name=\"号\" "
                  "value=\"7\"/>"));
  ASSERT_EQ(type.versions.size(), 1U);
  const TypeVersion& only = type.versions[0];
  EXPECT_EQ(only.state, TypeState::kApproved);
  EXPECT_EQ(only.effective, at("2015-01-01T00:00:00"));
  EXPECT_EQ(only.units, (std::vector<TypeUnit>{{"11411300MB1T000091", "南阳市自然资源和规划局"}}));
  EXPECT_EQ(only.items, (std::vector<TypeItem>{{"BDC-1", "首次登记"}}));
  EXPECT_EQ(only.holders, TypeHolders::kBoth);
  EXPECT_TRUE(only.several_holders && only.several_instances);
  EXPECT_EQ(only.validity, TypeValidity::kYears);
  EXPECT_EQ(only.years, 5);
  EXPECT_EQ(only.template_name, "title");
  EXPECT_EQ(only.sharing, TypeSharing::kConditional);
  EXPECT_EQ(only.face, (std::vector<TypeField>{{"KZ_ZL", "坐落", false}}));
  EXPECT_EQ(only.other, (std::vector<TypeProperty>{{"号", "7"}}));
}

TEST(CertificateTypes, WhatIsWrittenIsReadAgain) {
  const CertificateType type =
      type_of(version(head(1, "approved", 2015)) + version(head(2, "submitted", 2026)));
  const std::string text = write_certificate_type(type, type.versions[1]);
  const auto again = parse_certificate_type(text, "body");
  ASSERT_TRUE(again.ok()) << again.error().message;
  ASSERT_EQ(again.value().versions.size(), 1U);
  EXPECT_EQ(again.value().versions[0].number, 2);
  EXPECT_EQ(again.value().versions[0].effective, type.versions[1].effective);
  EXPECT_EQ(write_certificate_type(again.value(), again.value().versions[0]), text);
}

TEST(CertificateTypes, TheVersionInForceIsTheNewestThatIsInEffect) {
  const CertificateType type =
      type_of(version(head(1, "approved", 2015)) + version(head(2, "suspended", 2020)) +
              version(head(3, "draft", 2022)) + version(head(4, "submitted", 2026)));
  EXPECT_EQ(type.in_force(at("2019-12-31T23:59:59")).number, 1);
  EXPECT_EQ(type.in_force(at("2020-01-01T00:00:00")).number, 2);
  EXPECT_EQ(type.in_force(at("2023-06-01T00:00:00")).number, 2) << "a draft is never in force";
  EXPECT_EQ(type.in_force(at("2026-01-01T00:00:00")).number, 4);
  EXPECT_EQ(type.in_force(at("2001-01-01T00:00:00")).number, 1) << "older than any";
  EXPECT_EQ(type_of(version(head(1, "draft", 2015))).in_force(at("2026-01-01T00:00:00")).number, 1);
  EXPECT_EQ(type.version(9), nullptr);
}

TEST(CertificateTypes, Refusals) {
  const std::string good = version(head(1, "approved", 2015));
  EXPECT_EQ(refusal(document(good)), "accepted");
  EXPECT_EQ(refusal(document("")), "certificate_type.shape");
  EXPECT_EQ(refusal(document(good, "11100000MB03271690001")), "certificate_type.value");
  EXPECT_EQ(refusal(document(good + good)), "certificate_type.order");
  EXPECT_EQ(refusal(document(good + version(head(2, "approved", 2015)))), "certificate_type.order");
  EXPECT_EQ(refusal(document(version(head(1, "accepted", 2015)))), "certificate_type.value");
  EXPECT_EQ(
      refusal(document(version("number=\"0\" state=\"draft\" effective=\"2015-01-01T00:00:00\""))),
      "certificate_type.value");
  EXPECT_EQ(refusal(document(version("number=\"1\" state=\"draft\" effective=\"2015-01-01\""))),
            "certificate_type.value");
  const auto part = [](const std::string& from, const std::string& to) {
    return refusal(document(version(head(1, "approved", 2015), with(from, to))));
  };
  EXPECT_EQ(part("<sharing class=\"conditional\"/>", ""), "certificate_type.shape");
  EXPECT_EQ(part("conditional", "open"), "certificate_type.value");
  EXPECT_EQ(part("11411300MB1T000091", "11411300MB1T000099"), "certificate_type.value");
  EXPECT_EQ(part("kind=\"unlimited\"", "kind=\"years\""), "certificate_type.value");
  EXPECT_EQ(part("kind=\"unlimited\"", "kind=\"term\" years=\"3\""), "certificate_type.value");
  EXPECT_EQ(part("several=\"yes\"", "several=\"maybe\""), "certificate_type.value");
  EXPECT_EQ(part("<template name=\"title\"/>", "<template name=\"a\"/><template name=\"b\"/>"),
            "certificate_type.duplicate");
  const std::string item = "<item code=\"BDC-1\" name=\"首次登记\"/>";
  EXPECT_EQ(part(item, item + item), "certificate_type.duplicate");
  EXPECT_EQ(part(item, item + "<thing/>"), "certificate_type.shape");
  EXPECT_EQ(part(item, "<item code=\"BDC-1\" name=\"a\" more=\"b\"/>"), "certificate_type.shape");
  EXPECT_EQ(parse_certificate_type(document("<version/>"), "a.xml").error().message.substr(0, 8),
            "a.xml:1:");
}

}  // namespace
}  // namespace certbridge
