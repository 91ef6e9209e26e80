// Templates: what is shipped is right, and what is wrong is named with its place.
#include "template.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "faces.h"
#include "template_numbers.h"

namespace certbridge::ofd_compose {
namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string refusal(const std::string& from, const std::string& to) {
  const auto layout =
      parse_template(replaced(read_source("config/templates/title.xml"), from, to), "t.xml");
  if (layout) return "taken";
  EXPECT_EQ(layout.error().code, "ofd_compose.template");
  EXPECT_EQ(layout.error().severity, Severity::kFault);
  return layout.error().message;
}

TEST(Template, WhatIsShippedIsTakenAndSchemaValid) {
  EXPECT_EQ(load_template("title.xml").kind, CertificateKind::kTitle);
  EXPECT_EQ(load_template("proof.xml").kind, CertificateKind::kProof);
  EXPECT_EQ(std::system("xmllint --nonet --noout --schema '" CERTBRIDGE_SOURCE_DIR
                        "/config/schema/template.xsd' '" CERTBRIDGE_SOURCE_DIR
                        "/config/templates/title.xml' '" CERTBRIDGE_SOURCE_DIR
                        "/config/templates/proof.xml' 2>/dev/null"),
            0);
}

TEST(Template, MistakesAreNamedWithTheirPlace) {
  EXPECT_NE(refusal("font=\"song\" size=\"4.6\" least=\"3.2\"", "font=\"sang\" size=\"4.6\"")
                .find("names the font \"sang\""),
            std::string::npos);
  EXPECT_NE(refusal("least=\"3.2\"", "least=\"9\"").find("above \"size\""), std::string::npos);
  EXPECT_NE(refusal("<row field=\"KZ_YT\" label=\"用途\" height=\"15\"/>", "")
                .find("rows add up to 199 mm"),
            std::string::npos);
  EXPECT_NE(refusal("<seal box=\"119 174 42 42\"/>", "").find("exactly one <seal>"),
            std::string::npos);
  EXPECT_NE(refusal("<flow ", "<flaw ").find("may not stand here"), std::string::npos);
  EXPECT_NE(refusal("box=\"33 180 34 34\"", "box=\"33 180 34\"").find("<code>"), std::string::npos);
  EXPECT_NE(refusal("kind=\"title\"", "kind=\"deed\"").find("title or proof"), std::string::npos);
  EXPECT_NE(refusal("align=\"spread\"", "align=\"middle\"").find("\"align\""), std::string::npos);
  EXPECT_NE(refusal("turn=\"30\"", "turn=\"300\"").find("from -90 to 90"), std::string::npos);
  EXPECT_NE(refusal("alpha=\"26\"", "alfa=\"26\"").find("has no attribute \"alfa\""),
            std::string::npos);
  EXPECT_EQ(refusal("<sample>", "<sample2>").substr(0, 6), "t.xml:");
}

TEST(TemplateNumbers, AreStrict) {
  EXPECT_EQ(parse_length("4.23"), 4230);
  EXPECT_EQ(parse_length("-0.5"), -500);
  EXPECT_EQ(parse_length("7"), 7000);
  for (const char* text :
       {"", ".", "1.", ".5", "1,5", "1.2345", "1e3", "+1", "--1", "1001", " 1", "1 "}) {
    EXPECT_FALSE(parse_length(text).has_value()) << text;
  }
  EXPECT_FALSE(parse_lengths("1 2  3", 3).has_value());
  EXPECT_FALSE(parse_colour("1 2 256").has_value());
}

}  // namespace
}  // namespace certbridge::ofd_compose
