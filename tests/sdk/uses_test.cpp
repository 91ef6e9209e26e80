#include "certbridge/uses.h"

#include <gtest/gtest.h>

namespace certbridge {
namespace {

TEST(Uses, AQuestionIsReadAsItWasWritten) {
  const UsesQuestion question{std::chrono::year(2026) / 11 / 27, "3", 200};
  const auto read = parse_uses_question(write_uses_question(question));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(question, read.value());
}

TEST(Uses, APageIsReadAsItWasWritten) {
  const LoggedUse full{UsedBy::kOthers, "unit", "type", "issuer", "loan <&>", "query", "found"};
  const LoggedUse bare{UsedBy::kUnknown, "", "", "", "", "", ""};
  const UsesPage page{true, {full, bare, {UsedBy::kOurselves, "", "", "", "", "file", ""}}, "2"};
  const auto read = parse_uses(write_uses(page));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_TRUE(read.value().offered);
  EXPECT_EQ("2", read.value().next);
  EXPECT_EQ(page.uses, read.value().uses);
  EXPECT_FALSE(parse_uses(write_uses({})).value().offered);
}

TEST(Uses, RowsOfAReportAreReadAsTheyWereWritten) {
  const std::vector<UsageRow> rows{
      {"2026-11", "issuer", "unit", "type", "<loan>", "records", "query", "found", "7"},
      {"2026-11-02", "", "", "", "", "", "", "", "1"}};
  const auto read = parse_usage_rows(write_usage_rows(rows));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(rows, read.value());
  EXPECT_FALSE(parse_usage_rows(write_usage_rows({{}})).ok());
  EXPECT_FALSE(parse_usage_rows(write_uses({})).ok());
}

TEST(Uses, WhatIsWrongIsRefused) {
  const std::string space = " xmlns=\"urn:certbridge:query:1\"";
  for (const std::string& text :
       {"<uses-of" + space + " day=\"2026-13-01\" limit=\"5\"/>",
        "<uses-of" + space + " day=\"2026-11-01\" limit=\"0\"/>",
        "<uses-of" + space + " day=\"2026-11-01\" limit=\"1001\"/>",
        "<uses-of" + space + " day=\"2026-11-01\"/>", std::string("<uses-of/>")}) {
    EXPECT_FALSE(parse_uses_question(text).ok()) << text;
  }
  for (const std::string& text :
       {"<uses" + space + "><use by=\"me\"/></uses>", "<uses" + space + "><use/></uses>",
        "<uses" + space + "><use by=\"others\" person=\"x\"/></uses>",
        "<uses" + space + " offered=\"no\"/>", "<uses" + space + "><other/></uses>"}) {
    EXPECT_FALSE(parse_uses(text).ok()) << text;
  }
  UsesPage page;
  page.uses.resize(kMostOfAUsesPage + 1);
  EXPECT_FALSE(parse_uses(write_uses(page)).ok());
}

}  // namespace
}  // namespace certbridge
